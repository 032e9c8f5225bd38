#pragma once

#include "core/schedulers/sigma_scheduler.h"

namespace likeness {

// DPM-Solver-2 on the probability flow (k-diffusion's "DPM2"), as it stands or with part of the
// noise drawn anew at every step ("DPM2 a"): two calls of the model a step, the second one at the
// geometric mean of the step's levels; one for the last.
class Dpm2Scheduler : public SigmaScheduler {
public:
    enum class Noise { none, drawn };

    // Throws as SigmaScheduler does, and Error{model_mismatch} for a model that predicts the clean
    // sample.
    Dpm2Scheduler(const SchedulerConfig& config, int num_inference_steps, Noise noise);

    int stages() const override { return 2; }

    bool is_stochastic() const override { return is_stochastic_; }

    int draws_before(int i) const override { return is_stochastic_ ? i / 2 : 0; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;

private:
    float input_sigma(int i) const override;

    bool is_stochastic_;
    std::vector<float> middles_; // of each step
    std::vector<float> ends_;    // where it leads to without noise
    std::vector<float> noises_;  // the deviation of what is added then
};

} // namespace likeness
