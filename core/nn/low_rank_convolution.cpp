#include "core/nn/low_rank_convolution.h"

#include "core/kernels/linear.h"
#include "core/nn/kept_for_backward.h"
#include "core/nn/kernel_tensors.h"
#include "core/nn/low_rank_products.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <optional>

namespace likeness {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

// Rows times a packed matrix, plus a picture's, as pictures.
Tensor pictures_of(const Tensor& rows, const Tensor& packed, const Tensor& residual,
                   const Tensor& y) {
    kernels::linear({.first = bits(rows),
                     .first_in = rows.size(-1),
                     .rows = rows.size(0),
                     .out = y.size(1),
                     .packed = bits(packed),
                     .residual = bits(residual),
                     .y = room(y)});
    return y;
}

struct LowRankPlaces {
    PatchShape shape{};
    double scale = 1;
    Tensor inner{}; // down(x), [places, few_columns(rank)]
    bool added = false;
};

struct LowRankConvolution : torch::autograd::Function<LowRankConvolution> {
    static Tensor forward(AutogradContext* context, const Tensor& x,
                          const std::optional<Tensor>& residual, const Tensor& down,
                          const Tensor& up, const PatchShape& shape, double scale) {
        const int64_t batch = x.size(0), rank = down.size(0), out = up.size(0);
        const int64_t height = shape.side(x.size(2)), width = shape.side(x.size(3));
        const Tensor inner = at::empty({batch * height * width, few_columns(rank)}, x.options());
        // In the order in which places are read.
        const Tensor read = down.permute({0, 2, 3, 1}).flatten(1).contiguous();
        const Tensor packed = packed_to_few(read, Turned::yes, 1);
        over_patches(x, shape, [&](int64_t first, const Tensor& rows) {
            to_few(rows, packed, inner.slice(0, first, first + rows.size(0)));
        });
        context->save_for_backward({x, down, up});
        keep(context, LowRankPlaces{shape, scale, inner, residual.has_value()});
        return pictures_of(
            inner, packed_matrix(up.flatten(1), Turned::yes, scale, kernels::column_block(out)),
            residual ? channels_last(*residual) : Tensor(),
            empty_picture(batch, out, height, width));
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &x = saved[0], &down = saved[1], &up = saved[2];
        const auto& made = kept<LowRankPlaces>(context);
        const int64_t rank = down.size(0);
        const Tensor gradient = channels_last(gradients[0]), rows = rows_of(gradient);
        const Tensor of_inner =
            to_few(rows, packed_to_few(up.flatten(1), Turned::no, made.scale), rank);
        Tensor of_x;
        if (context->needs_input_grad(0)) {
            of_x = back_to_places(of_inner, gradient, x, down, made.shape);
        }
        return {of_x,
                made.added ? gradient : Tensor(),
                of_down(of_inner, x, down, made.shape),
                over_rows(made.inner, rank, rows, made.scale, Turned::yes).view(up.sizes()),
                Variable(),
                Variable()};
    }

    static Tensor of_down(const Tensor& of_inner, const Tensor& x, const Tensor& down,
                          const PatchShape& shape) {
        const int64_t rank = down.size(0), kernel = shape.kernel;
        Tensor sum = at::zeros({rank, kernel * kernel * x.size(1)});
        over_patches(x, shape, [&](int64_t first, const Tensor& rows) {
            sum += over_rows(of_inner.slice(0, first, first + rows.size(0)), rank, rows, 1,
                             Turned::no);
        });
        return sum.view({rank, kernel, kernel, x.size(1)}).permute({0, 3, 1, 2}).contiguous();
    }

    // A convolution of stride 1 with the kernel turned round, over what reached the places.
    static Tensor back_to_places(const Tensor& of_inner, const Tensor& gradient, const Tensor& x,
                                 const Tensor& down, const PatchShape& shape) {
        const int64_t few = of_inner.size(-1), in = x.size(1);
        const Tensor pictures = of_inner.view({x.size(0), gradient.size(2), gradient.size(3), few})
                                    .permute({0, 3, 1, 2});
        const Tensor wide = between_places(pictures, x.size(2), x.size(3));
        const Tensor turned = down.flip({2, 3}).permute({2, 3, 0, 1}); // [k, k, rank, in]
        const Tensor filled = at::constant_pad_nd(turned, {0, 0, 0, few - down.size(0)});
        const Tensor packed = packed_matrix(filled.flatten(0, 2).contiguous(), Turned::no, 1,
                                            kernels::column_block(in));
        const Tensor y = empty_picture(x.size(0), in, x.size(2), x.size(3)), places = rows_of(y);
        over_patches(wide, {.kernel = shape.kernel, .padding = shape.padding},
                     [&](int64_t first, const Tensor& rows) {
                         const Tensor part = places.slice(0, first, first + rows.size(0));
                         kernels::linear({.first = bits(rows),
                                          .first_in = rows.size(-1),
                                          .rows = rows.size(0),
                                          .out = in,
                                          .packed = bits(packed),
                                          .y = room(part)});
                     });
        return y;
    }
};

} // namespace

bool fits_low_rank(const Tensor& weight) {
    return weight.size(1) % 2 == 0 && kernels::column_block(weight.size(0)) > 0 &&
           kernels::column_block(weight.size(1)) > 0;
}

Tensor low_rank_convolution(const Tensor& x, const Tensor& residual, const LowRank& low_rank,
                            const PatchShape& shape) {
    const bool alike = !residual.defined() || residual.size(0) == x.size(0);
    const Tensor y = LowRankConvolution::apply(
        channels_last(x), residual.defined() && alike ? std::optional(residual) : std::nullopt,
        low_rank.down, low_rank.up, shape, low_rank.scale);
    return alike ? y : residual + y; // one picture stands for any number
}

} // namespace likeness
