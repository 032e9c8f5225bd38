#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"

namespace likeness {

// DDPM (arXiv 2006.11239, equation 7) over part of the timesteps, with fixed variances.
class DdpmScheduler : public Scheduler {
public:
    // Throws Error{bad_request} for a number of steps that the schedule cannot have,
    // Error{model_mismatch} for a config that asks for dynamic thresholding or learned variances.
    DdpmScheduler(const SchedulerConfig& config, int num_inference_steps);

    const std::vector<double>& timesteps() const override { return timesteps_; }

    bool is_stochastic() const override { return true; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

private:
    std::vector<double> timesteps_;
    std::vector<float> alphas_; // cumulative product at each step, and 1 after the last
    PredictionType prediction_type_;
    VarianceType variance_type_;
    double clip_range_; // 0: not clipped
};

} // namespace likeness
