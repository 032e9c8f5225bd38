#include "core/training/diffusion_objective.h"

#include "core/schedulers/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/ones_like.h>

namespace likeness {

DiffusionObjective::DiffusionObjective(const SchedulerConfig& config,
                                       const ObjectiveOptions& options, at::Device device)
    : alphas_cumprod_(likeness::alphas_cumprod(config).to(device)),
      prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)),
      options_(options) {}

Tensor DiffusionObjective::add_noise(const Tensor& clean, const Tensor& noise,
                                     const Tensor& timesteps) const {
    const Tensor a = alphas_cumprod_.index_select(0, timesteps).view({-1, 1, 1, 1});
    return a.sqrt() * clean + (1 - a).sqrt() * noise;
}

Tensor DiffusionObjective::weights(const Tensor& timesteps) const {
    const Tensor a = alphas_cumprod_.index_select(0, timesteps);
    if (options_.snr_gamma <= 0) {
        return at::ones_like(a);
    }
    const Tensor snr = (a / (1 - a)).clamp_min(options_.snr_floor);
    const Tensor capped = snr.clamp_max(options_.snr_gamma);
    switch (prediction_type_) {
    case PredictionType::epsilon:
        return capped / snr;
    case PredictionType::v_prediction:
        return capped / (snr + 1);
    case PredictionType::sample:
        break;
    }
    return capped;
}

Tensor DiffusionObjective::losses(const Tensor& prediction, const Tensor& clean,
                                  const Tensor& noise, const Tensor& timesteps,
                                  const Tensor& counts) const {
    Tensor target = noise;
    if (prediction_type_ == PredictionType::sample) {
        target = clean;
    } else if (prediction_type_ == PredictionType::v_prediction) {
        const Tensor a = alphas_cumprod_.index_select(0, timesteps).view({-1, 1, 1, 1});
        target = a.sqrt() * noise - (1 - a).sqrt() * clean;
    }
    Tensor error = (prediction.to(at::kFloat) - target.to(at::kFloat)).square();
    if (counts.defined()) {
        error = error * counts;
    }
    return error.mean({1, 2, 3}) * weights(timesteps);
}

Tensor DiffusionObjective::loss(const Tensor& prediction, const Tensor& clean, const Tensor& noise,
                                const Tensor& timesteps, const Tensor& counts) const {
    return losses(prediction, clean, noise, timesteps, counts).mean();
}

} // namespace likeness
