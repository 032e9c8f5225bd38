#include "core/schedulers/ddim.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/schedulers/clean_sample.h"
#include "core/schedulers/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/scalar_tensor.h>

#include <cmath>

namespace likeness {

namespace {

// A factor as the reference holds it: a float32 tensor without dimensions, which leaves the dtype
// of what it is multiplied with, and whose place left or right of it decides how half precision
// rounds.
Tensor factor(float value) {
    return at::scalar_tensor(value, at::TensorOptions().dtype(at::kFloat));
}

} // namespace

DdimScheduler::DdimScheduler(const SchedulerConfig& config, int num_inference_steps)
    : prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)),
      clip_range_(clip_range(config, /*clips_by_default=*/true)) {
    refuse_thresholding(config);
    const int total = num_train_timesteps(config);
    const Tensor table = alphas_cumprod(config);
    const float* alphas = table.const_data_ptr<float>();
    const float final_alpha = config.set_alpha_to_one.value_or(true) ? 1.0F : alphas[0];
    for (const int t : whole_timesteps(config, TimestepSpacing::leading, num_inference_steps)) {
        timesteps_.push_back(t);
        const int prev = t - total / num_inference_steps;
        alphas_.push_back(alphas[t]);
        prev_alphas_.push_back(prev >= 0 ? alphas[prev] : final_alpha);
    }
}

Tensor DdimScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    const Mixture mixture = mixture_of(alphas_.at(static_cast<std::size_t>(i)));
    return clipped(clean_sample(prediction_type_, mixture, noise_pred, sample), clip_range_);
}

Tensor DdimScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const float alpha = alphas_.at(static_cast<std::size_t>(i));
    const float prev_alpha = prev_alphas_.at(static_cast<std::size_t>(i));
    const Tensor sqrt_alpha = factor(std::sqrt(alpha));
    const Tensor sqrt_beta = factor(std::sqrt(1.0F - alpha));
    const Tensor clean = denoised(noise_pred, i, sample);
    Tensor noise;
    switch (prediction_type_) {
    case PredictionType::epsilon:
        noise = noise_pred;
        break;
    case PredictionType::sample:
        noise = (sample - sqrt_alpha * noise_pred) / sqrt_beta;
        break;
    case PredictionType::v_prediction:
        noise = sqrt_alpha * noise_pred + sqrt_beta * sample;
        break;
    }
    ++history_.steps;
    return factor(std::sqrt(prev_alpha)) * clean + factor(std::sqrt(1.0F - prev_alpha)) * noise;
}

} // namespace likeness
