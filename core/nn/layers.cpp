#include "core/nn/layers.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/nn/cuda_group_norm.h"
#include "core/nn/kernel_gradients.h"
#include "core/nn/kernel_tensors.h"
#include "core/nn/low_rank_convolution.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/exp.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/upsample_nearest2d.h>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

// Weights gives one zero in every place of a tensor that is missing. The model will be refused;
// sizes that nothing but its config tells are not worth memory until then.
bool stands_for_missing(const Tensor& weight) {
    return weight.has_storage() && weight.storage().nbytes() < weight.nbytes();
}

} // namespace

Activation activation_from_string(const std::string& name) {
    if (name == "silu" || name == "swish") {
        return Activation::silu;
    }
    if (name == "gelu") {
        return Activation::gelu;
    }
    if (name == "quick_gelu") {
        return Activation::quick_gelu;
    }
    throw Error(
        ErrorCode::model_mismatch,
        message("The activation \"{}\" is not known; silu, gelu and quick_gelu are.", name));
}

Tensor activate(const Tensor& x, Activation activation) {
    switch (activation) {
    case Activation::silu:
        return at::silu(x);
    case Activation::gelu:
        return at::gelu(x);
    case Activation::quick_gelu:
        return x * at::sigmoid(x * 1.702);
    }
    return x;
}

Linear::Linear(const Weights& weights, int64_t in, int64_t out, Bias has_bias)
    : weight(weights.get("weight", {out, in})) {
    if (has_bias == Bias::yes) {
        bias = weights.get("bias", {out});
    }
    pack(weights.options());
}

void Linear::pack(const WeightOptions& options) {
    packed = options.pack && !stands_for_missing(weight)
                 ? PackedLinear::pack(weight, bias, options.gradient)
                 : std::nullopt;
    if (packed) {
        weight = Tensor();
    }
}

Tensor Linear::operator()(const Tensor& x, const Tensor& residual) const {
    if (packed) {
        return low_rank ? linear_with_low_rank(*packed, x, residual, *low_rank)
                        : (*packed)(x, {}, residual);
    }
    Tensor y = at::linear(x, weight, bias);
    if (low_rank) {
        const auto type = x.scalar_type();
        const Tensor inner = at::linear(x, low_rank->down.to(type));
        y = y + at::linear(inner, low_rank->up.to(type)) * low_rank->scale;
    }
    return residual.defined() ? residual + y : y;
}

Conv2d::Conv2d(const Weights& weights, int64_t in, int64_t out, Shape kernel_shape, Bias has_bias)
    : weight(weights.get("weight", {out, in, kernel_shape.kernel, kernel_shape.kernel})),
      shape(kernel_shape) {
    if (has_bias == Bias::yes) {
        bias = weights.get("bias", {out});
    }
    pack(weights.options());
}

void Conv2d::pack(const WeightOptions& options) {
    packed.reset();
    if (stands_for_missing(weight)) {
        return;
    }
    if (options.pack && (!low_rank || fits_low_rank(weight))) {
        constexpr int64_t kFewPlaces = 100, kLarge = 512 * 512;
        const bool few = shape.places > 0 && shape.places < kFewPlaces &&
                         weight.size(0) * weight.size(1) >= kLarge;
        packed = PackedConvolution::pack(weight, bias, shape.stride, shape.padding,
                                         few ? PackedConvolution::Memory::little
                                             : PackedConvolution::Memory::as_needed,
                                         options.gradient);
    }
    if (packed) {
        weight = Tensor();
    } else if (!weight.requires_grad()) {
        weight = weight.contiguous(at::MemoryFormat::ChannelsLast);
    }
}

Tensor Conv2d::operator()(const Tensor& x, const ConvExtras& extras) const {
    if (packed && !low_rank) {
        return (*packed)(x, extras);
    }
    const Tensor joined = extras.skip.defined() ? at::cat({x, extras.skip}, 1) : x;
    if (packed) {
        return (*packed)(
            joined, {.bias = extras.bias,
                     .residual = low_rank_convolution(joined, extras.residual, *low_rank,
                                                      {shape.kernel, shape.stride, shape.padding}),
                     .between = extras.between});
    }
    Tensor y = at::conv2d(joined, weight, bias, shape.stride, shape.padding);
    if (low_rank) {
        const auto type = joined.scalar_type();
        const Tensor inner =
            at::conv2d(joined, low_rank->down.to(type), {}, shape.stride, shape.padding);
        y = y + at::conv2d(inner, low_rank->up.to(type)) * low_rank->scale;
    }
    if (extras.bias.defined()) {
        y = y + extras.bias.unsqueeze(-1).unsqueeze(-1);
    }
    return extras.residual.defined() ? extras.residual + y : y;
}

Tensor Conv2d::upsampled(const Tensor& x, int64_t height, int64_t width,
                         const BetweenLayers& between) const {
    if (packed && !low_rank && packed->by_winograd() && height == 2 * x.size(2) &&
        width == 2 * x.size(3)) {
        return packed->doubled(x, between);
    }
    return (*this)(at::upsample_nearest2d(x, {height, width}), {.between = &between});
}

GroupNorm::GroupNorm(const Weights& weights, int64_t group_count, int64_t channels, double epsilon)
    : weight(weights.get("weight", {channels})), bias(weights.get("bias", {channels})),
      groups(group_count), eps(epsilon) {}

Tensor GroupNorm::operator()(const Tensor& x) const {
    if (const auto y = cpu_group_norm(x, {}, weight, bias, groups, eps, AfterNorm::nothing)) {
        return *y;
    }
    const auto made = cuda_group_norm(x, weight, bias, groups, eps, AfterNorm::nothing);
    return made ? *made : at::group_norm(x, groups, weight, bias, eps);
}

Tensor GroupNorm::norm_silu(Tensor x, const Tensor& skip) const {
    const bool given_up = x.use_count() == 1 && x.has_storage() && x.storage().use_count() == 1;
    const NormTo to = given_up ? NormTo::x : NormTo::its_own_memory;
    if (const auto y = cpu_group_norm(x, skip, weight, bias, groups, eps, AfterNorm::silu, to)) {
        return *y;
    }
    const Tensor joined = skip.defined() ? at::cat({x, skip}, 1) : x;
    const auto made = cuda_group_norm(joined, weight, bias, groups, eps, AfterNorm::silu);
    return made ? *made : at::silu(at::group_norm(joined, groups, weight, bias, eps));
}

LayerNorm::LayerNorm(const Weights& weights, int64_t dim, double epsilon)
    : weight(weights.get("weight", {dim})), bias(weights.get("bias", {dim})), eps(epsilon) {}

Tensor LayerNorm::operator()(const Tensor& x) const {
    if (const auto y = cpu_layer_norm(x, weight, bias, eps)) {
        return *y;
    }
    return at::layer_norm(x, {weight.size(0)}, weight, bias, eps);
}

Embedding::Embedding(const Weights& weights, int64_t count, int64_t dim)
    : weight(weights.get("weight", {count, dim})) {}

Tensor Embedding::operator()(const Tensor& ids) const {
    return at::embedding(weight, ids);
}

Tensor split_heads(const Tensor& x, int64_t heads) {
    return x.view({x.size(0), x.size(1), heads, x.size(2) / heads}).transpose(1, 2);
}

Tensor merge_heads(const Tensor& x) {
    return x.transpose(1, 2).reshape({x.size(0), x.size(2), x.size(1) * x.size(3)});
}

Tensor attend(const Tensor& query, const Tensor& key, const Tensor& value, Causal causal) {
    if (causal == Causal::no) {
        if (const auto y = cpu_attend(query, {{.key = key, .value = value}})) {
            return *y;
        }
        if (const auto y = attend_with_gradient(query, key, value)) {
            return *y;
        }
    }
    return at::scaled_dot_product_attention(query, key, value, {}, 0.0, causal == Causal::yes);
}

Tensor attend_in_pieces(const Tensor& query, const Tensor& key, const Tensor& value,
                        const BetweenLayers& between) {
    // Of queries and keys; with those of the values a few hundredths of a second on two cores.
    constexpr int64_t kProducts = int64_t{1} << 31;
    const int64_t of_query = query.size(0) * query.size(1) * key.size(2) * query.size(3);
    const int64_t at_once = std::max<int64_t>(1, kProducts / of_query);
    if (!between || !is_bfloat16_on_cpu(query) || query.size(2) <= at_once) {
        return attend(query, key, value);
    }
    std::vector<Tensor> pieces;
    for (int64_t begin = 0; begin < query.size(2); begin += at_once) {
        next_layer(between);
        const int64_t end = std::min(query.size(2), begin + at_once);
        pieces.push_back(attend(query.slice(2, begin, end), key, value));
    }
    return at::cat(pieces, 2);
}

Tensor attend_to_all(const Tensor& query, const std::vector<Attended>& attended) {
    if (const auto y = cpu_attend(query, attended)) {
        return *y;
    }
    Tensor sum;
    for (const Attended& one : attended) {
        Tensor out = attend(query, one.key, one.value);
        if (one.factor.defined()) {
            out = out * one.factor;
        }
        sum = sum.defined() ? sum + out : out;
    }
    return sum;
}

Tensor geglu(const Tensor& x, const Linear& proj) {
    const bool at_once = proj.packed && !proj.low_rank && !wants_gradient(x);
    if (const auto y = at_once ? proj.packed->geglu(x) : std::nullopt) {
        return *y;
    }
    const Tensor both = proj(x); // [values, gates]
    if (const auto y = cpu_geglu(both)) {
        return *y;
    }
    const auto halves = both.chunk(2, -1);
    return halves[0] * at::gelu(halves[1]);
}

Tensor timestep_embedding(const Tensor& scalars, int64_t dim, bool flip_sin_to_cos,
                          double freq_shift) {
    LIKENESS_CHECK(scalars.dim() == 1 && dim % 2 == 0, "scalars: ", scalars.sizes(),
                   ", dim: ", dim);
    const int64_t half = dim / 2;
    const auto options = at::TensorOptions().dtype(at::kFloat).device(scalars.device());
    const Tensor exponent =
        at::arange(half, options) * -std::log(10000.0) / (static_cast<double>(half) - freq_shift);
    const Tensor angles = scalars.to(at::kFloat).unsqueeze(1) * at::exp(exponent).unsqueeze(0);
    return flip_sin_to_cos ? at::cat({at::cos(angles), at::sin(angles)}, 1)
                           : at::cat({at::sin(angles), at::cos(angles)}, 1);
}

} // namespace likeness
