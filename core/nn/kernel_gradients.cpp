#include "core/nn/kernel_gradients.h"

#include "core/base/check.h"
#include "core/kernels/attention_gradient.h"
#include "core/kernels/choice.h"
#include "core/kernels/geglu.h"
#include "core/kernels/linear.h"
#include "core/kernels/norm.h"
#include "core/nn/kept_for_backward.h"
#include "core/nn/kernel_tensors.h"
#include "core/nn/low_rank_products.h"
#include "core/nn/patches.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <memory>
#include <optional>
#include <utility>

namespace likeness {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

// Autograd knows no undefined inputs.
std::optional<Tensor> present(const Tensor& x) {
    return x.defined() ? std::optional(x) : std::nullopt;
}

Tensor gradient_if(bool wanted, const Tensor& gradient) {
    return wanted ? gradient : Tensor();
}

struct Norm {
    Tensor weight{}, bias{}, statistics{};
    int64_t groups = 1;
    double eps = 0;
    AfterNorm after = AfterNorm::nothing;

    kernels::GroupNormCall group_call(const Tensor& x, const Tensor& y) const {
        return {.first = bits(x),
                .first_channels = x.size(1),
                .pictures = x.size(0),
                .places = x.size(2) * x.size(3),
                .groups = groups,
                .weight = bits(weight),
                .bias = bits(bias),
                .eps = static_cast<float>(eps),
                .then = after == AfterNorm::silu ? kernels::Then::silu : kernels::Then::nothing,
                .y = room(y),
                .statistics = statistics.mutable_data_ptr<float>()};
    }

    kernels::LayerNormCall layer_call(const Tensor& x, const Tensor& y) const {
        const int64_t channels = x.size(-1);
        return {.x = bits(x),
                .rows = x.numel() / channels,
                .channels = channels,
                .weight = bits(weight),
                .bias = bits(bias),
                .eps = static_cast<float>(eps),
                .y = room(y)};
    }
};

struct GroupNormFunction : torch::autograd::Function<GroupNormFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& x, const Norm& norm) {
        const Tensor y = empty_picture(x.size(0), x.size(1), x.size(2), x.size(3));
        kernels::group_norm(norm.group_call(x, y));
        context->save_for_backward({x});
        keep(context, norm);
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const Tensor x = context->get_saved_variables()[0];
        const Tensor gradient = channels_last(gradients[0]);
        const Tensor found = empty_picture(x.size(0), x.size(1), x.size(2), x.size(3));
        kernels::group_norm_gradient(kept<Norm>(context).group_call(x, found), bits(gradient));
        return {found, Variable()};
    }
};

struct LayerNormFunction : torch::autograd::Function<LayerNormFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& x, const Norm& norm) {
        const Tensor y = at::empty(x.sizes(), x.options());
        kernels::layer_norm(norm.layer_call(x, y));
        context->save_for_backward({x});
        keep(context, norm);
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const Tensor x = context->get_saved_variables()[0];
        const Tensor gradient = gradients[0].contiguous();
        const Tensor found = at::empty(x.sizes(), x.options());
        kernels::layer_norm_gradient(kept<Norm>(context).layer_call(x, found), bits(gradient));
        return {found, Variable()};
    }
};

struct GegluFunction : torch::autograd::Function<GegluFunction> {
    static kernels::GegluCall call(const Tensor& x, const Tensor& y) {
        const int64_t half = x.size(-1) / 2;
        return {.x = bits(x), .rows = x.numel() / (2 * half), .half = half, .y = room(y)};
    }

    static Tensor forward(AutogradContext* context, const Tensor& x) {
        const Tensor y = empty_rows(x, x.size(-1) / 2);
        kernels::geglu(call(x, y));
        context->save_for_backward({x});
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const Tensor x = context->get_saved_variables()[0];
        const Tensor gradient = gradients[0].contiguous();
        const Tensor found = at::empty(x.sizes(), x.options());
        kernels::geglu_gradient(call(x, found), bits(gradient));
        return {found};
    }
};

struct AttentionFunction : torch::autograd::Function<AttentionFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& query, const Tensor& key,
                          const Tensor& value) {
        const Tensor y = *cpu_attend(query, {{.key = key, .value = value}});
        context->save_for_backward({query, key, value, y});
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor query = dense_heads(saved[0]), key = dense_heads(saved[1]),
                     value = dense_heads(saved[2]), y = dense_heads(saved[3]),
                     gradient = dense_heads(gradients[0]);
        const auto token_by_token = [](const Tensor& x) {
            return at::empty({x.size(0), x.size(2), x.size(1), x.size(3)}, x.options());
        };
        const Tensor of_query = token_by_token(query), of_key = token_by_token(key),
                     of_value = token_by_token(value);
        const int64_t d = query.size(3);
        kernels::attention_gradient(
            {.query = heads_of(query),
             .key = heads_of(key),
             .value = heads_of(value),
             .y = heads_of(y),
             .gradient = heads_of(gradient),
             .batch = query.size(0),
             .heads = query.size(1),
             .queries = query.size(2),
             .keys = key.size(2),
             .d = d,
             .scale = static_cast<float>(1 / std::sqrt(static_cast<double>(d))),
             .of_query = room(of_query),
             .of_key = room(of_key),
             .of_value = room(of_value)});
        return {of_query.transpose(1, 2), of_key.transpose(1, 2), of_value.transpose(1, 2)};
    }
};

using Back = std::shared_ptr<const PackedLinear>;

struct LinearFunction : torch::autograd::Function<LinearFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& x,
                          const std::optional<Tensor>& residual, const PackedLinear& layer) {
        keep(context, std::pair(layer.back, residual.has_value()));
        return layer(x, {}, residual.value_or(Tensor()));
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto& [back, added] = kept<std::pair<Back, bool>>(context);
        const bool wanted = context->needs_input_grad(0);
        return {wanted ? (*back)(gradients[0], {}, {}) : Tensor(), gradient_if(added, gradients[0]),
                Variable()};
    }
};

struct LowRankLayer {
    Back back{};
    double scale = 1;
    Tensor inner{}; // down(x)
    bool added = false;
};

struct LowRankFunction : torch::autograd::Function<LowRankFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& x,
                          const std::optional<Tensor>& residual, const Tensor& down,
                          const Tensor& up, const PackedLinear& layer, double scale) {
        const int64_t rank = down.size(0);
        const Tensor inner = to_few(x, packed_to_few(down, Turned::yes, 1), rank);
        Tensor y = empty_rows(x, layer.out);
        layer.run({.first = x,
                   .second = inner,
                   .second_packed =
                       packed_matrix(up, Turned::yes, scale, kernels::column_block(layer.out)),
                   .residual = residual ? residual->contiguous() : Tensor(),
                   .bias = layer.bias},
                  y);
        context->save_for_backward({x, down, up});
        keep(context, LowRankLayer{layer.back, scale, inner, residual.has_value()});
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &x = saved[0], &down = saved[1], &up = saved[2];
        const auto& layer = kept<LowRankLayer>(context);
        const int64_t rank = down.size(0);
        const Tensor gradient = gradients[0].contiguous();
        const Tensor of_inner = to_few(gradient, packed_to_few(up, Turned::no, layer.scale), rank);
        Tensor of_x;
        if (context->needs_input_grad(0)) {
            of_x = at::empty(x.sizes(), x.options());
            layer.back->run({.first = gradient,
                             .second = of_inner,
                             .second_packed = packed_matrix(
                                 down, Turned::no, 1, kernels::column_block(layer.back->out))},
                            of_x);
        }
        return {of_x,
                gradient_if(layer.added, gradient),
                over_rows(of_inner, rank, x, 1, Turned::no),
                over_rows(layer.inner, rank, gradient, layer.scale, Turned::yes),
                Variable(),
                Variable()};
    }
};

struct Convolved {
    std::shared_ptr<const PackedConvolution> back{};
    int64_t height = 0, width = 0; // of what was read
    bool biased = false, added = false;
};

struct ConvolutionFunction : torch::autograd::Function<ConvolutionFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& x,
                          const std::optional<Tensor>& bias, const std::optional<Tensor>& residual,
                          const PackedConvolution& layer) {
        keep(context,
             Convolved{layer.back(), x.size(2), x.size(3), bias.has_value(), residual.has_value()});
        return layer(x, {.bias = bias.value_or(Tensor()), .residual = residual.value_or(Tensor())});
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto& made = kept<Convolved>(context);
        const Tensor gradient = channels_last(gradients[0]);
        Tensor of_x, of_bias;
        if (context->needs_input_grad(0)) {
            of_x = (*made.back)(between_places(gradient, made.height, made.width));
        }
        if (made.biased && context->needs_input_grad(1)) {
            of_bias = gradient.sum({2, 3});
        }
        return {of_x, of_bias, gradient_if(made.added, gradient), Variable()};
    }
};

struct DoubledFunction : torch::autograd::Function<DoubledFunction> {
    static Tensor forward(AutogradContext* context, const Tensor& x,
                          const PackedConvolution& layer) {
        keep(context, layer.back());
        return layer.doubled(x);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto& back = kept<std::shared_ptr<const PackedConvolution>>(context);
        // The four places of each come together again.
        const Tensor wide = (*back)(gradients[0]);
        return {at::avg_pool2d(wide, 2).mul_(4), Variable()};
    }
};

} // namespace

Tensor group_norm_with_gradient(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                int64_t groups, double eps, AfterNorm after) {
    return GroupNormFunction::apply(channels_last(x),
                                    Norm{.weight = weight,
                                         .bias = bias,
                                         .statistics = at::empty({x.size(0), groups, 2}),
                                         .groups = groups,
                                         .eps = eps,
                                         .after = after});
}

Tensor layer_norm_with_gradient(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                double eps) {
    return LayerNormFunction::apply(x.contiguous(),
                                    Norm{.weight = weight, .bias = bias, .eps = eps});
}

Tensor geglu_with_gradient(const Tensor& x) {
    return GegluFunction::apply(x.contiguous());
}

std::optional<Tensor> attend_with_gradient(const Tensor& query, const Tensor& key,
                                           const Tensor& value) {
    const bool wanted = wants_gradient(query) || wants_gradient(key) || wants_gradient(value);
    const auto fits = [&query](const Tensor& x) {
        return is_bfloat16_on_cpu(x) && x.numel() > 0 && x.size(0) == query.size(0) &&
               x.size(1) == query.size(1) && x.size(3) == query.size(3) && x.size(3) % 8 == 0;
    };
    if (!wanted || !kernels::runs(kernels::Kernel::attention) || !fits(query) || !fits(key) ||
        !fits(value)) {
        return std::nullopt;
    }
    return AttentionFunction::apply(query, key, value);
}

Tensor linear_with_gradient(const PackedLinear& layer, const Tensor& x, const Tensor& residual) {
    LIKENESS_CHECK(layer.back, "a gradient goes into a layer that is packed without one");
    return LinearFunction::apply(x, present(residual), layer);
}

Tensor linear_with_low_rank(const PackedLinear& layer, const Tensor& x, const Tensor& residual,
                            const LowRank& low_rank) {
    LIKENESS_CHECK(layer.back, "a layer that is packed without a gradient learns");
    return LowRankFunction::apply(x.contiguous(), present(residual), low_rank.down, low_rank.up,
                                  layer, low_rank.scale);
}

Tensor convolution_with_gradient(const PackedConvolution& layer, const Tensor& x,
                                 const Tensor& bias, const Tensor& residual) {
    LIKENESS_CHECK(layer.back(), "a gradient goes into a layer that is packed without one");
    return ConvolutionFunction::apply(x, present(bias), present(residual), layer);
}

Tensor doubled_with_gradient(const PackedConvolution& layer, const Tensor& x) {
    LIKENESS_CHECK(layer.back(), "a gradient goes into a layer that is packed without one");
    return DoubledFunction::apply(x, layer);
}

} // namespace likeness
