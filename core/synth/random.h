#pragma once

#include <cstdint>

namespace likeness::synth {

// The finaliser of splitmix64: every bit of the input moves about half of the output's bits.
constexpr std::uint64_t mix(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

// A stream of numbers that depends on its key alone.
struct Random {
    explicit constexpr Random(std::uint64_t stream_key) : key(mix(stream_key)) {}

    constexpr std::uint64_t next() { return mix(key ^ (++count * 0xd1342543de82ef95ULL)); }

    // 0 <= value < 1
    constexpr double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

    constexpr double uniform(double low, double high) { return low + (high - low) * uniform(); }

    constexpr int below(int count_of_values) {
        return static_cast<int>(uniform() * static_cast<double>(count_of_values));
    }

    constexpr bool chance(double probability) { return uniform() < probability; }

    std::uint64_t key;
    std::uint64_t count = 0;
};

} // namespace likeness::synth
