#include "core/schedulers/noise_schedule.h"

#include "core/base/error.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cumprod.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace likeness {

namespace {

// The cosine schedule (arXiv 2102.09672).
Tensor squaredcos_betas(int count) {
    constexpr double kMaxBeta = 0.999;
    const auto alpha_bar = [](double t) {
        const double cosine = std::cos((t + 0.008) / 1.008 * std::numbers::pi / 2);
        return cosine * cosine;
    };
    std::vector<float> betas;
    for (int i = 0; i < count; ++i) {
        const double beta = 1 - alpha_bar(static_cast<double>(i + 1) / count) /
                                    alpha_bar(static_cast<double>(i) / count);
        betas.push_back(static_cast<float>(std::min(beta, kMaxBeta)));
    }
    return at::tensor(betas);
}

Tensor betas_of(const SchedulerConfig& config) {
    const auto options = at::TensorOptions().dtype(at::kFloat);
    if (!config.trained_betas.empty()) {
        return at::tensor(
            std::vector<float>(config.trained_betas.begin(), config.trained_betas.end()));
    }
    const int count = num_train_timesteps(config);
    const double start = config.beta_start.value_or(0.0001);
    const double end = config.beta_end.value_or(0.02);
    switch (config.beta_schedule.value_or(BetaSchedule::linear)) {
    case BetaSchedule::linear:
        return at::linspace(start, end, count, options);
    case BetaSchedule::scaled_linear:
        return at::linspace(std::sqrt(start), std::sqrt(end), count, options).pow(2);
    case BetaSchedule::squaredcos_cap_v2:
        return squaredcos_betas(count);
    }
    return {};
}

// Algorithm 1 of arXiv 2305.08891.
Tensor rescale_zero_terminal_snr(const Tensor& betas) {
    Tensor alphas_bar_sqrt = (1.0 - betas).cumprod(0).sqrt();
    const Tensor first = alphas_bar_sqrt[0].clone();
    const Tensor last = alphas_bar_sqrt[-1].clone();
    alphas_bar_sqrt -= last;
    alphas_bar_sqrt *= first / (first - last);
    const Tensor alphas_bar = alphas_bar_sqrt.pow(2);
    const int64_t count = alphas_bar.size(0);
    const Tensor alphas = alphas_bar.slice(0, 1, count) / alphas_bar.slice(0, 0, count - 1);
    return 1 - at::cat({alphas_bar.slice(0, 0, 1), alphas});
}

} // namespace

int num_train_timesteps(const SchedulerConfig& config) {
    return config.trained_betas.empty() ? config.num_train_timesteps.value_or(1'000)
                                        : static_cast<int>(config.trained_betas.size());
}

Tensor alphas_cumprod(const SchedulerConfig& config) {
    Tensor betas = betas_of(config);
    if (config.rescale_betas_zero_snr) {
        betas = rescale_zero_terminal_snr(betas);
    }
    return (1.0 - betas).cumprod(0);
}

std::vector<double> linspace(double first, double last, int n) {
    std::vector<double> values;
    const double step = n > 1 ? (last - first) / (n - 1) : 0;
    for (int i = 0; i < n; ++i) {
        values.push_back(i > 0 && i == n - 1 ? last : i * step + first);
    }
    return values;
}

std::vector<double> spaced_timesteps(TimestepSpacing spacing, int num_inference_steps,
                                     int num_train_timesteps, int steps_offset) {
    const int n = num_inference_steps;
    const int total = num_train_timesteps;
    if (n < 1 || n > total) {
        throw Error(ErrorCode::bad_request,
                    message("num_inference_steps is {}; this model takes 1 to {}.", n, total));
    }
    std::vector<double> timesteps;
    switch (spacing) {
    case TimestepSpacing::linspace:
        timesteps = linspace(0, total - 1, n);
        std::ranges::reverse(timesteps);
        break;
    case TimestepSpacing::leading:
        for (int i = n - 1; i >= 0; --i) {
            timesteps.push_back(i * (total / n) + steps_offset);
        }
        break;
    case TimestepSpacing::trailing: {
        // numpy's arange steps by the difference of its first two values.
        const double second = total - static_cast<double>(total) / n;
        const double step = second - total;
        for (int i = 0; i < n; ++i) {
            timesteps.push_back(std::nearbyint(total + i * step) - 1);
        }
        break;
    }
    }
    return timesteps;
}

std::vector<int> whole_timesteps(const SchedulerConfig& config, TimestepSpacing default_spacing,
                                 int num_inference_steps) {
    const int total = num_train_timesteps(config);
    const int offset = config.steps_offset.value_or(0);
    std::vector<int> timesteps;
    for (const double timestep : spaced_timesteps(config.timestep_spacing.value_or(default_spacing),
                                                  num_inference_steps, total, offset)) {
        timesteps.push_back(static_cast<int>(std::nearbyint(timestep)));
        if (timesteps.back() >= total) {
            throw Error(ErrorCode::bad_request,
                        message("num_inference_steps is {}; with this model's steps_offset of "
                                "{} the scheduler takes fewer.",
                                num_inference_steps, offset));
        }
    }
    return timesteps;
}

void refuse_thresholding(const SchedulerConfig& config) {
    if (config.thresholding) {
        throw Error(ErrorCode::model_mismatch,
                    message("The scheduler's config asks for dynamic "
                            "thresholding, which this program does not do."));
    }
}

} // namespace likeness
