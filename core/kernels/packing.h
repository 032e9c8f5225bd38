#pragma once

#include "core/kernels/vectors.h"

namespace likeness::kernels {

namespace {

// Rows become columns.
inline void transpose(__m512i* rows) {
    __m512i a[16], b[16];
    for (int i = 0; i < 16; i += 2) {
        a[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
        a[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        b[i] = _mm512_unpacklo_epi64(a[i], a[i + 2]);
        b[i + 1] = _mm512_unpackhi_epi64(a[i], a[i + 2]);
        b[i + 2] = _mm512_unpacklo_epi64(a[i + 1], a[i + 3]);
        b[i + 3] = _mm512_unpackhi_epi64(a[i + 1], a[i + 3]);
    }
    for (int i = 0; i < 4; ++i) {
        a[i] = _mm512_shuffle_i32x4(b[i], b[i + 4], 0x88);
        a[i + 4] = _mm512_shuffle_i32x4(b[i], b[i + 4], 0xdd);
        a[i + 8] = _mm512_shuffle_i32x4(b[i + 8], b[i + 12], 0x88);
        a[i + 12] = _mm512_shuffle_i32x4(b[i + 8], b[i + 12], 0xdd);
    }
    for (int i = 0; i < 4; ++i) {
        rows[i] = _mm512_shuffle_i32x4(a[i], a[i + 8], 0x88);
        rows[i + 8] = _mm512_shuffle_i32x4(a[i], a[i + 8], 0xdd);
        rows[i + 4] = _mm512_shuffle_i32x4(a[i + 4], a[i + 12], 0x88);
        rows[i + 12] = _mm512_shuffle_i32x4(a[i + 4], a[i + 12], 0xdd);
    }
}

// Calls write(pair, q, values) with a pair of values of each of the rows q to q + 15; of `count`
// rows of d values, zeros for those that are missing.
template <int Columns, typename Write>
inline void turn_rows(const bf16* from, std::int64_t stride, std::int64_t count, std::int64_t d,
                      const Write& write) {
    constexpr std::int64_t kRows = kLanes * Columns;
    const std::int64_t pairs = d / 2;
    for (std::int64_t q = 0; q < kRows; q += kLanes) {
        for (std::int64_t k = 0; k < pairs; k += kLanes) {
            const __mmask16 mask = lanes(pairs - k);
            __m512i rows[16];
            for (std::int64_t i = 0; i < kLanes; ++i) {
                const bf16* const row = from + (q + i) * stride + 2 * k;
                rows[i] =
                    q + i < count ? _mm512_maskz_loadu_epi32(mask, row) : _mm512_setzero_si512();
            }
            transpose(rows);
            for (std::int64_t i = 0; i < least(kLanes, pairs - k); ++i) {
                write(k + i, q, rows[i]);
            }
        }
    }
}

// `count` rows of d values, side by side: [d / 2][16 Columns][2], zeros for those that are missing.
template <int Columns>
void pack_columns(const bf16* from, std::int64_t stride, std::int64_t count, std::int64_t d,
                  bf16* packed) {
    turn_rows<Columns>(from, stride, count, d, [=](std::int64_t pair, std::int64_t q, __m512i row) {
        _mm512_storeu_si512(packed + (pair * kLanes * Columns + q) * 2, row);
    });
}

// The same widened: [d][16 Columns].
template <int Columns>
void widen_columns(const bf16* from, std::int64_t stride, std::int64_t count, std::int64_t d,
                   float* widened) {
    turn_rows<Columns>(from, stride, count, d, [=](std::int64_t pair, std::int64_t q, __m512i row) {
        float* const at = widened + 2 * pair * kLanes * Columns + q;
        _mm512_storeu_ps(at, first_of(row));
        _mm512_storeu_ps(at + kLanes * Columns, second_of(row));
    });
}

} // namespace

} // namespace likeness::kernels
