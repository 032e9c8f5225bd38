#include "core/schedulers/lcm.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/schedulers/clean_sample.h"
#include "core/schedulers/noise_schedule.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

// The class's own betas, which are Stable Diffusion's.
SchedulerConfig with_defaults(SchedulerConfig config) {
    config.beta_start = config.beta_start.value_or(0.00085);
    config.beta_end = config.beta_end.value_or(0.012);
    config.beta_schedule = config.beta_schedule.value_or(BetaSchedule::scaled_linear);
    return config;
}

} // namespace

LcmScheduler::LcmScheduler(const SchedulerConfig& config, int num_inference_steps)
    : prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)),
      clip_range_(clip_range(config, /*clips_by_default=*/false)),
      timestep_scaling_(config.timestep_scaling.value_or(10.0)) {
    refuse_thresholding(config);
    const int n = num_inference_steps;
    const int total = num_train_timesteps(config);
    const int original = std::min(config.original_inference_steps.value_or(50), total);
    if (n < 1 || n > original) {
        throw Error(ErrorCode::bad_request,
                    message("num_inference_steps is {}; LCM takes 1 to {}.", n, original));
    }
    const Tensor table = alphas_cumprod(with_defaults(config));
    for (int i = 0; i < n; ++i) {
        const auto index = static_cast<int>(std::floor(i * (static_cast<double>(original) / n)));
        const int timestep = (original - index) * (total / original) - 1;
        timesteps_.push_back(timestep);
        alphas_.push_back(table.const_data_ptr<float>()[timestep]);
    }
}

// With the boundary conditions of a consistency model: at timestep 0 the sample itself.
Tensor LcmScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    constexpr double kSigmaData = 0.5;
    const auto index = static_cast<std::size_t>(i);
    const double scaled = timesteps_.at(index) * timestep_scaling_;
    const double variance = scaled * scaled + kSigmaData * kSigmaData;
    const Tensor clean =
        clipped(clean_sample(prediction_type_, mixture_of(alphas_[index]), noise_pred, sample),
                clip_range_);
    return scaled / std::sqrt(variance) * clean + kSigmaData * kSigmaData / variance * sample;
}

Tensor LcmScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const Tensor clean = denoised(noise_pred, i, sample);
    ++history_.steps;
    const auto next = static_cast<std::size_t>(i) + 1;
    if (next == timesteps_.size()) {
        return clean;
    }
    const Mixture mixture = mixture_of(alphas_[next]);
    return mixture.alpha * clean + mixture.sigma * draw(clean);
}

} // namespace likeness
