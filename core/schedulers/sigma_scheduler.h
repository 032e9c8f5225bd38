#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"

namespace likeness {

// What the rules that step from one noise level to the next have in common: Euler's levels and the
// timesteps that belong to them, which a rule of several stages spreads out over its calls. Samples
// are upcast to float32, as diffusers does.
class SigmaScheduler : public Scheduler {
public:
    const std::vector<double>& timesteps() const override { return timesteps_; }

    double init_noise_sigma() const override { return init_noise_sigma_; }

    Tensor scale_model_input(const Tensor& sample, int i) const override;
    Tensor add_noise(const Tensor& clean, const Tensor& noise, int i,
                     const Tensor& alphas_cumprod) const override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

protected:
    // Throws Error{bad_request} for a number of steps that the schedule cannot have.
    SigmaScheduler(const SchedulerConfig& config, int num_inference_steps);

    // The noise level of the sample that the model is given at step i.
    virtual float input_sigma(int i) const { return sigma(i); }

    float sigma(int i) const { return sigmas_.at(static_cast<std::size_t>(i)); }

    // d sample / d sigma at that level, in float32.
    Tensor derivative(const Tensor& noise_pred, int i, const Tensor& sample) const;

    // Each level and timestep after the first one twice (the last level, where the steps end, not):
    // for rules of two stages.
    void double_stages();

    PredictionType prediction_type() const { return prediction_type_; }

    std::vector<double> timesteps_;
    std::vector<float> sigmas_; // where each step begins, and where the last one ends

private:
    double init_noise_sigma_;
    PredictionType prediction_type_;
};

// The fields that the simpler ones of diffusers' classes have: noise levels as they are, down to 0.
SchedulerConfig with_plain_sigmas(SchedulerConfig config);

// Of those the ones with second stages: betas as trained, from 0.00085 to 0.012 where the config
// does not say.
SchedulerConfig with_two_stages(SchedulerConfig config);

// Some have no smallest and largest level for Karras' schedule.
SchedulerConfig without_karras_range(SchedulerConfig config);

// Throws Error{model_mismatch} for a model that predicts the clean sample.
void refuse_clean_prediction(const SchedulerConfig& config, const char* scheduler);

} // namespace likeness
