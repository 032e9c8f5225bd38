#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"

namespace likeness {

// Multistep sampling of latent consistency models (arXiv 2310.04378): each step goes to the clean
// sample at once, and back to the next noise level with new noise.
class LcmScheduler : public Scheduler {
public:
    // Throws Error{bad_request} for more steps than the model was distilled with,
    // Error{model_mismatch} for a config that asks for dynamic thresholding.
    LcmScheduler(const SchedulerConfig& config, int num_inference_steps);

    const std::vector<double>& timesteps() const override { return timesteps_; }

    bool is_stochastic() const override { return true; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

private:
    std::vector<double> timesteps_;
    std::vector<float> alphas_; // cumulative product at each step
    PredictionType prediction_type_;
    double clip_range_; // 0: not clipped
    double timestep_scaling_;
};

} // namespace likeness
