#pragma once

// Sixteen lanes as twice the eight of AVX2, under the names of vectors_avx512.h, where what they
// promise is said.

#include "core/kernels/bfloat16.h"

#include <cstddef>

#include <immintrin.h>

namespace likeness::kernels {

namespace {

struct Floats {
    __m256 low, high;
};

struct Pairs {
    __m256i low, high;
};

using Bits = __m256i;

// The first so many lanes.
struct Mask {
    std::int64_t count;
};

struct Which {
    __m256 low, high;
};

constexpr std::int64_t kLanes = 16;
constexpr int kRegisters = 8, kColumnsAtOnce = 1;

constexpr int rows_at_once(int /*columns*/) {
    return 6;
}

inline Mask lanes(std::int64_t count) {
    return {count >= kLanes ? kLanes : count};
}

// All bits in the lanes that are among the first so many, from number `first` on.
inline __m256i bits_of(Mask mask, int first) {
    const __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(mask.count) - first), numbers);
}

inline Floats operator+(Floats a, Floats b) {
    return {a.low + b.low, a.high + b.high};
}

inline Floats operator-(Floats a, Floats b) {
    return {a.low - b.low, a.high - b.high};
}

inline Floats operator*(Floats a, Floats b) {
    return {a.low * b.low, a.high * b.high};
}

inline Floats operator/(Floats a, Floats b) {
    return {a.low / b.low, a.high / b.high};
}

inline Floats all(float x) {
    return {_mm256_set1_ps(x), _mm256_set1_ps(x)};
}

inline Floats zero() {
    return {_mm256_setzero_ps(), _mm256_setzero_ps()};
}

inline Floats load(const float* at) {
    return {_mm256_loadu_ps(at), _mm256_loadu_ps(at + 8)};
}

inline Floats load(const float* at, Mask mask) {
    return {_mm256_maskload_ps(at, bits_of(mask, 0)), _mm256_maskload_ps(at + 8, bits_of(mask, 8))};
}

inline void store(float* at, Floats x) {
    _mm256_storeu_ps(at, x.low);
    _mm256_storeu_ps(at + 8, x.high);
}

inline void store(float* at, Floats x, Mask mask) {
    _mm256_maskstore_ps(at, bits_of(mask, 0), x.low);
    _mm256_maskstore_ps(at + 8, bits_of(mask, 8), x.high);
}

inline Floats fma(Floats a, Floats b, Floats c) {
    return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
}

inline Floats fms(Floats a, Floats b, Floats c) {
    return {_mm256_fmsub_ps(a.low, b.low, c.low), _mm256_fmsub_ps(a.high, b.high, c.high)};
}

inline Floats fnma(Floats a, Floats b, Floats c) {
    return {_mm256_fnmadd_ps(a.low, b.low, c.low), _mm256_fnmadd_ps(a.high, b.high, c.high)};
}

// The second where one is no number.
inline Floats larger(Floats a, Floats b) {
    return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
}

inline Floats smaller(Floats a, Floats b) {
    return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
}

inline Floats magnitude(Floats x) {
    const __m256 sign = _mm256_set1_ps(-0.0F);
    return {_mm256_andnot_ps(sign, x.low), _mm256_andnot_ps(sign, x.high)};
}

inline Floats reciprocal(Floats x) {
    // Eleven bits and one step of Newton's.
    const Floats about{_mm256_rcp_ps(x.low), _mm256_rcp_ps(x.high)};
    return about * fnma(x, about, all(2.0F));
}

inline float sum_of(Floats x) {
    const __m256 eight = x.low + x.high;
    const __m128 four = _mm256_castps256_ps128(eight) + _mm256_extractf128_ps(eight, 1);
    const __m128 two = four + _mm_movehl_ps(four, four);
    return _mm_cvtss_f32(two) + _mm_cvtss_f32(_mm_movehdup_ps(two));
}

inline Which greater(Floats a, Floats b) {
    return {_mm256_cmp_ps(a.low, b.low, _CMP_GT_OQ), _mm256_cmp_ps(a.high, b.high, _CMP_GT_OQ)};
}

inline bool any(Which which) {
    return _mm256_movemask_ps(_mm256_or_ps(which.low, which.high)) != 0;
}

inline Floats select(Which which, Floats yes, Floats no) {
    return {_mm256_blendv_ps(no.low, yes.low, which.low),
            _mm256_blendv_ps(no.high, yes.high, which.high)};
}

inline Floats with_sign(Floats size, Floats sign) {
    const __m256 bit = _mm256_set1_ps(-0.0F);
    return {_mm256_or_ps(size.low, _mm256_and_ps(sign.low, bit)),
            _mm256_or_ps(size.high, _mm256_and_ps(sign.high, bit))};
}

inline Pairs load_pairs(const void* at) {
    const auto* const half = static_cast<const __m256i*>(at);
    return {_mm256_loadu_si256(half), _mm256_loadu_si256(half + 1)};
}

inline Pairs load_pairs(const void* at, Mask mask) {
    const auto* const pairs = static_cast<const int*>(at);
    return {_mm256_maskload_epi32(pairs, bits_of(mask, 0)),
            _mm256_maskload_epi32(pairs + 8, bits_of(mask, 8))};
}

inline void store_pairs(void* at, Pairs pairs) {
    auto* const half = static_cast<__m256i*>(at);
    _mm256_storeu_si256(half, pairs.low);
    _mm256_storeu_si256(half + 1, pairs.high);
}

inline void store_pairs(void* at, Pairs pairs, Mask mask) {
    auto* const to = static_cast<int*>(at);
    _mm256_maskstore_epi32(to, bits_of(mask, 0), pairs.low);
    _mm256_maskstore_epi32(to + 8, bits_of(mask, 8), pairs.high);
}

inline Pairs no_pairs() {
    return {_mm256_setzero_si256(), _mm256_setzero_si256()};
}

inline Pairs all_pairs(const bf16* at) {
    int pair = 0;
    __builtin_memcpy(&pair, at, sizeof(pair));
    return {_mm256_set1_epi32(pair), _mm256_set1_epi32(pair)};
}

inline Pairs gather_pairs(const bf16* at, std::int64_t stride) {
    const auto step = static_cast<int>(stride);
    const __m256i places =
        _mm256_mullo_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7), _mm256_set1_epi32(step));
    const auto half = [places](const bf16* from) {
        return _mm256_i32gather_epi32(static_cast<const int*>(static_cast<const void*>(from)),
                                      places, sizeof(bf16));
    };
    return {half(at), half(at + 8 * stride)};
}

inline Floats floats_of(Pairs pairs) {
    return {_mm256_castsi256_ps(pairs.low), _mm256_castsi256_ps(pairs.high)};
}

inline Pairs pairs_of(Floats x) {
    return {_mm256_castps_si256(x.low), _mm256_castps_si256(x.high)};
}

inline Floats first_of(Pairs pairs) {
    return floats_of({_mm256_slli_epi32(pairs.low, 16), _mm256_slli_epi32(pairs.high, 16)});
}

inline Floats second_of(Pairs pairs) {
    const __m256i upper = _mm256_set1_epi32(static_cast<int>(0xffff0000U));
    return floats_of({_mm256_and_si256(pairs.low, upper), _mm256_and_si256(pairs.high, upper)});
}

inline Floats add_pair_products(Floats sum, Pairs a, Pairs b) {
    return fma(second_of(a), second_of(b), fma(first_of(a), first_of(b), sum));
}

inline Pairs wide(Bits bits) {
    return {_mm256_cvtepu16_epi32(_mm256_castsi256_si128(bits)),
            _mm256_cvtepu16_epi32(_mm256_extracti128_si256(bits, 1))};
}

inline Pairs to_pairs(Bits first, Bits second) {
    const Pairs a = wide(first), b = wide(second);
    return {_mm256_or_si256(a.low, _mm256_slli_epi32(b.low, 16)),
            _mm256_or_si256(a.high, _mm256_slli_epi32(b.high, 16))};
}

inline Bits load_bits(const bf16* at, Mask mask) {
    alignas(32) bf16 values[kLanes]{};
    __builtin_memcpy(values, at, static_cast<std::size_t>(mask.count) * sizeof(bf16));
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(values));
}

inline Floats widen(Bits bits) {
    return first_of(wide(bits));
}

// Sixteen lanes' lower halves.
inline Bits lower_halves(Pairs pairs) {
    constexpr int kMiddleTwoChanged = 0xd8;
    return _mm256_permute4x64_epi64(_mm256_packus_epi32(pairs.low, pairs.high), kMiddleTwoChanged);
}

inline __m256i rounded(__m256 x) {
    const __m256i bits = _mm256_castps_si256(x);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i sum = _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
    const __m256i is_none = _mm256_castps_si256(_mm256_cmp_ps(x, x, _CMP_UNORD_Q));
    return _mm256_blendv_epi8(_mm256_srli_epi32(sum, 16), _mm256_set1_epi32(0x7fc0), is_none);
}

inline Bits narrow(Floats x) {
    return lower_halves({rounded(x.low), rounded(x.high)});
}

inline Pairs narrow_to_pairs(Floats first, Floats second) {
    const auto half = [](__m256 a, __m256 b) {
        return _mm256_or_si256(rounded(a), _mm256_slli_epi32(rounded(b), 16));
    };
    return {half(first.low, second.low), half(first.high, second.high)};
}

inline void store(bf16* at, Floats x, Mask mask) {
    alignas(32) bf16 values[kLanes];
    _mm256_store_si256(reinterpret_cast<__m256i*>(values), narrow(x));
    __builtin_memcpy(at, values, static_cast<std::size_t>(mask.count) * sizeof(bf16));
}

inline void store_two(bf16* at, Floats x, Floats y) {
    auto* const half = reinterpret_cast<__m256i*>(at);
    _mm256_storeu_si256(half, narrow(x));
    _mm256_storeu_si256(half + 1, narrow(y));
}

// As far as the powers of floats reach.
inline Floats within_powers(Floats x) {
    return larger(all(-126.0F), smaller(all(127.99F), x));
}

inline Floats lower_whole(Floats x) {
    const Floats within = within_powers(x);
    return {_mm256_floor_ps(within.low), _mm256_floor_ps(within.high)};
}

inline Floats over_lower(Floats x) {
    return within_powers(x) - lower_whole(x);
}

inline Floats scaled(Floats x, Floats exponent) {
    const auto power = [](__m256 n) {
        const __m256i biased = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
        return _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
    };
    const Floats whole = lower_whole(exponent);
    return x * Floats{power(whole.low), power(whole.high)};
}

// Eight rows of eight.
inline void transpose_half(__m256* rows) {
    __m256 a[8], b[8];
    for (int i = 0; i < 8; i += 2) {
        a[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
        a[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < 8; i += 4) {
        b[i] = _mm256_shuffle_ps(a[i], a[i + 2], 0x44);
        b[i + 1] = _mm256_shuffle_ps(a[i], a[i + 2], 0xee);
        b[i + 2] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0x44);
        b[i + 3] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0xee);
    }
    for (int i = 0; i < 4; ++i) {
        rows[i] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x20);
        rows[i + 4] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x31);
    }
}

inline void transpose(Pairs* rows) {
    __m256 quarters[2][2][8]; // of rows, of columns
    for (int i = 0; i < 16; ++i) {
        const Floats row = floats_of(rows[i]);
        quarters[i / 8][0][i % 8] = row.low;
        quarters[i / 8][1][i % 8] = row.high;
    }
    for (auto& half : quarters) {
        transpose_half(half[0]);
        transpose_half(half[1]);
    }
    for (int i = 0; i < 16; ++i) {
        rows[i] = pairs_of({quarters[0][i / 8][i % 8], quarters[1][i / 8][i % 8]});
    }
}

} // namespace

} // namespace likeness::kernels
