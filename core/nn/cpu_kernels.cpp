#include "core/nn/cpu_kernels.h"

#include "core/base/check.h"
#include "core/kernels/attention.h"
#include "core/kernels/choice.h"
#include "core/kernels/convolution.h"
#include "core/kernels/linear.h"
#include "core/kernels/norm.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

using kernels::bf16;
using kernels::Kernel;

constexpr auto kLast = at::MemoryFormat::ChannelsLast;

bool is_plain(const Tensor& x) {
    return x.device().is_cpu() && x.scalar_type() == at::kBFloat16 &&
           !(x.requires_grad() && at::GradMode::is_enabled());
}

const bf16* bits(const Tensor& x) {
    return x.defined() ? static_cast<const bf16*>(x.const_data_ptr()) : nullptr;
}

bf16* room(const Tensor& x) {
    return static_cast<bf16*>(x.mutable_data_ptr());
}

const float* floats(const Tensor& x) {
    return x.defined() ? x.const_data_ptr<float>() : nullptr;
}

Tensor channels_last(const Tensor& x) {
    return x.defined() ? x.contiguous(kLast) : x;
}

Tensor empty_picture(int64_t batch, int64_t channels, int64_t height, int64_t width) {
    return at::empty({batch, channels, height, width}, at::TensorOptions().dtype(at::kBFloat16),
                     kLast);
}

// [..., out] for x [..., in].
Tensor empty_rows(const Tensor& x, int64_t out) {
    auto sizes = x.sizes().vec();
    sizes.back() = out;
    return at::empty(sizes, x.options());
}

kernels::Heads heads_of(const Tensor& x) {
    return {.at = bits(x),
            .batch_stride = x.stride(0),
            .head_stride = x.stride(1),
            .token_stride = x.stride(2)};
}

Tensor with_dense_heads(const Tensor& x) {
    return x.stride(3) == 1 ? x : x.contiguous();
}

// With the larger of two batches; a batch of one stands for any.
Tensor widened(const Tensor& x, int64_t batch) {
    return !x.defined() || x.size(0) == batch ? x
                                              : x.expand({batch, x.size(1), x.size(2), x.size(3)});
}

} // namespace

std::optional<Tensor> cpu_group_norm(const Tensor& x, const Tensor& skip, const Tensor& weight,
                                     const Tensor& bias, int64_t groups, double eps,
                                     AfterNorm after) {
    if (!kernels::runs(Kernel::norm) || !is_plain(x) || !is_plain(weight) || x.dim() != 4 ||
        x.numel() == 0 || (skip.defined() && skip.size(0) != x.size(0))) {
        return std::nullopt;
    }
    const Tensor first = channels_last(x), second = channels_last(skip);
    const int64_t more = skip.defined() ? skip.size(1) : 0;
    Tensor y = empty_picture(x.size(0), x.size(1) + more, x.size(2), x.size(3));
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
    if (!kernels::runs(Kernel::norm) || !is_plain(x) || !is_plain(weight) || channels % 16 != 0 ||
        x.size(-1) != channels) {
        return std::nullopt;
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

std::optional<Tensor> cpu_attend(const Tensor& query, const Tensor& key, const Tensor& value,
                                 const Tensor& add_to, const Tensor& factor) {
    const int64_t batch = query.size(0), heads = query.size(1), queries = query.size(2),
                  d = query.size(3);
    const auto fits = [&](const Tensor& x) {
        return is_plain(x) && x.size(0) > 0 && batch % x.size(0) == 0 && x.size(1) == heads &&
               x.size(3) == d;
    };
    if (!kernels::runs(Kernel::attention) || !is_plain(query) || !fits(key) || !fits(value) ||
        key.size(0) != value.size(0) || d % 8 != 0 || query.numel() == 0 || key.numel() == 0 ||
        (factor.defined() && factor.numel() != queries)) {
        return std::nullopt;
    }
    const Tensor q = with_dense_heads(query), k = with_dense_heads(key),
                 v = with_dense_heads(value);
    const Tensor sum = add_to.defined() ? add_to.transpose(1, 2).contiguous() : add_to;
    const Tensor factors = factor.defined() ? factor.to(at::kFloat).contiguous() : factor;
    Tensor y = at::empty({batch, queries, heads, d}, query.options());
    kernels::attention({.query = heads_of(q),
                        .key = heads_of(k),
                        .value = heads_of(v),
                        .batch = batch,
                        .key_batch = key.size(0),
                        .heads = heads,
                        .queries = queries,
                        .keys = key.size(2),
                        .d = d,
                        .scale = static_cast<float>(1 / std::sqrt(static_cast<double>(d))),
                        .add_to = bits(sum),
                        .factor = floats(factors),
                        .y = room(y)});
    return y.transpose(1, 2);
}

std::optional<PackedLinear> PackedLinear::pack(const Tensor& weight, const Tensor& bias) {
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

void PackedLinear::run(const Tensor& first, const Tensor& second, const Tensor& residual,
                       const Tensor& own_bias, const Tensor& y) const {
    const int64_t more = second.defined() ? second.size(-1) : 0;
    LIKENESS_CHECK(first.size(-1) + more == in && first.scalar_type() == at::kBFloat16,
                   "x: ", first.sizes(), " and ", more, ", in: ", in);
    kernels::linear({.first = bits(first),
                     .second = bits(second),
                     .first_in = first.size(-1),
                     .second_in = more,
                     .rows = first.numel() / first.size(-1),
                     .out = out,
                     .packed = bits(packed_),
                     .bias = floats(own_bias),
                     .residual = bits(residual),
                     .y = room(y)});
}

Tensor PackedLinear::operator()(const Tensor& first, const Tensor& second,
                                const Tensor& residual) const {
    const Tensor dense = first.contiguous();
    const Tensor more = second.defined() ? second.contiguous() : second;
    const Tensor added = residual.defined() ? residual.contiguous() : residual;
    Tensor y = empty_rows(dense, out);
    run(dense, more, added, bias, y);
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
                                                         Memory memory) {
    PackedConvolution made;
    made.out_ = weight.size(0);
    made.in_ = weight.size(1);
    made.kernel_ = weight.size(2);
    made.stride_ = stride;
    made.padding_ = padding;
    const bool point = made.kernel_ == 1 && stride == 1 && padding == 0;
    const bool three = made.kernel_ == 3 && padding <= 1;
    const bool same_size = three && stride == 1 && padding == 1;
    const bool few = same_size && kernels::is_few(made.out_) && made.in_ % 32 == 0;
    if (!is_plain(weight) || weight.requires_grad() ||
        !kernels::runs(point ? Kernel::linear : Kernel::convolution) ||
        (kernels::column_block(made.out_) == 0 && !few)) {
        return std::nullopt;
    }
    if (few) {
        const Tensor dense = weight.contiguous();
        made.few_ = at::empty({made.out_, 9, made.in_}, weight.options());
        kernels::pack_to_few(bits(dense), made.out_, made.in_, room(made.few_));
    } else if (same_size && made.in_ % 32 == 0 && memory != Memory::little) {
        const Tensor dense = weight.contiguous();
        made.transformed_ =
            at::empty({kernels::winograd_size(made.out_, made.in_)}, weight.options());
        kernels::pack_winograd(bits(dense), made.out_, made.in_, room(made.transformed_));
    } else if (point || (three && made.in_ % 2 == 0)) {
        made.linear_ = PackedLinear::pack(weight.permute({0, 2, 3, 1}).flatten(1), {});
    }
    if (!made.transformed_.defined() && !made.linear_ && !few) {
        return std::nullopt;
    }
    if (bias.defined()) {
        made.bias_ = bias.to(at::kFloat).contiguous().unsqueeze(0);
    }
    return made;
}

Tensor PackedConvolution::all_bias(const Tensor& more) const {
    if (!more.defined()) {
        return bias_;
    }
    const Tensor wide = more.to(at::kFloat);
    return (bias_.defined() ? wide + bias_ : wide).contiguous();
}

Tensor PackedConvolution::operator()(const Tensor& x, const Tensor& skip, const Tensor& bias,
                                     const Tensor& residual) const {
    LIKENESS_CHECK(x.dim() == 4 && x.scalar_type() == at::kBFloat16 &&
                       x.size(1) + (skip.defined() ? skip.size(1) : 0) == in_,
                   "x: ", x.sizes(), ", in: ", in_);
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
            run_linear(part(from), part(more), part(biases), part(added), part(y));
        }
        return y;
    }
    kernels::winograd({.x = bits(from),
                       .pictures = batch,
                       .height = y.size(2),
                       .width = y.size(3),
                       .in = in_,
                       .out = out_,
                       .packed = bits(transformed_),
                       .bias = floats(biases),
                       .bias_stride = biases.defined() && biases.size(0) > 1 ? out_ : 0,
                       .residual = bits(added),
                       .y = room(y)});
    return y;
}

Tensor PackedConvolution::doubled(const Tensor& x) const {
    LIKENESS_CHECK(by_winograd() && x.size(1) == in_, "x: ", x.sizes());
    const Tensor from = channels_last(x);
    Tensor y = empty_picture(x.size(0), out_, 2 * x.size(2), 2 * x.size(3));
    kernels::winograd({.x = bits(from),
                       .pictures = x.size(0),
                       .height = y.size(2),
                       .width = y.size(3),
                       .in = in_,
                       .out = out_,
                       .packed = bits(transformed_),
                       .bias = floats(bias_),
                       .doubled = true,
                       .y = room(y)});
    return y;
}

void PackedConvolution::run_linear(const Tensor& x, const Tensor& skip, const Tensor& bias,
                                   const Tensor& residual, const Tensor& y) const {
    const auto rows = [](const Tensor& t) {
        return t.defined() ? t.permute({0, 2, 3, 1}).flatten(0, 2) : t;
    };
    const Tensor added = rows(residual), out = rows(y);
    if (kernel_ == 1) {
        linear_->run(rows(x), rows(skip), added, bias, out);
        return;
    }
    // What is gathered at once: small enough to stay in a cache, large enough for the kernel.
    constexpr int64_t kPlacesAtOnce = 2048;
    const int64_t width = y.size(3), lines = y.size(0) * y.size(2);
    const int64_t at_once = std::clamp<int64_t>(kPlacesAtOnce / width, 1, lines);
    const Tensor gathered = at::empty({at_once * width, 9 * in_}, x.options());
    for (int64_t begin = 0; begin < lines; begin += at_once) {
        const int64_t end = std::min(lines, begin + at_once);
        const int64_t first = begin * width, last = end * width;
        kernels::patches({.x = bits(x),
                          .height = x.size(2),
                          .width = x.size(3),
                          .in = in_,
                          .stride = stride_,
                          .padding = padding_,
                          .height_out = y.size(2),
                          .width_out = width,
                          .begin = begin,
                          .end = end,
                          .y = room(gathered)});
        linear_->run(gathered.slice(0, 0, last - first), {},
                     added.defined() ? added.slice(0, first, last) : added, bias,
                     out.slice(0, first, last));
    }
}

} // namespace likeness
