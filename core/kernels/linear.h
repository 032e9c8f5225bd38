#pragma once

#include "core/kernels/bfloat16.h"

namespace likeness::kernels {

// How many output columns are computed at once, 64, 48 or 32; 0 where `out` is a multiple of none,
// and the kernel cannot be used.
constexpr std::int64_t column_block(std::int64_t out) {
    return out % 64 == 0 ? 64 : out % 48 == 0 ? 48 : out % 32 == 0 ? 32 : 0;
}

// weight [out, in] -> packed [out / block][in / 2][block][2], as many values; `in` is even.
void pack_linear(const bf16* weight, std::int64_t out, std::int64_t in, bf16* packed);
// The way back, exactly.
void unpack_linear(const bf16* packed, std::int64_t out, std::int64_t in, bf16* weight);

enum class LinearEnd {
    plain, // y [rows, out]
    geglu, // y [rows, out / 2]: the first half times gelu of the second, each a multiple of the
           // block
};

// y = x W' + bias + residual, where x's columns are those of `first` and then those of `second`
// (which may be missing), both even in number. `residual` like y, plain only.
struct LinearCall {
    const bf16* first = nullptr;
    const bf16* second = nullptr;
    std::int64_t first_in = 0, second_in = 0;
    std::int64_t rows = 0, out = 0;
    const bf16* packed = nullptr;
    // The weights of the second columns where they are packed on their own, in the same blocks.
    const bf16* second_packed = nullptr;
    const float* bias = nullptr;
    const bf16* residual = nullptr;
    LinearEnd end = LinearEnd::plain;
    bf16* y = nullptr;
};

void linear(const LinearCall& call);

} // namespace likeness::kernels
