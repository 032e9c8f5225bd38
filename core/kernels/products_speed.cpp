#include "core/kernels/products_speed.h"

#include "core/kernels/vectors.h"

#include <ctime>

namespace likeness::kernels {

namespace {

constexpr int kTimes = 8, kRounds = 400;
constexpr int kSums = 12; // more than a product takes, so that none waits for another

double now() {
    std::timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// The shortest of several times: others may have used the processor during some.
template <typename Product>
inline __attribute__((always_inline)) double shortest(const Product& product) {
    double least_time = 1;
    for (int time = 0; time < kTimes; ++time) {
        Floats sums[kSums];
        for (Floats& sum : sums) {
            sum = _mm512_setzero_ps();
        }
        const double begin = now();
        for (int round = 0; round < kRounds; ++round) {
#pragma GCC unroll 12
            for (Floats& sum : sums) { // unrolled, they stay in registers
                sum = product(sum);
                asm volatile("" : "+v"(sum));
            }
        }
        const double taken = now() - begin;
        least_time = taken < least_time ? taken : least_time;
    }
    return least_time;
}

} // namespace

double time_of_pairs() {
    const auto ones = reinterpret_cast<__m512bh>(_mm512_set1_epi32(0x3f803f80));
    return shortest([ones](Floats sum) { return _mm512_dpbf16_ps(sum, ones, ones); });
}

double time_of_floats() {
    const Floats ones = all(1.0F);
    return shortest([ones](Floats sum) { return _mm512_fmadd_ps(ones, ones, sum); });
}

} // namespace likeness::kernels
