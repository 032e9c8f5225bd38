#pragma once

// What the files of this folder that are compiled for AVX-512 and once more for AVX2 are written
// with: sixteen floats at a time. Everything has internal linkage: a copy of a shared inline
// function compiled here could be the one that the linker gives to code that runs on older
// processors. For the same reason these files use no templates of the standard library.

#if defined(LIKENESS_AVX2)
#include "core/kernels/vectors_avx2.h"
#else
#include "core/kernels/vectors_avx512.h"
#endif

#include <cstddef>
#include <cstdlib>
#include <new>

namespace likeness::kernels {

namespace {

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

inline Floats load(const bf16* at) {
    return widen(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(at)));
}

// Zeros in the other lanes.
inline Floats load(const bf16* at, Mask mask) {
    return widen(load_bits(at, mask));
}

inline void store(bf16* at, Floats x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), narrow(x));
}

inline Bits no_bits() {
    return _mm256_setzero_si256();
}

// 2^x with a relative error below 1e-4, far below half a step of bfloat16: a polynomial of what is
// over the next lower whole number.
inline Floats exp2(Floats x) {
    const Floats over = over_lower(x);
    Floats p = fma(all(0.07802452F), over, all(0.22606716F));
    p = fma(p, over, all(0.69583354F));
    p = fma(p, over, all(0.99992522F));
    return scaled(p, x);
}

constexpr float kLog2E = 1.44269504F;

inline Floats silu(Floats x) {
    return x * reciprocal(all(1.0F) + exp2(x * all(-kLog2E)));
}

// x's share of a normal distribution, 0..1, and its density times the root of 2 pi.
struct Normal {
    Floats share, density;
};

// Of erf as Abramowitz and Stegun 7.1.26.
inline Normal normal(Floats x) {
    const Floats a = magnitude(x) * all(0.70710678F);
    const Floats t = reciprocal(fma(a, all(0.3275911F), all(1.0F)));
    Floats p = fma(t, all(1.061405429F), all(-1.453152027F));
    p = fma(p, t, all(1.421413741F));
    p = fma(p, t, all(-0.284496736F));
    p = fma(p, t, all(0.254829592F));
    const Floats e = exp2(a * a * all(-kLog2E));
    const Floats erf = with_sign(fnma(p * t, e, all(1.0F)), x);
    return {fma(erf, all(0.5F), all(0.5F)), e};
}

// The exact form with erf.
inline Floats gelu(Floats x) {
    return x * normal(x).share;
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
