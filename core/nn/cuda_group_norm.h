#pragma once

#include "core/tensor/tensor.h"

#include <optional>

namespace likeness {

enum class AfterNorm { nothing, silu };

// Group norm of activations that lie channels last on a GPU, with SiLU in the same pass where it is
// wanted, and its gradient. libtorch's own kernel wants [B, C, H, W] laid out plainly, so that
// every norm costs two transpositions of the picture and as many again on the way back.
//
// x [B, C, H, W] in float16 or bfloat16, weight and bias [C]. nullopt where this is not the way:
// another layout, dtype or device, channels no multiple of 8, or a machine whose libraries cannot
// compile the kernels (NVRTC, at first use). LIKENESS_CUDA_KERNELS=0 in the environment turns them
// off, to compare.
std::optional<Tensor> cuda_group_norm(const Tensor& x, const Tensor& weight, const Tensor& bias,
                                      int64_t groups, double eps, AfterNorm after);

} // namespace likeness
