#pragma once

#include "core/schedulers/sigma_scheduler.h"

namespace likeness {

// Euler's method on the probability flow (algorithm 2 of arXiv 2206.00364 without churn).
class EulerScheduler : public SigmaScheduler {
public:
    // Throws as SigmaScheduler does.
    EulerScheduler(const SchedulerConfig& config, int num_inference_steps)
        : SigmaScheduler(config, num_inference_steps) {}

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;
};

} // namespace likeness
