#include "core/schedulers/euler_ancestral.h"

#include "core/base/check.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace likeness {

namespace {

// The fields that diffusers' EulerAncestralDiscreteScheduler has.
SchedulerConfig plain(SchedulerConfig config) {
    const SchedulerConfig defaults;
    config.interpolation_type = defaults.interpolation_type;
    config.sigma_schedule = defaults.sigma_schedule;
    config.final_sigmas_type = defaults.final_sigmas_type;
    config.timestep_type = defaults.timestep_type;
    return config;
}

} // namespace

EulerAncestralScheduler::EulerAncestralScheduler(const SchedulerConfig& config,
                                                 int num_inference_steps)
    : EulerScheduler(plain(config), num_inference_steps) {}

Tensor EulerAncestralScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const float from = sigmas().at(static_cast<std::size_t>(i));
    const float to = sigmas().at(static_cast<std::size_t>(i) + 1);
    const float up = std::sqrt(to * to * (from * from - to * to) / (from * from));
    const float down = std::sqrt(to * to - up * up);
    const Tensor wide = sample.to(at::kFloat);
    const Tensor derivative = (wide - denoised(noise_pred, i, sample)) / from;
    const Tensor moved = wide + derivative * (down - from);
    ++history_.steps;
    // Drawn at the last step too, where it counts for nothing: the reference's next draw follows.
    return (moved + draw(noise_pred) * up).to(noise_pred.scalar_type());
}

} // namespace likeness
