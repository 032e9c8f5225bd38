#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"

namespace likeness {

// Euler's method on the probability flow (algorithm 2 of arXiv 2206.00364 without churn). Samples
// are upcast to float32 for the step, as diffusers does.
class EulerScheduler : public Scheduler {
public:
    // Throws Error{bad_request} for a number of steps that the schedule cannot have,
    // Error{model_mismatch} for a config that asks for beta sigmas.
    EulerScheduler(const SchedulerConfig& config, int num_inference_steps);

    const std::vector<double>& timesteps() const override { return timesteps_; }

    double init_noise_sigma() const override { return init_noise_sigma_; }

    Tensor scale_model_input(const Tensor& sample, int i) const override;
    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    Tensor add_noise(const Tensor& clean, const Tensor& noise, int i,
                     const Tensor& alphas_cumprod) const override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

    // The noise level each step begins at, and the one after the last.
    const std::vector<float>& sigmas() const { return sigmas_; }

private:
    std::vector<double> timesteps_;
    std::vector<float> sigmas_;
    double init_noise_sigma_;
    PredictionType prediction_type_;
};

} // namespace likeness
