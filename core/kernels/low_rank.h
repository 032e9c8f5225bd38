#pragma once

#include "core/kernels/bfloat16.h"

namespace likeness::kernels {

// What a low-rank addition to a linear layer takes beside linear(): products with few columns, and
// products over all rows. Its own matrices are float32 and change from step to step, so that they
// are packed anew each time.

// A matrix [k, n] of which the element (i, j) lies at `at[i * k_stride + j * n_stride]`.
struct MatrixView {
    const float* at = nullptr;
    std::int64_t k = 0, n = 0;
    std::int64_t k_stride = 0, n_stride = 0;
};

// factor times the matrix -> packed [n / block][k / 2][block][2], with zeros for what is missing to
// a multiple of the block and to an even k.
void pack_matrix(const MatrixView& matrix, float factor, std::int64_t block, bf16* packed);

// y [rows, kept] = x [rows, in] times a matrix [in, n] that is packed in blocks of 16. kept is n or
// what is more in its last block; the rest of y is zeros.
struct ToFewCall {
    const bf16* x = nullptr;
    std::int64_t rows = 0, in = 0; // in is even
    const bf16* packed = nullptr;
    std::int64_t kept = 0;
    bf16* y = nullptr;
};

void to_few(const ToFewCall& call);

// y (i, j), at y[i * i_stride + j * j_stride], = factor times the sum over rows of few (row, i) x
// (row, j).
struct OverRowsCall {
    const bf16* few = nullptr; // [rows, few_stride]
    std::int64_t few_stride = 0, n = 0;
    const bf16* x = nullptr; // [rows, in]
    std::int64_t rows = 0, in = 0;
    float factor = 1;
    float* y = nullptr; // [n, in] or [in, n]
    std::int64_t i_stride = 0, j_stride = 0;
};

void over_rows(const OverRowsCall& call);

} // namespace likeness::kernels
