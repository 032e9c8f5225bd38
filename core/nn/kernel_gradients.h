#pragma once

#include "core/nn/cpu_kernels.h"
#include "core/nn/low_rank.h"

namespace likeness {

// The kernels of core/kernels where a gradient is to go back through them: one node of autograd's
// graph each, bfloat16 on the CPU. The layers' own weights are frozen.

// Group norm of x [B, C, H, W].
Tensor group_norm_with_gradient(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                int64_t groups, double eps, AfterNorm after);

// Of x [..., C].
Tensor layer_norm_with_gradient(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                double eps);

// values * gelu(gates) of x [..., 2 C], which is [values, gates].
Tensor geglu_with_gradient(const Tensor& x);

// softmax(q k' / sqrt(d)) v over [B, heads, T, d], of one batch size; nullopt where this is not the
// way.
std::optional<Tensor> attend_with_gradient(const Tensor& query, const Tensor& key,
                                           const Tensor& value);

// x W' + b + residual.
Tensor linear_with_gradient(const PackedLinear& layer, const Tensor& x, const Tensor& residual);

// The same plus the low-rank addition, whose matrices are float32. With or without a gradient.
Tensor linear_with_low_rank(const PackedLinear& layer, const Tensor& x, const Tensor& residual,
                            const LowRank& low_rank);

// conv(x) + bias [B or 1, out] + residual, of one batch size.
Tensor convolution_with_gradient(const PackedConvolution& layer, const Tensor& x,
                                 const Tensor& bias, const Tensor& residual);

// conv(x with every place doubled both ways).
Tensor doubled_with_gradient(const PackedConvolution& layer, const Tensor& x);

} // namespace likeness
