#pragma once

#include "core/schedulers/scheduler_config.h"
#include "core/tensor/tensor.h"

namespace likeness {

// A noisy sample is alpha * clean + sigma * noise.
struct Mixture {
    float alpha = 1;
    float sigma = 0;
};

// That of a timestep, by its cumulative product of alphas.
Mixture mixture_of(float alpha_cumprod);

// The clean sample that a model's output predicts, in the dtypes' own promotion.
Tensor clean_sample(PredictionType prediction_type, const Mixture& mixture,
                    const Tensor& noise_pred, const Tensor& sample);

// How far from 0 a clean sample may go (clip_sample, clip_sample_range); 0: anywhere.
double clip_range(const SchedulerConfig& config, bool clips_by_default);
Tensor clipped(const Tensor& clean, double range);

} // namespace likeness
