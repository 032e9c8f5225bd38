#pragma once

#include "core/schedulers/sigma_scheduler.h"

namespace likeness {

// Heun's method on the probability flow (algorithm 1 of arXiv 2206.00364 without churn): two calls
// of the model a step, one for the last.
class HeunScheduler : public SigmaScheduler {
public:
    // Throws as SigmaScheduler does.
    HeunScheduler(const SchedulerConfig& config, int num_inference_steps);

    int stages() const override { return 2; }

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
    Tensor denoised(const Tensor& noise_pred, int i, const Tensor& sample) const override;

private:
    double clip_range_; // 0: not clipped
};

} // namespace likeness
