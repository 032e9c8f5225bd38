#pragma once

#include "core/kernels/bfloat16.h"

namespace likeness::kernels {

// Of rows [values, gates], `half` of each (a multiple of 16): values * gelu(gates).
struct GegluCall {
    const bf16* x = nullptr; // [rows, 2 half]
    std::int64_t rows = 0, half = 0;
    bf16* y = nullptr; // [rows, half]
};

void geglu(const GegluCall& call);

// From the gradient of its result that of x, to call.y, which is like x here.
void geglu_gradient(const GegluCall& call, const bf16* gradient);

} // namespace likeness::kernels
