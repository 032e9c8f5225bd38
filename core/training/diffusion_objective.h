#pragma once

#include "core/schedulers/scheduler_config.h"
#include "core/tensor/tensor.h"

namespace likeness {

struct ObjectiveOptions {
    double snr_gamma = 0; // min-SNR weighting (arXiv 2303.09556); 0: every step counts the same
    // Noisier steps are weighed as if they had this ratio: with zero terminal SNR the velocity of
    // the last one, where generation begins, would count nothing.
    double snr_floor = 0;
};

// What a diffusion model is fine-tuned towards: the noise, the velocity or the clean sample, as its
// scheduler's config says (checkpoints.md 9.4).
class DiffusionObjective {
public:
    DiffusionObjective(const SchedulerConfig& config, const ObjectiveOptions& options,
                       at::Device device);

    // sqrt(a) clean + sqrt(1 - a) noise. clean, noise [B, C, h, w], timesteps int64 [B].
    Tensor add_noise(const Tensor& clean, const Tensor& noise, const Tensor& timesteps) const;

    // The mean squared error in float32 of what a model says of each sample, each place counted
    // `counts` times ([B, 1, h, w], mean 1; undefined: once), by the step's weight: [B].
    Tensor losses(const Tensor& prediction, const Tensor& clean, const Tensor& noise,
                  const Tensor& timesteps, const Tensor& counts = {}) const;

    // Their mean.
    Tensor loss(const Tensor& prediction, const Tensor& clean, const Tensor& noise,
                const Tensor& timesteps, const Tensor& counts = {}) const;

    // [B]: min(snr, gamma) / snr of the noise, / (snr + 1) of the velocity, and undivided of the
    // clean sample.
    Tensor weights(const Tensor& timesteps) const;

    int num_train_timesteps() const { return static_cast<int>(alphas_cumprod_.size(0)); }

private:
    Tensor alphas_cumprod_; // float32
    PredictionType prediction_type_;
    ObjectiveOptions options_;
};

} // namespace likeness
