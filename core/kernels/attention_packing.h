#pragma once

#include "core/kernels/products.h"

namespace likeness::kernels {

namespace {

// What both directions of attention share: in the products a lane is a query or a key.
constexpr std::int64_t kMostColumns = 3, kMostQueries = kLanes * kMostColumns;

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

// 32 keys' values of up to 16 channels from `at` on; of the keys `present` are there.
inline void pack_values(const bf16* value, std::int64_t stride, std::int64_t present,
                        std::int64_t at, std::int64_t channels, bf16* values, std::int64_t width,
                        std::int64_t room) {
    const __mmask16 mask = lanes(channels - at);
    const auto row = [&](std::int64_t j) {
        return j < present
                   ? _mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, value + j * stride + at))
                   : _mm512_setzero_si512();
    };
    __m512i pairs[16];
    for (std::int64_t i = 0; i < kLanes; ++i) {
        pairs[i] = _mm512_or_si512(row(2 * i), _mm512_slli_epi32(row(2 * i + 1), 16));
    }
    transpose(pairs);
    for (std::int64_t c = 0; c < least(kLanes, channels - at); ++c) {
        _mm512_mask_storeu_epi32(values + (at + c) * width, lanes(room / 2), pairs[c]);
    }
}

// `count` rows of d values, side by side: [d / 2][16 Columns][2], zeros for those that are missing.
template <int Columns>
void pack_columns(const bf16* from, std::int64_t stride, std::int64_t count, std::int64_t d,
                  bf16* packed) {
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
                _mm512_storeu_si512(packed + ((k + i) * kRows + q) * 2, rows[i]);
            }
        }
    }
}

// A head's queries in blocks, as wide as can be; rather two of two columns at the end than one of
// one, whose products would wait for each other.
struct Blocks {
    explicit Blocks(std::int64_t all_queries)
        : queries(all_queries), count(divided_up(all_queries, kMostQueries)) {
        const std::int64_t columns = divided_up(queries, kLanes);
        wide = columns % kMostColumns == 1 && columns > 1 ? count - 2 : count;
    }

    std::int64_t first(std::int64_t block) const {
        return block <= wide ? block * kMostQueries
                             : wide * kMostQueries + (block - wide) * 2 * kLanes;
    }

    std::int64_t size(std::int64_t block) const {
        return least(queries, first(block + 1)) - first(block);
    }

    std::int64_t queries, count;
    std::int64_t wide; // how many have all columns, or what is left of them
};

} // namespace

} // namespace likeness::kernels
