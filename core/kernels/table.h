#pragma once

// The kernels once for each kind of instructions that they are compiled for: the files of this
// folder define them in a namespace avx512 and once more in avx2, and what the headers declare
// calls those that this processor has (dispatch.cpp).

#include "core/kernels/attention.h"
#include "core/kernels/attention_gradient.h"
#include "core/kernels/convolution.h"
#include "core/kernels/geglu.h"
#include "core/kernels/linear.h"
#include "core/kernels/low_rank.h"
#include "core/kernels/norm.h"

// Calls KERNEL(name, parameters, arguments) for each.
#define LIKENESS_KERNELS(KERNEL)                                                                   \
    KERNEL(group_norm, (const GroupNormCall& call), (call))                                        \
    KERNEL(layer_norm, (const LayerNormCall& call), (call))                                        \
    KERNEL(group_norm_gradient, (const GroupNormCall& call, const bf16* gradient),                 \
           (call, gradient))                                                                       \
    KERNEL(layer_norm_gradient, (const LayerNormCall& call, const bf16* gradient),                 \
           (call, gradient))                                                                       \
    KERNEL(geglu, (const GegluCall& call), (call))                                                 \
    KERNEL(geglu_gradient, (const GegluCall& call, const bf16* gradient), (call, gradient))        \
    KERNEL(pack_matrix,                                                                            \
           (const MatrixView& matrix, float factor, std::int64_t block, bf16* packed),             \
           (matrix, factor, block, packed))                                                        \
    KERNEL(to_few, (const ToFewCall& call), (call))                                                \
    KERNEL(over_rows, (const OverRowsCall& call), (call))                                          \
    KERNEL(pack_linear, (const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed),     \
           (weight, out, in, packed))                                                              \
    KERNEL(unpack_linear, (const bf16* packed, std::int64_t out, std::int64_t in, bf16* weight),   \
           (packed, out, in, weight))                                                              \
    KERNEL(linear, (const LinearCall& call), (call))                                               \
    KERNEL(attention, (const AttentionCall& call), (call))                                         \
    KERNEL(attention_gradient, (const AttentionGradientCall& call), (call))                        \
    KERNEL(pack_winograd, (const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed),   \
           (weight, out, in, packed))                                                              \
    KERNEL(winograd, (const ConvolutionCall& call), (call))                                        \
    KERNEL(pack_to_few, (const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed),     \
           (weight, out, in, packed))                                                              \
    KERNEL(convolve_to_few, (const ConvolutionCall& call), (call))                                 \
    KERNEL(patches, (const PatchesCall& call), (call))

namespace likeness::kernels {

struct Table {
#define LIKENESS_MEMBER(name, parameters, arguments) void(*name) parameters;
    LIKENESS_KERNELS(LIKENESS_MEMBER)
#undef LIKENESS_MEMBER
};

namespace avx512 {
extern const Table table;
} // namespace avx512

namespace avx2 {
extern const Table table;
} // namespace avx2

} // namespace likeness::kernels
