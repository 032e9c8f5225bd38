#include "core/training/training_noise.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cumprod.h>
#include <ATen/ops/linspace.h>

#include <cmath>

namespace likeness {

namespace {

struct Shares {
    Tensor signal{}, noise{}; // [B, 1, 1, 1]
};

Shares shares(const Tensor& alphas_cumprod, const Tensor& timesteps) {
    const auto a = alphas_cumprod.index_select(0, timesteps).view({-1, 1, 1, 1});
    return {a.sqrt(), (1 - a).sqrt()};
}

} // namespace

TrainingNoise::TrainingNoise(std::int64_t num_train_timesteps, double beta_start, double beta_end,
                             at::Device device) {
    const auto betas = at::linspace(std::sqrt(beta_start), std::sqrt(beta_end), num_train_timesteps,
                                    at::TensorOptions(at::kDouble))
                           .square();
    auto root = at::cumprod(1 - betas, 0).sqrt();
    const double first = root[0].item<double>();
    const double last = root[num_train_timesteps - 1].item<double>();
    root = (root - last) * (first / (first - last));
    alphas_cumprod_ = root.square().to(device, at::kFloat);
}

Tensor TrainingNoise::add_noise(const Tensor& latents, const Tensor& noise,
                                const Tensor& timesteps) const {
    const auto s = shares(alphas_cumprod_, timesteps);
    return s.signal * latents + s.noise * noise;
}

Tensor TrainingNoise::velocity(const Tensor& latents, const Tensor& noise,
                               const Tensor& timesteps) const {
    const auto s = shares(alphas_cumprod_, timesteps);
    return s.signal * noise - s.noise * latents;
}

Tensor TrainingNoise::weights(const Tensor& timesteps) const {
    // In terms of a: SNR = a / (1 - a), so min(SNR, 5) / (SNR + 1) = min(a, 5 (1 - a)); SNR 1 is a
    // = 0.5.
    const auto a = alphas_cumprod_.index_select(0, timesteps);
    return a.clamp_min(0.5).minimum(5 * (1 - a));
}

} // namespace likeness
