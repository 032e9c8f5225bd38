#include "core/nn/cpu_kernels.h"

#include "core/base/check.h"
#include "core/kernels/attention.h"
#include "core/kernels/choice.h"
#include "core/kernels/convolution.h"
#include "core/kernels/geglu.h"
#include "core/kernels/linear.h"
#include "core/kernels/norm.h"
#include "core/nn/kernel_gradients.h"
#include "core/nn/kernel_tensors.h"
#include "core/nn/patches.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

using kernels::Kernel;

bool is_plain(const Tensor& x) {
    return is_bfloat16_on_cpu(x) && !wants_gradient(x);
}

// With the larger of two batches; a batch of one stands for any.
Tensor widened(const Tensor& x, int64_t batch) {
    return !x.defined() || x.size(0) == batch ? x
                                              : x.expand({batch, x.size(1), x.size(2), x.size(3)});
}

// In pieces of so many products that none takes long.
void winograd_in_pieces(kernels::ConvolutionCall call, const BetweenLayers& between) {
    constexpr int64_t kProducts = int64_t{1} << 32; // a few hundredths of a second on two cores
    const int64_t all = kernels::winograd_tiles(call);
    const int64_t at_once =
        between ? std::max<int64_t>(1, kProducts / (16 * call.in * call.out)) : all;
    for (call.first_tile = 0; call.first_tile < all; call.first_tile += at_once) {
        if (call.first_tile > 0) {
            next_layer(between);
        }
        call.tile_count = std::min(at_once, all - call.first_tile);
        kernels::winograd(call);
    }
}

} // namespace

void next_layer(const BetweenLayers& between) {
    if (between) {
        between();
    }
}

std::optional<Tensor> cpu_group_norm(const Tensor& x, const Tensor& skip, const Tensor& weight,
                                     const Tensor& bias, int64_t groups, double eps,
                                     AfterNorm after, NormTo to) {
    if (!kernels::runs(Kernel::norm) || !is_bfloat16_on_cpu(x) || !is_plain(weight) ||
        x.dim() != 4 || x.numel() == 0 || (skip.defined() && skip.size(0) != x.size(0))) {
        return std::nullopt;
    }
    if (wants_gradient(x) || wants_gradient(skip)) {
        const Tensor joined = skip.defined() ? at::cat({x, skip}, 1) : x;
        return group_norm_with_gradient(joined, weight, bias, groups, eps, after);
    }
    const Tensor first = channels_last(x), second = channels_last(skip);
    const int64_t more = skip.defined() ? skip.size(1) : 0;
    Tensor y = to == NormTo::x && !skip.defined()
                   ? first
                   : empty_picture(x.size(0), x.size(1) + more, x.size(2), x.size(3));
    kernels::group_norm(
        {.first = bits(first),
         .second = bits(second),
         .first_channels = x.size(1),
         .second_channels = more,
         .pictures = x.size(0),
         .places = x.size(2) * x.size(3),
         .groups = groups,
         .weight = bits(weight),
         .bias = bits(bias),
         .eps = static_cast<float>(eps),
         .then = after == AfterNorm::silu ? kernels::Then::silu : kernels::Then::nothing,
         .y = room(y)});
    return y;
}

std::optional<Tensor> cpu_layer_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                     double eps) {
    const int64_t channels = weight.size(0);
    if (!kernels::runs(Kernel::norm) || !is_bfloat16_on_cpu(x) || !is_plain(weight) ||
        channels % 16 != 0 || x.size(-1) != channels) {
        return std::nullopt;
    }
    if (wants_gradient(x)) {
        return layer_norm_with_gradient(x, weight, bias, eps);
    }
    const Tensor dense = x.contiguous();
    Tensor y = at::empty(x.sizes(), x.options());
    kernels::layer_norm({.x = bits(dense),
                         .rows = x.numel() / channels,
                         .channels = channels,
                         .weight = bits(weight),
                         .bias = bits(bias),
                         .eps = static_cast<float>(eps),
                         .y = room(y)});
    return y;
}

std::optional<Tensor> cpu_attend(const Tensor& query, const std::vector<Attended>& attended) {
    const int64_t batch = query.size(0), heads = query.size(1), queries = query.size(2),
                  d = query.size(3);
    const auto fits = [&](const Tensor& x) {
        return is_plain(x) && x.numel() > 0 && batch % x.size(0) == 0 && x.size(1) == heads &&
               x.size(3) == d;
    };
    const auto all_fit = [&](const Attended& one) {
        return fits(one.key) && fits(one.value) && one.key.size(0) == one.value.size(0) &&
               (!one.factor.defined() || one.factor.numel() == queries);
    };
    if (!kernels::runs(Kernel::attention) || !is_plain(query) || d % 8 != 0 || query.numel() == 0 ||
        attended.empty() || !std::ranges::all_of(attended, all_fit)) {
        return std::nullopt;
    }
    const Tensor q = dense_heads(query);
    std::vector<Attended> dense; // lives as long as the kernel reads it
    std::vector<kernels::Attended> read;
    for (const Attended& one : attended) {
        dense.push_back(
            {.key = dense_heads(one.key),
             .value = dense_heads(one.value),
             .factor = one.factor.defined() ? one.factor.to(at::kFloat).contiguous() : one.factor});
        const Attended& made = dense.back();
        read.push_back({.key = heads_of(made.key),
                        .value = heads_of(made.value),
                        .key_batch = made.key.size(0),
                        .keys = made.key.size(2),
                        .factor = floats(made.factor)});
    }
    Tensor y = at::empty({batch, queries, heads, d}, query.options());
    kernels::attention({.query = heads_of(q),
                        .attended = read.data(),
                        .attended_count = static_cast<int64_t>(read.size()),
                        .batch = batch,
                        .heads = heads,
                        .queries = queries,
                        .d = d,
                        .scale = static_cast<float>(1 / std::sqrt(static_cast<double>(d))),
                        .y = room(y)});
    return y.transpose(1, 2);
}

std::optional<Tensor> cpu_geglu(const Tensor& x) {
    const int64_t half = x.size(-1) / 2;
    if (!kernels::runs(Kernel::linear) || !is_bfloat16_on_cpu(x) || half % 16 != 0) {
        return std::nullopt;
    }
    if (wants_gradient(x)) {
        return geglu_with_gradient(x);
    }
    const Tensor dense = x.contiguous();
    Tensor y = empty_rows(dense, half);
    kernels::geglu({.x = bits(dense), .rows = y.numel() / half, .half = half, .y = room(y)});
    return y;
}

std::optional<PackedLinear> PackedLinear::pack(const Tensor& weight, const Tensor& bias,
                                               Gradient gradient) {
    const int64_t out = weight.size(0), in = weight.size(1);
    const int64_t block = kernels::column_block(out);
    if (!kernels::runs(Kernel::linear) || !is_plain(weight) || weight.requires_grad() ||
        block == 0 || in % 2 != 0) {
        return std::nullopt;
    }
    const Tensor dense = weight.contiguous();
    PackedLinear made;
    made.in = in;
    made.out = out;
    made.packed_ = at::empty({out / block, in / 2, block, 2}, weight.options());
    kernels::pack_linear(bits(dense), out, in, room(made.packed_));
    if (bias.defined()) {
        made.bias = bias.to(at::kFloat).contiguous();
    }
    if (gradient == Gradient::yes) {
        auto back = pack(weight.t(), {});
        if (!back) {
            return std::nullopt;
        }
        made.back = std::make_shared<const PackedLinear>(std::move(*back));
    }
    return made;
}

std::optional<PackedLinear> PackedLinear::join(const std::vector<PackedLinear*>& parts) {
    const int64_t whole = parts.front()->out * static_cast<int64_t>(parts.size());
    if (kernels::column_block(whole) != kernels::column_block(parts.front()->out)) {
        return std::nullopt;
    }
    PackedLinear joined;
    joined.in = parts.front()->in;
    std::vector<Tensor> packed, biases;
    bool biased = false;
    for (const PackedLinear* part : parts) {
        LIKENESS_CHECK(part->in == joined.in && part->out == parts.front()->out,
                       "the layers joined are not alike");
        biased = biased || part->bias.defined();
        joined.out += part->out;
        packed.push_back(part->packed_);
        biases.push_back(part->bias.defined() ? part->bias : at::zeros({part->out}));
    }
    joined.packed_ = at::cat(packed);
    if (biased) {
        joined.bias = at::cat(biases);
    }
    int64_t begin = 0;
    for (PackedLinear* part : parts) {
        const int64_t blocks = part->packed_.size(0);
        part->packed_ = joined.packed_.slice(0, begin, begin + blocks);
        begin += blocks;
    }
    return joined;
}

bool PackedLinear::joins(const std::vector<const PackedLinear*>& parts) const {
    return std::ranges::all_of(
        parts, [&](const PackedLinear* part) { return part->packed_.is_alias_of(packed_); });
}

void PackedLinear::run(const Rows& rows, const Tensor& y) const {
    const int64_t more = rows.second.defined() ? rows.second.size(-1) : 0;
    const int64_t own = rows.first.size(-1) + (rows.second_packed.defined() ? 0 : more);
    LIKENESS_CHECK(own == in && rows.first.scalar_type() == at::kBFloat16,
                   "x: ", rows.first.sizes(), " and ", more, ", in: ", in);
    kernels::linear({.first = bits(rows.first),
                     .second = bits(rows.second),
                     .first_in = rows.first.size(-1),
                     .second_in = more,
                     .rows = rows.first.numel() / rows.first.size(-1),
                     .out = out,
                     .packed = bits(packed_),
                     .second_packed = bits(rows.second_packed),
                     .bias = floats(rows.bias),
                     .residual = bits(rows.residual),
                     .y = room(y)});
}

Tensor PackedLinear::operator()(const Tensor& first, const Tensor& second,
                                const Tensor& residual) const {
    if (wants_gradient(first) || wants_gradient(second) || wants_gradient(residual)) {
        LIKENESS_CHECK(!second.defined(), "two tensors with a gradient are to be joined before");
        return linear_with_gradient(*this, first, residual);
    }
    const Tensor dense = first.contiguous();
    Tensor y = empty_rows(dense, out);
    run({.first = dense,
         .second = second.defined() ? second.contiguous() : second,
         .residual = residual.defined() ? residual.contiguous() : residual,
         .bias = bias},
        y);
    return y;
}

std::optional<Tensor> PackedLinear::geglu(const Tensor& x) const {
    if (out / 2 % kernels::column_block(out) != 0) {
        return std::nullopt;
    }
    const Tensor dense = x.contiguous();
    Tensor y = empty_rows(dense, out / 2);
    kernels::linear({.first = bits(dense),
                     .first_in = in,
                     .rows = x.numel() / in,
                     .out = out,
                     .packed = bits(packed_),
                     .bias = floats(bias),
                     .end = kernels::LinearEnd::geglu,
                     .y = room(y)});
    return y;
}

Tensor PackedLinear::weight() const {
    Tensor plain = at::empty({out, in}, packed_.options());
    kernels::unpack_linear(bits(packed_), out, in, room(plain));
    return plain;
}

std::optional<PackedConvolution> PackedConvolution::pack(const Tensor& weight, const Tensor& bias,
                                                         int64_t stride, int64_t padding,
                                                         Memory memory, Gradient gradient) {
    PackedConvolution made;
    made.out_ = weight.size(0);
    made.in_ = weight.size(1);
    made.kernel_ = weight.size(2);
    made.stride_ = stride;
    made.padding_ = padding;
    if (!made.pack_weight(weight, memory) ||
        (gradient == Gradient::yes && !made.pack_back(weight, memory))) {
        return std::nullopt;
    }
    if (bias.defined()) {
        made.bias_ = bias.to(at::kFloat).contiguous().unsqueeze(0);
    }
    return made;
}

bool PackedConvolution::pack_weight(const Tensor& weight, Memory memory) {
    const bool point = kernel_ == 1 && stride_ == 1 && padding_ == 0;
    const bool three = kernel_ == 3 && padding_ <= 1;
    const bool same_size = three && stride_ == 1 && padding_ == 1;
    const bool few = same_size && kernels::is_few(out_) && in_ % 32 == 0;
    if (!is_plain(weight) || weight.requires_grad() ||
        !kernels::runs(point ? Kernel::linear : Kernel::convolution) ||
        (kernels::column_block(out_) == 0 && !few)) {
        return false;
    }
    if (few) {
        const Tensor dense = weight.contiguous();
        few_ = at::empty({out_, 9, in_}, weight.options());
        kernels::pack_to_few(bits(dense), out_, in_, room(few_));
    } else if (same_size && in_ % 32 == 0 && memory != Memory::little) {
        const Tensor dense = weight.contiguous();
        transformed_ = at::empty({kernels::winograd_size(out_, in_)}, weight.options());
        kernels::pack_winograd(bits(dense), out_, in_, room(transformed_));
    } else if (point || (three && in_ % 2 == 0)) {
        linear_ = PackedLinear::pack(weight.permute({0, 2, 3, 1}).flatten(1), {});
    }
    return transformed_.defined() || linear_ || few;
}

// Of the kernel turned round, over the gradient with zeros where the stride jumped over places.
bool PackedConvolution::pack_back(const Tensor& weight, Memory memory) {
    const bool same_size = kernel_ == 2 * padding_ + 1;
    if (!same_size || stride_ > 2) {
        return false;
    }
    auto made = pack(weight.transpose(0, 1).flip({2, 3}), {}, 1, padding_, memory);
    if (!made) {
        return false;
    }
    back_ = std::make_shared<const PackedConvolution>(std::move(*made));
    return true;
}

Tensor PackedConvolution::all_bias(const Tensor& more) const {
    if (!more.defined()) {
        return bias_;
    }
    const Tensor wide = more.to(at::kFloat);
    return (bias_.defined() ? wide + bias_ : wide).contiguous();
}

Tensor PackedConvolution::operator()(const Tensor& x, const ConvExtras& extras) const {
    const auto& [bias, residual, skip, between] = extras;
    LIKENESS_CHECK(x.dim() == 4 && x.scalar_type() == at::kBFloat16 &&
                       x.size(1) + (skip.defined() ? skip.size(1) : 0) == in_,
                   "x: ", x.sizes(), ", in: ", in_);
    if (wants_gradient(x) || wants_gradient(bias) || wants_gradient(residual)) {
        LIKENESS_CHECK(!skip.defined(), "two tensors with a gradient are to be joined before");
        return convolution_with_gradient(*this, x, bias, residual);
    }
    const int64_t batch = std::max(
        {x.size(0), bias.defined() ? bias.size(0) : 1, residual.defined() ? residual.size(0) : 1});
    const Tensor from = channels_last(widened(x, batch));
    const Tensor added = channels_last(widened(residual, batch));
    const Tensor biases = all_bias(bias);
    const auto side = [&](int64_t length) {
        return (length + 2 * padding_ - kernel_) / stride_ + 1;
    };
    Tensor y = empty_picture(batch, out_, side(x.size(2)), side(x.size(3)));
    if (few_.defined()) {
        kernels::convolve_to_few({.x = bits(from),
                                  .pictures = batch,
                                  .height = y.size(2),
                                  .width = y.size(3),
                                  .in = in_,
                                  .out = out_,
                                  .packed = bits(few_),
                                  .bias = floats(biases),
                                  .bias_stride = biases.defined() && biases.size(0) > 1 ? out_ : 0,
                                  .y = room(y)});
        return added.defined() ? y + added : y;
    }
    if (!by_winograd()) {
        const Tensor more = channels_last(widened(skip, batch));
        const bool own = biases.defined() && biases.size(0) > 1;
        for (int64_t b = 0; b < (own ? batch : 1); ++b) {
            const auto part = [&](const Tensor& t) {
                return own && t.defined() ? t.slice(0, b, b + 1) : t;
            };
            run_linear(part(from),
                       {.bias = part(biases),
                        .residual = part(added),
                        .skip = part(more),
                        .between = extras.between},
                       part(y));
        }
        return y;
    }
    winograd_in_pieces({.x = bits(from),
                        .pictures = batch,
                        .height = y.size(2),
                        .width = y.size(3),
                        .in = in_,
                        .out = out_,
                        .packed = bits(transformed_),
                        .bias = floats(biases),
                        .bias_stride = biases.defined() && biases.size(0) > 1 ? out_ : 0,
                        .residual = bits(added),
                        .y = room(y)},
                       between != nullptr ? *between : BetweenLayers());
    return y;
}

Tensor PackedConvolution::doubled(const Tensor& x, const BetweenLayers& between) const {
    LIKENESS_CHECK(by_winograd() && x.size(1) == in_, "x: ", x.sizes());
    if (wants_gradient(x)) {
        return doubled_with_gradient(*this, x);
    }
    const Tensor from = channels_last(x);
    Tensor y = empty_picture(x.size(0), out_, 2 * x.size(2), 2 * x.size(3));
    winograd_in_pieces({.x = bits(from),
                        .pictures = x.size(0),
                        .height = y.size(2),
                        .width = y.size(3),
                        .in = in_,
                        .out = out_,
                        .packed = bits(transformed_),
                        .bias = floats(bias_),
                        .doubled = true,
                        .y = room(y)},
                       between);
    return y;
}

void PackedConvolution::run_linear(const Tensor& x, const ConvExtras& extras,
                                   const Tensor& y) const {
    const Tensor added = rows_of(extras.residual), out = rows_of(y);
    if (kernel_ == 1) {
        linear_->run({.first = rows_of(x),
                      .second = rows_of(extras.skip),
                      .residual = added,
                      .bias = extras.bias},
                     out);
        return;
    }
    over_patches(x, {kernel_, stride_, padding_}, [&](int64_t first, const Tensor& rows) {
        if (extras.between != nullptr) {
            next_layer(*extras.between);
        }
        const int64_t last = first + rows.size(0);
        linear_->run({.first = rows,
                      .residual = added.defined() ? added.slice(0, first, last) : added,
                      .bias = extras.bias},
                     out.slice(0, first, last));
    });
}

} // namespace likeness
