#pragma once

// Sixteen floats at a time, for the files of this folder that are compiled for AVX-512. Everything
// has internal linkage: a copy of a shared inline function compiled here could be the one that the
// linker gives to code that runs on older processors. For the same reason these files use no
// templates of the standard library.

#include "core/kernels/bfloat16.h"
#include "core/kernels/instructions.h"

#include <cstddef>
#include <cstdlib>
#include <new>

#include <immintrin.h>

namespace likeness::kernels {

namespace {

using Floats = __m512;

constexpr std::int64_t kLanes = 16;

constexpr std::int64_t least(std::int64_t a, std::int64_t b) {
    return a < b ? a : b;
}

constexpr std::int64_t most(std::int64_t a, std::int64_t b) {
    return a > b ? a : b;
}

constexpr std::int64_t divided_up(std::int64_t a, std::int64_t b) {
    return (a + b - 1) / b;
}

constexpr std::int64_t rounded_up(std::int64_t a, std::int64_t to) {
    return divided_up(a, to) * to;
}

inline float from_bits(bf16 bits) {
    const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
    float value = 0;
    __builtin_memcpy(&value, &wide, sizeof(value));
    return value;
}

inline bf16 to_bits(float value) {
    std::uint32_t wide = 0;
    __builtin_memcpy(&wide, &value, sizeof(wide));
    return static_cast<bf16>((wide + 0x7fff + ((wide >> 16) & 1)) >> 16);
}

inline Floats all(float x) {
    return _mm512_set1_ps(x);
}

// The lanes that `count` values fill; all of them from 16 on.
inline __mmask16 lanes(std::int64_t count) {
    return static_cast<__mmask16>(count >= kLanes ? 0xffff : (1 << count) - 1);
}

inline Floats widen(__m256i bits) {
    // To the upper half of each float, in one instruction.
    const __m512i places = _mm512_set_epi16(15, 0, 14, 0, 13, 0, 12, 0, 11, 0, 10, 0, 9, 0, 8, 0, 7,
                                            0, 6, 0, 5, 0, 4, 0, 3, 0, 2, 0, 1, 0, 0, 0);
    return _mm512_castsi512_ps(
        _mm512_maskz_permutexvar_epi16(0xaaaaaaaaU, places, _mm512_castsi256_si512(bits)));
}

// Of 16 pairs the first and the second values.
inline Floats first_of(__m512i pairs) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(pairs, 16));
}

inline Floats second_of(__m512i pairs) {
    return _mm512_castsi512_ps(
        _mm512_and_epi32(pairs, _mm512_set1_epi32(static_cast<int>(0xffff0000U))));
}

// Rounded to the nearest, ties to even; what is no number stays none.
inline __m256i narrow_by_hand(Floats x) {
    const __m512i wide = _mm512_castps_si512(x);
    const __m512i odd = _mm512_and_epi32(_mm512_srli_epi32(wide, 16), _mm512_set1_epi32(1));
    const __m512i rounded =
        _mm512_add_epi32(wide, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
    const __mmask16 is_none = _mm512_cmp_ps_mask(x, x, _CMP_UNORD_Q);
    return _mm512_cvtepi32_epi16(
        _mm512_mask_mov_epi32(_mm512_srli_epi32(rounded, 16), is_none, _mm512_set1_epi32(0x7fc0)));
}

inline __m256i narrow(Floats x) {
    return has_bfloat16 ? reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x)) : narrow_by_hand(x);
}

// The first's sixteen, then the second's.
inline __m512i narrow(Floats first, Floats second) {
    return has_bfloat16 ? reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(second, first))
                        : _mm512_inserti64x4(_mm512_castsi256_si512(narrow_by_hand(first)),
                                             narrow_by_hand(second), 1);
}

inline Floats load(const bf16* at) {
    return widen(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)));
}

inline Floats load(const bf16* at, __mmask16 mask) {
    return widen(_mm256_maskz_loadu_epi16(mask, at));
}

inline void store(bf16* at, Floats x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), narrow(x));
}

inline void store(bf16* at, Floats x, __mmask16 mask) {
    _mm256_mask_storeu_epi16(at, mask, narrow(x));
}

// 2^x with a relative error below 1e-4, far below half a step of bfloat16: the polynomial is of
// what is over the next lower whole number, which the scaling takes by itself.
inline Floats exp2(Floats x) {
    constexpr int kOverLower = 9;
    const Floats over = _mm512_reduce_ps(x, kOverLower);
    Floats p = _mm512_fmadd_ps(all(0.07802452F), over, all(0.22606716F));
    p = _mm512_fmadd_ps(p, over, all(0.69583354F));
    p = _mm512_fmadd_ps(p, over, all(0.99992522F));
    return _mm512_scalef_ps(p, x);
}

constexpr float kLog2E = 1.44269504F;

inline Floats silu(Floats x) {
    const Floats e = exp2(_mm512_mul_ps(x, all(-kLog2E)));
    return _mm512_mul_ps(x, _mm512_rcp14_ps(_mm512_add_ps(all(1.0F), e)));
}

// x's share of a normal distribution, 0..1, and its density times the root of 2 pi.
struct Normal {
    Floats share, density;
};

// Of erf as Abramowitz and Stegun 7.1.26.
inline Normal normal(Floats x) {
    const Floats a = _mm512_mul_ps(_mm512_abs_ps(x), all(0.70710678F));
    const Floats t = _mm512_rcp14_ps(_mm512_fmadd_ps(a, all(0.3275911F), all(1.0F)));
    Floats p = _mm512_fmadd_ps(t, all(1.061405429F), all(-1.453152027F));
    p = _mm512_fmadd_ps(p, t, all(1.421413741F));
    p = _mm512_fmadd_ps(p, t, all(-0.284496736F));
    p = _mm512_fmadd_ps(p, t, all(0.254829592F));
    const Floats e = exp2(_mm512_mul_ps(_mm512_mul_ps(a, a), all(-kLog2E)));
    const Floats positive = _mm512_fnmadd_ps(_mm512_mul_ps(p, t), e, all(1.0F));
    const __m512i sign =
        _mm512_and_epi32(_mm512_castps_si512(x), _mm512_set1_epi32(static_cast<int>(0x80000000U)));
    const Floats erf = _mm512_castsi512_ps(_mm512_or_epi32(_mm512_castps_si512(positive), sign));
    return {_mm512_fmadd_ps(erf, all(0.5F), all(0.5F)), e};
}

// The exact form with erf.
inline Floats gelu(Floats x) {
    return _mm512_mul_ps(x, normal(x).share);
}

// While it lives, this thread takes numbers below 2^-126 for zero: an instruction that meets one is
// a hundred times as slow, and the tails of softmax and of gelu are full of them.
class NoDenormals {
public:
    NoDenormals() { _mm_setcsr(before_ | kFlushToZero | kDenormalsAreZero); }

    NoDenormals(const NoDenormals&) = delete;
    NoDenormals& operator=(const NoDenormals&) = delete;

    ~NoDenormals() { _mm_setcsr(before_); }

private:
    static constexpr unsigned kFlushToZero = 0x8000, kDenormalsAreZero = 0x40;

    unsigned before_ = _mm_getcsr();
};

// Memory that one thread works in: grows, is kept for the next call, goes with the thread.
class Scratch {
public:
    Scratch() = default;
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;

    ~Scratch() { std::free(memory_); }

    // `count` values of T, undefined ones, aligned to a cache line.
    template <typename T>
    T* of(std::int64_t count) {
        constexpr std::size_t kPage = 4096;
        const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(T);
        if (bytes > size_) {
            std::free(memory_);
            size_ = (bytes + kPage - 1) / kPage * kPage;
            // A thread of OpenMP has nobody to throw to: it gets what the program held back for it.
            while ((memory_ = std::aligned_alloc(64, size_)) == nullptr) {
                const auto find_more = std::get_new_handler();
                if (find_more == nullptr) {
                    std::abort();
                }
                find_more();
            }
        }
        return static_cast<T*>(memory_);
    }

private:
    void* memory_ = nullptr;
    std::size_t size_ = 0;
};

} // namespace

} // namespace likeness::kernels
