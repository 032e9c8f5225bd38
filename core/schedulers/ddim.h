#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"

namespace likeness {

// DDIM (arXiv 2010.02502) with eta 0. Computes in the dtype of the sample, as diffusers does.
class DdimScheduler : public Scheduler {
public:
    // Throws Error{bad_request} for a number of steps that the schedule cannot have,
    // Error{model_mismatch} for a config that asks for dynamic thresholding.
    DdimScheduler(const SchedulerConfig& config, int num_inference_steps);

    const std::vector<double>& timesteps() const override { return timesteps_; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

private:
    std::vector<double> timesteps_;
    std::vector<float> alphas_; // cumulative product at each step, and at the one it leads to
    std::vector<float> prev_alphas_;
    PredictionType prediction_type_;
    double clip_range_; // 0: not clipped
};

} // namespace likeness
