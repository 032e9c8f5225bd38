#pragma once

#include "core/schedulers/sigma_scheduler.h"

namespace likeness {

// DPM-Solver++ of one step and two stages as a stochastic differential equation (k-diffusion's
// "DPM++ SDE"): two calls of the model a step, the second one at the geometric mean of the step's
// levels; one for the last. The noise of both stages is of one Brownian path over the noise levels,
// drawn from the request's seed; diffusers' class draws its path from torchsde instead, with a seed
// of its own.
class DpmppSdeScheduler : public SigmaScheduler {
public:
    // Throws as SigmaScheduler does, and Error{model_mismatch} for a model that predicts the clean
    // sample.
    DpmppSdeScheduler(const SchedulerConfig& config, int num_inference_steps);

    int stages() const override { return 2; }

    bool is_stochastic() const override { return true; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;

private:
    float input_sigma(int i) const override;

    std::vector<float> middles_; // of each step
};

} // namespace likeness
