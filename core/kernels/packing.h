#pragma once

#include "core/kernels/vectors.h"

namespace likeness::kernels {

namespace {

// Calls write(pair, q, values) with a pair of values of each of the rows q to q + 15; of `count`
// rows of d values, zeros for those that are missing.
template <int Columns, typename Write>
inline void turn_rows(const bf16* from, std::int64_t stride, std::int64_t count, std::int64_t d,
                      const Write& write) {
    constexpr std::int64_t kRows = kLanes * Columns;
    const std::int64_t pairs = d / 2;
    for (std::int64_t q = 0; q < kRows; q += kLanes) {
        for (std::int64_t k = 0; k < pairs; k += kLanes) {
            const Mask mask = lanes(pairs - k);
            Pairs rows[16];
            for (std::int64_t i = 0; i < kLanes; ++i) {
                const bf16* const row = from + (q + i) * stride + 2 * k;
                rows[i] = q + i < count ? load_pairs(row, mask) : no_pairs();
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
    turn_rows<Columns>(from, stride, count, d, [=](std::int64_t pair, std::int64_t q, Pairs row) {
        store_pairs(packed + (pair * kLanes * Columns + q) * 2, row);
    });
}

// The same widened: [d][16 Columns].
template <int Columns>
void widen_columns(const bf16* from, std::int64_t stride, std::int64_t count, std::int64_t d,
                   float* widened) {
    turn_rows<Columns>(from, stride, count, d, [=](std::int64_t pair, std::int64_t q, Pairs row) {
        float* const at = widened + 2 * pair * kLanes * Columns + q;
        store(at, first_of(row));
        store(at + kLanes * Columns, second_of(row));
    });
}

} // namespace

} // namespace likeness::kernels
