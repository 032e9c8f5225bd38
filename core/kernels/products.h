#pragma once

#include "core/kernels/instructions.h"
#include "core/kernels/linear.h"
#include "core/kernels/vectors.h"

#include <type_traits>

namespace likeness::kernels {

namespace {

enum class Sum { fresh, further };

// Pairs that are widened at once: eight rows of them fill a third of the first-level cache.
constexpr std::int64_t kPairsAtOnce = 256;

// Of pairs of bfloat16 at once, or of floats that they are widened to: see instructions.h.
enum class Products { of_pairs, of_floats };

// Of 16 pairs the first and the second values.
inline Floats first_of(__m512i pairs) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16));
}

inline Floats second_of(__m512i pairs) {
    return _mm512_castsi512_ps(
        _mm512_and_epi32(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000U))));
}

// sums += a [rows, 2 pairs] b, where b is packed [pairs][16 columns][2]. Strides in elements.
template <int Rows, int Columns>
inline __attribute__((always_inline)) void
add_of_pairs(const bf16* a, std::int64_t a_stride, const bf16* b, std::int64_t b_stride,
             std::int64_t pairs, Floats (&sums)[Rows][Columns]) {
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
}

template <int Rows, int Columns>
inline __attribute__((always_inline)) void
add_of_floats(const bf16* a, std::int64_t a_stride, const bf16* b, std::int64_t b_stride,
              std::int64_t pairs, Floats (&sums)[Rows][Columns]) {
    for (std::int64_t begin = 0; begin < pairs; begin += kPairsAtOnce) {
        const std::int64_t count = least(kPairsAtOnce, pairs - begin);
        // Each row is widened once, not once a product.
        alignas(64) float rows[Rows][2 * kPairsAtOnce];
        for (int i = 0; i < Rows; ++i) {
            for (std::int64_t k = 0; k < 2 * count; k += kLanes) {
                _mm512_store_ps(rows[i] + k,
                                load(a + i * a_stride + 2 * begin + k, lanes(2 * count - k)));
            }
        }
        const bf16* at = b + begin * b_stride;
        for (std::int64_t k = 0; k < 2 * count; k += 2, at += b_stride) {
            Floats columns[Columns];
            for (int j = 0; j < Columns; ++j) {
                columns[j] = first_of(_mm512_loadu_si512(at + 2 * kLanes * j));
            }
            for (int i = 0; i < Rows; ++i) {
                for (int j = 0; j < Columns; ++j) {
                    sums[i][j] = _mm512_fmadd_ps(all(rows[i][k]), columns[j], sums[i][j]);
                }
            }
            for (int j = 0; j < Columns; ++j) {
                columns[j] = second_of(_mm512_loadu_si512(at + 2 * kLanes * j));
            }
            for (int i = 0; i < Rows; ++i) {
                for (int j = 0; j < Columns; ++j) {
                    sums[i][j] = _mm512_fmadd_ps(all(rows[i][k + 1]), columns[j], sums[i][j]);
                }
            }
        }
    }
}

template <Products kProducts, int Rows, int Columns>
inline __attribute__((always_inline)) void
add_products(const bf16* a, std::int64_t a_stride, const bf16* b, std::int64_t b_stride,
             std::int64_t pairs, Floats (&sums)[Rows][Columns]) {
    if constexpr (kProducts == Products::of_pairs) {
        add_of_pairs(a, a_stride, b, b_stride, pairs, sums);
    } else {
        add_of_floats(a, a_stride, b, b_stride, pairs, sums);
    }
}

// c [rows, 16 columns] (+)= a b, as above. What is summed stays in registers.
template <int Rows, int Columns, Products kProducts>
inline __attribute__((always_inline)) void
multiply_tile_by(const bf16* a, std::int64_t a_stride, const bf16* b, std::int64_t b_stride,
                 float* c, std::int64_t c_stride, std::int64_t pairs, Sum sum) {
    Floats sums[Rows][Columns];
    for (int i = 0; i < Rows; ++i) {
        for (int j = 0; j < Columns; ++j) {
            sums[i][j] = sum == Sum::further ? _mm512_loadu_ps(c + i * c_stride + kLanes * j)
                                             : _mm512_setzero_ps();
        }
    }
    add_products<kProducts>(a, a_stride, b, b_stride, pairs, sums);
    for (int i = 0; i < Rows; ++i) {
        for (int j = 0; j < Columns; ++j) {
            _mm512_storeu_ps(c + i * c_stride + kLanes * j, sums[i][j]);
        }
    }
}

// Not inlined, so that the sums have all registers.
template <int Rows, int Columns>
__attribute__((noinline)) void multiply_tile(const bf16* a, std::int64_t a_stride, const bf16* b,
                                             std::int64_t b_stride, float* c, std::int64_t c_stride,
                                             std::int64_t pairs, Sum sum) {
    if (multiplies_pairs()) {
        multiply_tile_by<Rows, Columns, Products::of_pairs>(a, a_stride, b, b_stride, c, c_stride,
                                                            pairs, sum);
    } else {
        multiply_tile_by<Rows, Columns, Products::of_floats>(a, a_stride, b, b_stride, c, c_stride,
                                                             pairs, sum);
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
