#pragma once

#include "core/tensor/tensor.h"

namespace likeness {

// The products of core/kernels/low_rank on tensors: rows are bfloat16, matrices float32.

// A matrix as rows [k, n] or, turned, as columns.
enum class Turned { no, yes };

// factor times the matrix, in a kernel's order of blocks of so many columns.
Tensor packed_matrix(const Tensor& matrix, Turned turned, double factor, int64_t block);

// Packed for to_few().
Tensor packed_to_few(const Tensor& matrix, Turned turned, double factor);

// Columns of to_few(): even, the last one of zeros where that takes one more.
constexpr int64_t few_columns(int64_t columns) {
    return columns + columns % 2;
}

// x [..., in] times a matrix of few columns into y [..., few_columns(columns)].
void to_few(const Tensor& x, const Tensor& packed, const Tensor& y);
Tensor to_few(const Tensor& x, const Tensor& packed, int64_t columns);

// factor times few' x, [n, columns of x], or that turned.
Tensor over_rows(const Tensor& few, int64_t n, const Tensor& x, double factor, Turned turned);

} // namespace likeness
