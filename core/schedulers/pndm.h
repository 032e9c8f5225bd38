#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"

namespace likeness {

// PNDM (arXiv 2202.09778): a linear multistep rule over the last four outputs (PLMS), before which
// there are three Runge-Kutta steps of four calls each unless skip_prk_steps says otherwise.
// Without them the model is called once more than there are steps. Zero terminal SNR is none of its
// fields.
class PndmScheduler : public Scheduler {
public:
    // Throws Error{bad_request} for a number of steps that the schedule cannot have,
    // Error{model_mismatch} for a model that predicts the clean sample.
    PndmScheduler(const SchedulerConfig& config, int num_inference_steps);

    const std::vector<double>& timesteps() const override { return timesteps_; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    // By its own table, which is never brought to zero terminal SNR.
    Tensor add_noise(const Tensor& clean, const Tensor& noise, int i,
                     const Tensor& alphas_cumprod) const override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

private:
    Tensor runge_kutta_step(const Tensor& noise_pred, int timestep, const Tensor& sample);
    Tensor multistep_step(const Tensor& noise_pred, int timestep, const Tensor& sample);

    // From one timestep to an earlier one along a noise (the paper's equation 9).
    Tensor moved(const Tensor& sample, int from, int to, const Tensor& noise_pred) const;

    std::vector<double> timesteps_;
    int runge_kutta_calls_ = 0; // of the timesteps, the first ones
    int stride_;                // training timesteps between two steps
    std::vector<float> alphas_; // cumulative product of every training timestep
    float final_alpha_;
    PredictionType prediction_type_;
};

} // namespace likeness
