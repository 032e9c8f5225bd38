#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>

namespace likeness {

// The noise a diffusion model is trained with: `scaled_linear` betas, brought to zero terminal
// signal (arXiv 2305.08891), and the velocity target (arXiv 2202.00512).
class TrainingNoise {
public:
    explicit TrainingNoise(std::int64_t num_train_timesteps = 1000, double beta_start = 0.00085,
                           double beta_end = 0.012, at::Device device = at::kCPU);

    // Cumulative products of the alphas, float32 [num_train_timesteps]; the last is exactly 0.
    const Tensor& alphas_cumprod() const { return alphas_cumprod_; }

    // sqrt(a) latents + sqrt(1 - a) noise. latents, noise [B, C, h, w], timesteps int64 [B].
    Tensor add_noise(const Tensor& latents, const Tensor& noise, const Tensor& timesteps) const;

    // v = sqrt(a) noise - sqrt(1 - a) latents.
    Tensor velocity(const Tensor& latents, const Tensor& noise, const Tensor& timesteps) const;

    // Weight of each sample's squared error on v, [B]: min(SNR, 5) / (SNR + 1) (arXiv 2303.09556).
    // Where there is more noise than signal it stays at the value of SNR 1: the plain formula goes
    // to 0 at the last timestep, where generation begins.
    Tensor weights(const Tensor& timesteps) const;

private:
    Tensor alphas_cumprod_;
};

} // namespace likeness
