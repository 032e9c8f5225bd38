#pragma once

#include "core/training/trainer.h"

#include <ATen/Context.h>

#include <cstdint>
#include <vector>

namespace likeness::starter {

// What one training step draws: a function of the run's seed and the step alone.
class Draw {
public:
    // Tensors of noise are drawn on `device`; everything else here.
    Draw(std::uint64_t seed, std::int64_t step, at::Device device = at::kCPU)
        : seed_(step_seed(seed, static_cast<std::uint64_t>(step))),
          generator_(device.is_cpu() ? at::detail::createCPUGenerator(seed_)
                                     : at::globalContext()
                                           .getAcceleratorHooksInterface(device.type())
                                           .getNewGenerator(device.index())) {
        generator_.set_current_seed(seed_);
    }

    std::uint64_t bits() { return step_seed(seed_, count_++); }

    // 0 <= x < 1.
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

    double uniform(double low, double high) { return low + (high - low) * uniform(); }

    // 0 <= i < count.
    std::int64_t below(std::int64_t count) {
        return static_cast<std::int64_t>(uniform() * static_cast<double>(count));
    }

    // For tensors of noise.
    const at::Generator& generator() const { return generator_; }

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
    at::Generator generator_;
};

} // namespace likeness::starter
