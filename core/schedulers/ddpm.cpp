#include "core/schedulers/ddpm.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/schedulers/clean_sample.h"
#include "core/schedulers/noise_schedule.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace likeness {

DdpmScheduler::DdpmScheduler(const SchedulerConfig& config, int num_inference_steps)
    : prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)),
      variance_type_(config.variance_type.value_or(VarianceType::fixed_small)),
      clip_range_(clip_range(config, /*clips_by_default=*/true)) {
    refuse_thresholding(config);
    if (variance_type_ != VarianceType::fixed_small &&
        variance_type_ != VarianceType::fixed_small_log &&
        variance_type_ != VarianceType::fixed_large) {
        throw Error(ErrorCode::model_mismatch,
                    message("The scheduler's config has a variance_type that DDPM does not do "
                            "here; it does fixed_small, fixed_small_log and fixed_large."));
    }
    const Tensor table = alphas_cumprod(config);
    for (const int t : whole_timesteps(config, TimestepSpacing::leading, num_inference_steps)) {
        timesteps_.push_back(t);
        alphas_.push_back(table.const_data_ptr<float>()[t]);
    }
    alphas_.push_back(1.0F);
}

Tensor DdpmScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    const Mixture mixture = mixture_of(alphas_.at(static_cast<std::size_t>(i)));
    return clipped(clean_sample(prediction_type_, mixture, noise_pred, sample), clip_range_);
}

Tensor DdpmScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const float bar = alphas_.at(static_cast<std::size_t>(i));
    const float next_bar = alphas_.at(static_cast<std::size_t>(i) + 1);
    const float alpha = bar / next_bar;
    const float beta = 1.0F - alpha;
    const Tensor mean =
        std::sqrt(next_bar) * beta / (1.0F - bar) * denoised(noise_pred, i, sample) +
        std::sqrt(alpha) * (1.0F - next_bar) / (1.0F - bar) * sample;
    ++history_.steps;
    if (timesteps_[static_cast<std::size_t>(i)] == 0) {
        return mean;
    }
    constexpr float kLeast = 1e-20F; // variance, as in the reference: its logarithm is finite
    const float small = std::max((1.0F - next_bar) / (1.0F - bar) * beta, kLeast);
    const float variance = variance_type_ == VarianceType::fixed_large ? beta : small;
    return mean + std::sqrt(variance) * draw(noise_pred);
}

} // namespace likeness
