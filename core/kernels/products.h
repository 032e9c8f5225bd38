#pragma once

#include "core/kernels/linear.h"
#include "core/kernels/vectors.h"

#include <type_traits>

namespace likeness::kernels {

namespace {

enum class Sum { fresh, further };

// c [rows, 16 columns] (+)= a [rows, 2 pairs] b, where b is packed [pairs][16 columns][2]. Strides
// in elements. What is summed stays in registers.
template <int Rows, int Columns>
inline __attribute__((always_inline)) void
multiply_tile(const bf16* a, std::int64_t a_stride, const bf16* b, std::int64_t b_stride, float* c,
              std::int64_t c_stride, std::int64_t pairs, Sum sum) {
    Floats sums[Rows][Columns];
    for (int i = 0; i < Rows; ++i) {
        for (int j = 0; j < Columns; ++j) {
            sums[i][j] = sum == Sum::further ? _mm512_loadu_ps(c + i * c_stride + kLanes * j)
                                             : _mm512_setzero_ps();
        }
    }
    for (std::int64_t k = 0; k < pairs; ++k) {
        __m512bh columns[Columns];
        for (int j = 0; j < Columns; ++j) {
            columns[j] =
                reinterpret_cast<__m512bh>(_mm512_loadu_si512(b + k * b_stride + 2 * kLanes * j));
        }
        for (int i = 0; i < Rows; ++i) {
            int pair = 0;
            __builtin_memcpy(&pair, a + i * a_stride + 2 * k, sizeof(pair));
            const auto row = reinterpret_cast<__m512bh>(_mm512_set1_epi32(pair));
            for (int j = 0; j < Columns; ++j) {
                sums[i][j] = _mm512_dpbf16_ps(sums[i][j], row, columns[j]);
            }
        }
    }
    for (int i = 0; i < Rows; ++i) {
        for (int j = 0; j < Columns; ++j) {
            _mm512_storeu_ps(c + i * c_stride + kLanes * j, sums[i][j]);
        }
    }
}

// The same for any number of rows, in tiles that fill the 32 registers.
template <int Columns>
inline void multiply(std::int64_t rows, const bf16* a, std::int64_t a_stride, const bf16* b,
                     std::int64_t b_stride, float* c, std::int64_t c_stride, std::int64_t pairs,
                     Sum sum) {
    constexpr int kRows = Columns == 5 ? 5 : Columns == 4 ? 6 : Columns == 3 ? 8 : 12;
    std::int64_t i = 0;
    for (; i + kRows <= rows; i += kRows) {
        multiply_tile<kRows, Columns>(a + i * a_stride, a_stride, b, b_stride, c + i * c_stride,
                                      c_stride, pairs, sum);
    }
    for (; i + 4 <= rows; i += 4) {
        multiply_tile<4, Columns>(a + i * a_stride, a_stride, b, b_stride, c + i * c_stride,
                                  c_stride, pairs, sum);
    }
    for (; i < rows; ++i) {
        multiply_tile<1, Columns>(a + i * a_stride, a_stride, b, b_stride, c + i * c_stride,
                                  c_stride, pairs, sum);
    }
}

// Calls run(n) for a layer of so many outputs, whose blocks have n registers of columns as a
// constant.
template <typename Run>
inline void for_column_block(std::int64_t out, const Run& run) {
    switch (column_block(out)) {
    case 4 * kLanes:
        return run(std::integral_constant<int, 4>{});
    case 3 * kLanes:
        return run(std::integral_constant<int, 3>{});
    default:
        return run(std::integral_constant<int, 2>{});
    }
}

} // namespace

} // namespace likeness::kernels
