#pragma once

#include "core/schedulers/euler.h"

namespace likeness {

// Euler's method with part of the noise drawn anew at every step (k-diffusion's "Euler a"). Its
// noise levels are always those of the timesteps, as in diffusers.
class EulerAncestralScheduler : public EulerScheduler {
public:
    // Throws as EulerScheduler does.
    EulerAncestralScheduler(const SchedulerConfig& config, int num_inference_steps);

    bool is_stochastic() const override { return true; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
};

} // namespace likeness
