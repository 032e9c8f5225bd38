#pragma once

#include "core/schedulers/sigma_scheduler.h"

namespace likeness {

// A step from one noise level to the next whose end is part of the way without noise, part drawn
// anew (k-diffusion's ancestral steps).
struct AncestralStep {
    AncestralStep(float from, float to);

    float up;   // deviation of the noise that is drawn
    float down; // where the way without it ends
};

// Euler's method with part of the noise drawn anew at every step (k-diffusion's "Euler a"). Its
// noise levels are always those of the timesteps, as in diffusers.
class EulerAncestralScheduler : public SigmaScheduler {
public:
    // Throws as SigmaScheduler does.
    EulerAncestralScheduler(const SchedulerConfig& config, int num_inference_steps);

    bool is_stochastic() const override { return true; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
};

} // namespace likeness
