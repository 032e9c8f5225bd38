#pragma once

#include "core/tensor/noise.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace likeness {

// Whole numbers and noise of one draw of a training: a function of the run's seed and the draw's
// number alone.
class Draws {
public:
    Draws(std::uint64_t seed, std::int64_t draw);

    // 0 .. count - 1, each as often.
    std::int64_t below(std::int64_t count);

    // 0 .. 1, without 1.
    double share();

    template <typename Value>
    const Value& one_of(const std::vector<Value>& values) {
        return values[static_cast<std::size_t>(below(static_cast<std::int64_t>(values.size())))];
    }

    Tensor noise(at::IntArrayRef shape) { return noise_.draw(shape); }

private:
    std::uint64_t next();

    std::uint64_t seed_;
    std::uint64_t count_ = 0;
    NoiseStream noise_;
};

} // namespace likeness
