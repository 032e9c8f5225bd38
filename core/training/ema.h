#pragma once

#include "core/weights/weights.h"

#include <cstdint>

namespace likeness {

// The share of the old average kept at the n-th step (counted from 0) of a run of `planned_steps`:
// a half-life of 3 % of the run, shorter while it is young. min(0.5^(1 / (0.03 N)), (1 + n) / (10 +
// n)).
double ema_decay(std::int64_t step, std::int64_t planned_steps);

// A moving average of named tensors.
class Ema {
public:
    explicit Ema(const TensorMap& parameters);

    // average = decay * average + (1 - decay) * parameter.
    void update(const TensorMap& parameters, double decay);

    const TensorMap& average() const { return average_; }

    // Throws CheckFailed when a name is missing or a shape differs.
    void load(const TensorMap& average);

private:
    TensorMap average_;
};

} // namespace likeness
