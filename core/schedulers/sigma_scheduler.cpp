#include "core/schedulers/sigma_scheduler.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/schedulers/noise_schedule.h"
#include "core/schedulers/sigmas.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <cmath>

namespace likeness {

SigmaScheduler::SigmaScheduler(const SchedulerConfig& config, int num_inference_steps)
    : prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)) {
    const int n = num_inference_steps;
    const auto spacing = config.timestep_spacing.value_or(TimestepSpacing::linspace);
    timesteps_ =
        spaced_timesteps(spacing, n, num_train_timesteps(config), config.steps_offset.value_or(0));
    const std::vector<float> table = sigma_table(config);

    std::vector<double> sigmas;
    if (config.interpolation_type == InterpolationType::log_linear) {
        // One more than there are steps: the last step ends at the smallest sigma of the table.
        const Tensor values = at::linspace(std::log(table.back()), std::log(table.front()), n + 1,
                                           at::TensorOptions().dtype(at::kFloat))
                                  .exp();
        sigmas.assign(values.const_data_ptr<float>(),
                      values.const_data_ptr<float>() + values.numel());
    } else {
        for (double& timestep : timesteps_) {
            timestep = static_cast<float>(timestep);
            sigmas.push_back(sigma_at(table, timestep));
        }
    }
    if (config.sigma_schedule != SigmaSchedule::from_timesteps) {
        const double sigma_max = config.sigma_max.value_or(sigmas.front());
        const double sigma_min = config.sigma_min.value_or(sigmas.back());
        sigmas = sigmas_between(config.sigma_schedule, sigma_max, sigma_min, n);
        const std::vector<float> log_table = log_of(table);
        for (std::size_t i = 0; i < timesteps_.size(); ++i) {
            timesteps_[i] = timestep_of(sigmas[i], log_table);
        }
    }
    sigmas_.assign(sigmas.begin(), sigmas.end());
    sigmas_.push_back(config.final_sigmas_type == FinalSigmas::sigma_min ? table.front() : 0.0F);

    if (config.timestep_type == TimestepType::continuous &&
        prediction_type_ == PredictionType::v_prediction) {
        timesteps_.clear();
        for (std::size_t i = 0; i + 1 < sigmas_.size(); ++i) {
            timesteps_.push_back(0.25F * std::log(sigmas_[i]));
        }
    }
    for (double& timestep : timesteps_) {
        timestep = static_cast<float>(timestep);
    }
    const float largest = std::ranges::max(sigmas_);
    init_noise_sigma_ =
        spacing == TimestepSpacing::leading ? std::sqrt(largest * largest + 1.0F) : largest;
}

Tensor SigmaScheduler::scale_model_input(const Tensor& sample, int i) const {
    const float level = input_sigma(i);
    return sample / std::sqrt(level * level + 1.0F);
}

Tensor SigmaScheduler::add_noise(const Tensor& clean, const Tensor& noise, int i,
                                 const Tensor&) const {
    return clean + noise * sigma(i);
}

Tensor SigmaScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    const float level = input_sigma(i);
    const Tensor wide = sample.to(at::kFloat);
    switch (prediction_type_) {
    case PredictionType::epsilon:
        // The factor as a tensor on the left, as the reference has it: half precision rounds it
        // then.
        return wide - at::scalar_tensor(level, at::TensorOptions().dtype(at::kFloat)) * noise_pred;
    case PredictionType::sample:
        return noise_pred;
    case PredictionType::v_prediction: {
        const float variance = level * level + 1.0F;
        return noise_pred * (-level / std::sqrt(variance)) + wide / variance;
    }
    }
    return {};
}

Tensor SigmaScheduler::derivative(const Tensor& noise_pred, int i, const Tensor& sample) const {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    return (sample.to(at::kFloat) - denoised(noise_pred, i, sample)) / input_sigma(i);
}

void SigmaScheduler::double_stages() {
    const std::vector<double> timesteps = std::move(timesteps_);
    const std::vector<float> sigmas = std::move(sigmas_);
    timesteps_ = {timesteps.front()};
    sigmas_ = {sigmas.front()};
    for (std::size_t i = 1; i < timesteps.size(); ++i) {
        timesteps_.insert(timesteps_.end(), 2, timesteps[i]);
        sigmas_.insert(sigmas_.end(), 2, sigmas[i]);
    }
    sigmas_.push_back(sigmas.back());
}

SchedulerConfig with_plain_sigmas(SchedulerConfig config) {
    const SchedulerConfig defaults;
    config.interpolation_type = defaults.interpolation_type;
    config.final_sigmas_type = defaults.final_sigmas_type;
    config.timestep_type = defaults.timestep_type;
    config.rescale_betas_zero_snr = false;
    return config;
}

SchedulerConfig with_two_stages(SchedulerConfig config) {
    config.beta_start = config.beta_start.value_or(0.00085);
    config.beta_end = config.beta_end.value_or(0.012);
    return with_plain_sigmas(std::move(config));
}

SchedulerConfig without_karras_range(SchedulerConfig config) {
    if (config.sigma_schedule == SigmaSchedule::karras) {
        config.sigma_min.reset();
        config.sigma_max.reset();
    }
    return config;
}

void refuse_clean_prediction(const SchedulerConfig& config, const char* scheduler) {
    if (config.prediction_type == PredictionType::sample) {
        throw Error(ErrorCode::model_mismatch,
                    message("The model predicts the clean sample, from which {} cannot step. "
                            "Choose another scheduler.",
                            scheduler));
    }
}

} // namespace likeness
