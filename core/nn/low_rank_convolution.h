#pragma once

#include "core/nn/low_rank.h"
#include "core/nn/patches.h"

namespace likeness {

// Whether the kernels below can add to a convolution of that weight [out, in, k, k].
bool fits_low_rank(const Tensor& weight);

// residual + scale * up(down(x)), of the size of residual's pictures, where `down` reads its places
// as `shape` has it. bfloat16 on the CPU; the matrices are float32. With or without a gradient.
Tensor low_rank_convolution(const Tensor& x, const Tensor& residual, const LowRank& low_rank,
                            const PatchShape& shape);

} // namespace likeness
