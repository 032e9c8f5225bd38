#include "core/schedulers/clean_sample.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/scalar_tensor.h>

#include <cmath>

namespace likeness {

Mixture mixture_of(float alpha_cumprod) {
    return {std::sqrt(alpha_cumprod), std::sqrt(1.0F - alpha_cumprod)};
}

double clip_range(const SchedulerConfig& config, bool clips_by_default) {
    return config.clip_sample.value_or(clips_by_default) ? config.clip_sample_range.value_or(1.0)
                                                         : 0.0;
}

Tensor clipped(const Tensor& clean, double range) {
    return range > 0 ? clean.clamp(-range, range) : clean;
}

Tensor clean_sample(PredictionType prediction_type, const Mixture& mixture,
                    const Tensor& noise_pred, const Tensor& sample) {
    // Factors as tensors on the left, as the reference has them: half precision rounds them then.
    const auto factor = [](float value) {
        return at::scalar_tensor(value, at::TensorOptions().dtype(at::kFloat));
    };
    switch (prediction_type) {
    case PredictionType::epsilon:
        return (sample - factor(mixture.sigma) * noise_pred) / factor(mixture.alpha);
    case PredictionType::sample:
        return noise_pred;
    case PredictionType::v_prediction:
        return factor(mixture.alpha) * sample - factor(mixture.sigma) * noise_pred;
    }
    return {};
}

} // namespace likeness
