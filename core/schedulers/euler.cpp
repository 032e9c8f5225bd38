#include "core/schedulers/euler.h"

#include "core/base/check.h"
#include "core/schedulers/noise_schedule.h"
#include "core/schedulers/sigmas.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <cmath>

namespace likeness {

EulerScheduler::EulerScheduler(const SchedulerConfig& config, int num_inference_steps)
    : prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)) {
    refuse_beta_sigmas(config);
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
        const bool karras = config.sigma_schedule == SigmaSchedule::karras;
        sigmas = karras ? karras_sigmas(sigma_max, sigma_min, n)
                        : exponential_sigmas(sigma_max, sigma_min, n);
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

Tensor EulerScheduler::scale_model_input(const Tensor& sample, int i) const {
    const float sigma = sigmas_.at(static_cast<std::size_t>(i));
    return sample / std::sqrt(sigma * sigma + 1.0F);
}

Tensor EulerScheduler::add_noise(const Tensor& clean, const Tensor& noise, int i,
                                 const Tensor&) const {
    return clean + noise * sigmas_.at(static_cast<std::size_t>(i));
}

Tensor EulerScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    const float sigma = sigmas_.at(static_cast<std::size_t>(i));
    const Tensor wide = sample.to(at::kFloat);
    switch (prediction_type_) {
    case PredictionType::epsilon:
        // The factor as a tensor on the left, as the reference has it: half precision rounds it
        // then.
        return wide - at::scalar_tensor(sigma, at::TensorOptions().dtype(at::kFloat)) * noise_pred;
    case PredictionType::sample:
        return noise_pred;
    case PredictionType::v_prediction: {
        const float variance = sigma * sigma + 1.0F;
        return noise_pred * (-sigma / std::sqrt(variance)) + wide / variance;
    }
    }
    return {};
}

Tensor EulerScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const float sigma = sigmas_.at(static_cast<std::size_t>(i));
    const float next = sigmas_.at(static_cast<std::size_t>(i) + 1);
    const Tensor wide = sample.to(at::kFloat);
    const Tensor derivative = (wide - denoised(noise_pred, i, sample)) / sigma;
    ++history_.steps;
    return (wide + derivative * (next - sigma)).to(noise_pred.scalar_type());
}

} // namespace likeness
