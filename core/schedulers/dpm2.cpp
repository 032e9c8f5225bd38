#include "core/schedulers/dpm2.h"

#include "core/schedulers/euler_ancestral.h"
#include "core/schedulers/sigmas.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace likeness {

Dpm2Scheduler::Dpm2Scheduler(const SchedulerConfig& config, int num_inference_steps, Noise noise)
    : SigmaScheduler(with_two_stages(config), num_inference_steps),
      is_stochastic_(noise == Noise::drawn) {
    refuse_clean_prediction(config, "DPM2");
    if (config.sigma_schedule == SigmaSchedule::karras) {
        for (double& timestep : timesteps_) {
            timestep = std::nearbyint(timestep);
        }
    }
    for (std::size_t step = 0; step < timesteps_.size(); ++step) {
        const float from = sigmas_[step];
        const float to = sigmas_[step + 1];
        const AncestralStep way(from, to);
        const bool draws = is_stochastic_ && to > 0;
        ends_.push_back(draws ? way.down : to);
        noises_.push_back(draws ? way.up : 0.0F);
        middles_.push_back(std::exp((std::log(from) + std::log(ends_.back())) / 2)); // 0 at the end
    }
    double_stages();
    const std::vector<float> log_table = log_of(sigma_table(with_two_stages(config)));
    for (std::size_t step = 0; step + 1 < middles_.size(); ++step) {
        timesteps_[2 * step + 1] = static_cast<float>(timestep_of(middles_[step], log_table));
    }
}

float Dpm2Scheduler::input_sigma(int i) const {
    return i % 2 == 0 ? sigma(i) : middles_[static_cast<std::size_t>(i) / 2];
}

// To the middle, and from the beginning again along the slope there.
Tensor Dpm2Scheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    const Tensor slope = derivative(noise_pred, i, sample);
    const auto step = static_cast<std::size_t>(i) / 2;
    ++history_.steps;
    if (i % 2 == 0) {
        history_.sample = sample.to(at::kFloat);
        return (history_.sample + slope * (middles_[step] - sigma(i))).to(noise_pred.scalar_type());
    }
    Tensor moved = history_.sample + slope * (ends_[step] - sigma(i - 1));
    if (is_stochastic_) {
        moved = moved + draw(noise_pred) * noises_[step];
    }
    return moved.to(noise_pred.scalar_type());
}

} // namespace likeness
