#include "core/training/draws.h"

#include "core/training/trainer.h"

namespace likeness {

Draws::Draws(std::uint64_t seed, std::int64_t draw)
    : seed_(step_seed(seed, static_cast<std::uint64_t>(draw))), noise_(seed_) {}

std::uint64_t Draws::next() {
    return step_seed(seed_, count_++);
}

std::int64_t Draws::below(std::int64_t count) {
    return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(count));
}

double Draws::share() {
    constexpr double kOfOne = 0x1p-53; // the bits of a double's fraction
    return static_cast<double>(next() >> 11) * kOfOne;
}

} // namespace likeness
