#pragma once

// Sixteen lanes of AVX-512: what vectors.h and the kernels are written with. vectors_avx2.h has the
// same names.

#include "core/kernels/bfloat16.h"
#include "core/kernels/instructions.h"

#include <immintrin.h>

namespace likeness::kernels {

namespace {

using Floats = __m512;
using Bits = __m256i;   // sixteen of bfloat16
using Pairs = __m512i;  // sixteen times two of bfloat16
using Mask = __mmask16; // the first so many lanes
using Which = __mmask16;

constexpr std::int64_t kLanes = 16;
// How many Floats the registers hold; of a tile that is multiplied, columns and rows.
constexpr int kRegisters = 32, kColumnsAtOnce = 4;

constexpr int rows_at_once(int columns) {
    return columns == 4 ? 6 : columns == 3 ? 8 : 12;
}

// The lanes that `count` values fill; all of them from 16 on.
inline Mask lanes(std::int64_t count) {
    return static_cast<Mask>(count >= kLanes ? 0xffff : (1 << count) - 1);
}

inline Floats all(float x) {
    return _mm512_set1_ps(x);
}

inline Floats zero() {
    return _mm512_setzero_ps();
}

inline Floats load(const float* at) {
    return _mm512_loadu_ps(at);
}

// Zeros in the other lanes.
inline Floats load(const float* at, Mask mask) {
    return _mm512_maskz_loadu_ps(mask, at);
}

inline void store(float* at, Floats x) {
    _mm512_storeu_ps(at, x);
}

// Leaves what lies in the other lanes.
inline void store(float* at, Floats x, Mask mask) {
    _mm512_mask_storeu_ps(at, mask, x);
}

// a b + c, rounded once; a b - c; c - a b.
inline Floats fma(Floats a, Floats b, Floats c) {
    return _mm512_fmadd_ps(a, b, c);
}

inline Floats fms(Floats a, Floats b, Floats c) {
    return _mm512_fmsub_ps(a, b, c);
}

inline Floats fnma(Floats a, Floats b, Floats c) {
    return _mm512_fnmadd_ps(a, b, c);
}

inline Floats larger(Floats a, Floats b) {
    return _mm512_max_ps(a, b);
}

inline Floats magnitude(Floats x) {
    return _mm512_abs_ps(x);
}

// 1 / x with a relative error below 2^-13.
inline Floats reciprocal(Floats x) {
    return _mm512_rcp14_ps(x);
}

inline float sum_of(Floats x) {
    return _mm512_reduce_add_ps(x);
}

inline Which greater(Floats a, Floats b) {
    return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ);
}

inline bool any(Which which) {
    return which != 0;
}

inline Floats select(Which which, Floats yes, Floats no) {
    return _mm512_mask_blend_ps(which, no, yes);
}

// The size of the one with the sign of the other.
inline Floats with_sign(Floats size, Floats sign) {
    const __m512i bit = _mm512_set1_epi32(static_cast<int>(0x80000000U));
    return _mm512_castsi512_ps(_mm512_or_si512(_mm512_castps_si512(size),
                                               _mm512_and_si512(_mm512_castps_si512(sign), bit)));
}

inline Pairs load_pairs(const void* at) {
    return _mm512_loadu_si512(at);
}

inline Pairs load_pairs(const void* at, Mask mask) {
    return _mm512_maskz_loadu_epi32(mask, at);
}

inline void store_pairs(void* at, Pairs pairs) {
    _mm512_storeu_si512(at, pairs);
}

inline void store_pairs(void* at, Pairs pairs, Mask mask) {
    _mm512_mask_storeu_epi32(at, mask, pairs);
}

inline Pairs no_pairs() {
    return _mm512_setzero_si512();
}

// The same pair sixteen times.
inline Pairs all_pairs(const bf16* at) {
    int pair = 0;
    __builtin_memcpy(&pair, at, sizeof(pair));
    return _mm512_set1_epi32(pair);
}

// A pair from every `stride` values.
inline Pairs gather_pairs(const bf16* at, std::int64_t stride) {
    const __m512i lane = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m512i places = _mm512_mullo_epi32(lane, _mm512_set1_epi32(static_cast<int>(stride)));
    return _mm512_i32gather_epi32(places, at, sizeof(bf16));
}

// The same bits.
inline Floats floats_of(Pairs pairs) {
    return _mm512_castsi512_ps(pairs);
}

inline Pairs pairs_of(Floats x) {
    return _mm512_castps_si512(x);
}

// Of each pair the first and the second value.
inline Floats first_of(Pairs pairs) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16));
}

inline Floats second_of(Pairs pairs) {
    return _mm512_castsi512_ps(
        _mm512_and_epi32(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000U))));
}

// sum + both products of each pair; only where has_bfloat16.
inline Floats add_pair_products(Floats sum, Pairs a, Pairs b) {
    return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(a), reinterpret_cast<__m512bh>(b));
}

inline Pairs to_pairs(Bits first, Bits second) {
    return _mm512_or_si512(_mm512_cvtepu16_epi32(first),
                           _mm512_slli_epi32(_mm512_cvtepu16_epi32(second), 16));
}

inline Bits load_bits(const bf16* at, Mask mask) {
    return _mm256_maskz_loadu_epi16(mask, at);
}

inline Floats widen(Bits bits) {
    // To the upper half of each float, in one instruction.
    const __m512i places = _mm512_set_epi16(15, 0, 14, 0, 13, 0, 12, 0, 11, 0, 10, 0, 9, 0, 8, 0, 7,
                                            0, 6, 0, 5, 0, 4, 0, 3, 0, 2, 0, 1, 0, 0, 0);
    return _mm512_castsi512_ps(
        _mm512_maskz_permutexvar_epi16(0xaaaaaaaaU, places, _mm512_castsi256_si512(bits)));
}

// Rounded to the nearest, ties to even; what is no number stays none.
inline Bits narrow_by_hand(Floats x) {
    const __m512i wide = _mm512_castps_si512(x);
    const __m512i odd = _mm512_and_epi32(_mm512_srli_epi32(wide, 16), _mm512_set1_epi32(1));
    const __m512i rounded =
        _mm512_add_epi32(wide, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    const __mmask16 is_none = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    return _mm512_cvtepi32_epi16(
        _mm512_mask_mov_epi32(_mm512_srli_epi32(rounded, 16), is_none, _mm512_set1_epi32(0x7fc0)));
}

inline Bits narrow(Floats x) {
    return has_bfloat16 ? reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x)) : narrow_by_hand(x);
}

// The first's sixteen, then the second's.
inline __m512i narrow(Floats first, Floats second) {
    return has_bfloat16 ? reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(second, first))
                        : _mm512_inserti64x4(_mm512_castsi256_si512(narrow_by_hand(first)),
                                             narrow_by_hand(second), 1);
}

inline Pairs narrow_to_pairs(Floats first, Floats second) {
    // 0, 16, 1, 17, ...
    const __m512i numbers = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m512i in_pairs = _mm512_or_si512(
        numbers, _mm512_slli_epi32(_mm512_add_epi32(numbers, _mm512_set1_epi32(16)), 16));
    return _mm512_permutexvar_epi16(in_pairs, narrow(first, second));
}

inline void store(bf16* at, Floats x, Mask mask) {
    _mm256_mask_storeu_epi16(at, mask, narrow(x));
}

// The one's sixteen, then the other's.
inline void store_two(bf16* at, Floats x, Floats y) {
    _mm512_storeu_si512(at, narrow(x, y));
}

// What x is over the next lower whole number.
inline Floats over_lower(Floats x) {
    constexpr int kOverLower = 9;
    return _mm512_reduce_ps(x, kOverLower);
}

// x times two to the power of the next lower whole number.
inline Floats scaled(Floats x, Floats exponent) {
    return _mm512_scalef_ps(x, exponent);
}

// Rows become columns, sixteen of each.
inline void transpose(Pairs* rows) {
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

} // namespace

} // namespace likeness::kernels
