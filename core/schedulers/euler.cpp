#include "core/schedulers/euler.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/schedulers/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/scalar_tensor.h>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

// sqrt((1 - a) / a) of every training timestep.
std::vector<float> sigma_table(const SchedulerConfig& config) {
    Tensor alphas = alphas_cumprod(config);
    if (config.rescale_betas_zero_snr) {
        alphas[-1] =
            std::ldexp(1.0, -24); // the smallest float16 above zero keeps the first sigma finite
    }
    const Tensor sigmas = ((1 - alphas) / alphas).sqrt();
    const float* values = sigmas.const_data_ptr<float>();
    return {values, values + sigmas.numel()};
}

// The table at a fractional timestep; its ends beyond them.
double interpolated(const std::vector<float>& table, double timestep) {
    const double last = static_cast<double>(table.size() - 1);
    if (timestep <= 0) {
        return table.front();
    }
    if (timestep >= last) {
        return table.back();
    }
    const auto low = static_cast<std::size_t>(timestep);
    const double slope = static_cast<double>(table[low + 1]) - static_cast<double>(table[low]);
    return slope * (timestep - static_cast<double>(low)) + static_cast<double>(table[low]);
}

// The (fractional) timestep of a sigma: linear in the logarithm between the table's entries.
double timestep_of(double sigma, const std::vector<float>& log_table) {
    const double log_sigma = std::log(std::max(sigma, 1e-10));
    std::size_t low = 0;
    for (std::size_t i = 0; i < log_table.size(); ++i) {
        if (log_sigma >= static_cast<double>(log_table[i])) {
            low = i;
        }
    }
    low = std::min(low, log_table.size() - 2);
    const double width = log_table[low] - log_table[low + 1];
    const double w =
        std::clamp((static_cast<double>(log_table[low]) - log_sigma) / width, 0.0, 1.0);
    return (1 - w) * static_cast<double>(low) + w * static_cast<double>(low + 1);
}

// Equation 5 of arXiv 2206.00364 with rho 7.
std::vector<double> karras_sigmas(double sigma_max, double sigma_min, int n) {
    constexpr double kRho = 7.0;
    const double max_root = std::pow(sigma_max, 1 / kRho);
    const double min_root = std::pow(sigma_min, 1 / kRho);
    std::vector<double> sigmas;
    for (const double ramp : linspace(0, 1, n)) {
        sigmas.push_back(std::pow(max_root + ramp * (min_root - max_root), kRho));
    }
    return sigmas;
}

std::vector<double> exponential_sigmas(double sigma_max, double sigma_min, int n) {
    std::vector<double> sigmas;
    for (const double log_sigma : linspace(std::log(sigma_max), std::log(sigma_min), n)) {
        sigmas.push_back(std::exp(log_sigma));
    }
    return sigmas;
}

} // namespace

EulerScheduler::EulerScheduler(const SchedulerConfig& config, int num_inference_steps)
    : prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)) {
    if (config.sigma_schedule == SigmaSchedule::beta) {
        throw Error(
            ErrorCode::model_mismatch,
            message(
                "The scheduler's config asks for beta sigmas, which this program does not do."));
    }
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
            sigmas.push_back(interpolated(table, timestep));
        }
    }
    if (config.sigma_schedule != SigmaSchedule::from_timesteps) {
        const double sigma_max = config.sigma_max.value_or(sigmas.front());
        const double sigma_min = config.sigma_min.value_or(sigmas.back());
        const bool karras = config.sigma_schedule == SigmaSchedule::karras;
        sigmas = karras ? karras_sigmas(sigma_max, sigma_min, n)
                        : exponential_sigmas(sigma_max, sigma_min, n);
        std::vector<float> log_table;
        for (const float sigma : table) {
            log_table.push_back(std::log(sigma));
        }
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
    return (wide + derivative * (next - sigma)).to(noise_pred.scalar_type());
}

} // namespace likeness
