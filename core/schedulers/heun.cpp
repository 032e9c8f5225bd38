#include "core/schedulers/heun.h"

#include "core/schedulers/clean_sample.h"

#include <ATen/TensorOperators.h>

namespace likeness {

HeunScheduler::HeunScheduler(const SchedulerConfig& config, int num_inference_steps)
    : SigmaScheduler(with_two_stages(config), num_inference_steps),
      clip_range_(clip_range(config, /*clips_by_default=*/false)) {
    double_stages();
}

Tensor HeunScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    return clipped(SigmaScheduler::denoised(noise_pred, i, sample), clip_range_);
}

// Euler's step, then the same one again along the mean of the slopes at both of its ends.
Tensor HeunScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    const Tensor slope = derivative(noise_pred, i, sample);
    const bool begins = i % 2 == 0;
    Tensor moved;
    if (begins) {
        history_.sample = sample.to(at::kFloat);
        history_.outputs = {slope};
        moved = history_.sample + slope * (sigma(i + 1) - sigma(i));
    } else {
        const Tensor mean = (history_.outputs.front() + slope) / 2;
        moved = history_.sample + mean * (sigma(i) - sigma(i - 1));
    }
    ++history_.steps;
    return moved.to(noise_pred.scalar_type());
}

} // namespace likeness
