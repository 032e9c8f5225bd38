#include "core/schedulers/dpmpp_sde.h"

#include "core/base/check.h"
#include "core/schedulers/euler_ancestral.h"
#include "core/schedulers/sigmas.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace likeness {

DpmppSdeScheduler::DpmppSdeScheduler(const SchedulerConfig& config, int num_inference_steps)
    : SigmaScheduler(with_two_stages(without_karras_range(config)), num_inference_steps) {
    refuse_clean_prediction(config, "DPM++ SDE");
    for (std::size_t step = 0; step < timesteps_.size(); ++step) {
        middles_.push_back(std::exp((std::log(sigmas_[step]) + std::log(sigmas_[step + 1])) / 2));
    }
    double_stages();
    const std::vector<float> log_table = log_of(sigma_table(with_two_stages(config)));
    for (std::size_t step = 0; step + 1 < middles_.size(); ++step) {
        timesteps_[2 * step + 1] = timestep_of(middles_[step], log_table);
    }
}

float DpmppSdeScheduler::input_sigma(int i) const {
    return i % 2 == 0 ? sigma(i) : middles_[static_cast<std::size_t>(i) / 2];
}

// An ancestral step of the exponential integrator to the middle, and from the beginning again to
// the end with the clean sample found there.
Tensor DpmppSdeScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const bool begins = i % 2 == 0;
    const float from = begins ? sigma(i) : sigma(i - 1);
    const float middle = middles_[static_cast<std::size_t>(i) / 2];
    const float to = begins ? middle : sigma(i);
    const Tensor clean = denoised(noise_pred, i, sample);
    ++history_.steps;
    if (to == 0) {
        return clean.to(noise_pred.scalar_type());
    }
    // The path from `from` to `to`, by the deviation of its length.
    Tensor path = draw(noise_pred);
    if (begins) {
        history_.sample = sample.to(at::kFloat);
        history_.outputs = {path};
    } else {
        path =
            (std::sqrt(from - middle) * history_.outputs.front() + std::sqrt(middle - to) * path) /
            std::sqrt(from - to);
    }
    const float up = std::min(AncestralStep(from, to).up, to);
    const float down = std::sqrt(to * to - up * up);
    const Tensor moved =
        down / from * history_.sample - std::expm1(std::log(down) - std::log(from)) * clean;
    return (moved + path * up).to(noise_pred.scalar_type());
}

} // namespace likeness
