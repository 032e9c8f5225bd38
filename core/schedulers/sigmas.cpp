#include "core/schedulers/sigmas.h"

#include "core/schedulers/beta_quantile.h"
#include "core/schedulers/noise_schedule.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace likeness {

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

double sigma_at(const std::vector<float>& table, double timestep) {
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

namespace {

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

std::vector<double> beta_sigmas(double sigma_max, double sigma_min, int n) {
    constexpr double kShape = 0.6; // both of the distribution's
    std::vector<double> sigmas;
    for (const double ramp : linspace(0, 1, n)) {
        sigmas.push_back(sigma_min +
                         beta_quantile(1 - ramp, kShape, kShape) * (sigma_max - sigma_min));
    }
    return sigmas;
}

} // namespace

std::vector<double> sigmas_between(SigmaSchedule schedule, double sigma_max, double sigma_min,
                                   int n) {
    switch (schedule) {
    case SigmaSchedule::karras:
        return karras_sigmas(sigma_max, sigma_min, n);
    case SigmaSchedule::exponential:
        return exponential_sigmas(sigma_max, sigma_min, n);
    default:
        return beta_sigmas(sigma_max, sigma_min, n);
    }
}

std::vector<float> log_of(const std::vector<float>& table) {
    std::vector<float> logarithms;
    for (const float value : table) {
        logarithms.push_back(std::log(value));
    }
    return logarithms;
}

} // namespace likeness
