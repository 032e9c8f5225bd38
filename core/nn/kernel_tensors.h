#pragma once

// Tensors as core/kernels reads and writes them.

#include "core/kernels/attention.h"
#include "core/tensor/tensor.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>

namespace likeness {

// Whether a gradient is to reach it.
inline bool wants_gradient(const Tensor& x) {
    return x.defined() && x.requires_grad() && at::GradMode::is_enabled();
}

inline bool is_bfloat16_on_cpu(const Tensor& x) {
    return x.device().is_cpu() && x.scalar_type() == at::kBFloat16;
}

inline const kernels::bf16* bits(const Tensor& x) {
    return x.defined() ? static_cast<const kernels::bf16*>(x.const_data_ptr()) : nullptr;
}

inline kernels::bf16* room(const Tensor& x) {
    return static_cast<kernels::bf16*>(x.mutable_data_ptr());
}

inline const float* floats(const Tensor& x) {
    return x.defined() ? x.const_data_ptr<float>() : nullptr;
}

inline Tensor channels_last(const Tensor& x) {
    return x.defined() ? x.contiguous(at::MemoryFormat::ChannelsLast) : x;
}

inline Tensor empty_picture(int64_t batch, int64_t channels, int64_t height, int64_t width) {
    return at::empty({batch, channels, height, width}, at::TensorOptions().dtype(at::kBFloat16),
                     at::MemoryFormat::ChannelsLast);
}

// [..., out] for x [..., in].
inline Tensor empty_rows(const Tensor& x, int64_t out) {
    auto sizes = x.sizes().vec();
    sizes.back() = out;
    return at::empty(sizes, x.options());
}

// x [B, heads, T, d] with each head's d values side by side.
inline Tensor dense_heads(const Tensor& x) {
    return x.stride(3) == 1 ? x : x.contiguous();
}

inline kernels::Heads heads_of(const Tensor& x) {
    return {.at = bits(x),
            .batch_stride = x.stride(0),
            .head_stride = x.stride(1),
            .token_stride = x.stride(2)};
}

} // namespace likeness
