#include "core/schedulers/euler_ancestral.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace likeness {

namespace {

// The fields that diffusers' EulerAncestralDiscreteScheduler has.
SchedulerConfig plain(const SchedulerConfig& config) {
    SchedulerConfig fields = with_plain_sigmas(config);
    fields.sigma_schedule = SigmaSchedule::from_timesteps;
    fields.rescale_betas_zero_snr = config.rescale_betas_zero_snr;
    return fields;
}

} // namespace

AncestralStep::AncestralStep(float from, float to)
    : up(std::sqrt(to * to * (from * from - to * to) / (from * from))),
      down(std::sqrt(to * to - up * up)) {}

EulerAncestralScheduler::EulerAncestralScheduler(const SchedulerConfig& config,
                                                 int num_inference_steps)
    : SigmaScheduler(plain(config), num_inference_steps) {}

Tensor EulerAncestralScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    const AncestralStep way(sigma(i), sigma(i + 1));
    const Tensor slope = derivative(noise_pred, i, sample);
    const Tensor moved = sample.to(at::kFloat) + slope * (way.down - sigma(i));
    ++history_.steps;
    // Drawn at the last step too, where it counts for nothing: the reference's next draw follows.
    return (moved + draw(noise_pred) * way.up).to(noise_pred.scalar_type());
}

} // namespace likeness
