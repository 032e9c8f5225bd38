#include "core/schedulers/ddim.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/schedulers/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
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
      clip_range_(config.clip_sample.value_or(true) ? config.clip_sample_range.value_or(1.0)
                                                    : 0.0) {
    if (config.thresholding) {
        throw Error(ErrorCode::model_mismatch,
                    message("The scheduler's config asks for dynamic "
                            "thresholding, which this program does not do."));
    }
    const int total = num_train_timesteps(config);
    const int offset = config.steps_offset.value_or(0);
    timesteps_ = spaced_timesteps(config.timestep_spacing.value_or(TimestepSpacing::leading),
                                  num_inference_steps, total, offset);
    const Tensor table = alphas_cumprod(config);
    const float* alphas = table.const_data_ptr<float>();
    const float final_alpha = config.set_alpha_to_one.value_or(true) ? 1.0F : alphas[0];
    for (double& timestep : timesteps_) {
        timestep = std::nearbyint(timestep);
        const int t = static_cast<int>(timestep);
        if (t >= total) {
            throw Error(ErrorCode::bad_request,
                        message("num_inference_steps is {}; with this model's steps_offset of "
                                "{} DDIM takes fewer.",
                                num_inference_steps, offset));
        }
        const int prev = t - total / num_inference_steps;
        alphas_.push_back(alphas[t]);
        prev_alphas_.push_back(prev >= 0 ? alphas[prev] : final_alpha);
    }
}

Tensor DdimScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    const float alpha = alphas_.at(static_cast<std::size_t>(i));
    const Tensor sqrt_alpha = factor(std::sqrt(alpha));
    const Tensor sqrt_beta = factor(std::sqrt(1.0F - alpha));
    Tensor clean;
    switch (prediction_type_) {
    case PredictionType::epsilon:
        clean = (sample - sqrt_beta * noise_pred) / sqrt_alpha;
        break;
    case PredictionType::sample:
        clean = noise_pred;
        break;
    case PredictionType::v_prediction:
        clean = sqrt_alpha * sample - sqrt_beta * noise_pred;
        break;
    }
    return clip_range_ > 0 ? clean.clamp(-clip_range_, clip_range_) : clean;
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
    return factor(std::sqrt(prev_alpha)) * clean + factor(std::sqrt(1.0F - prev_alpha)) * noise;
}

} // namespace likeness
