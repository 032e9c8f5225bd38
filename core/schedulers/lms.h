#pragma once

#include "core/schedulers/sigma_scheduler.h"

namespace likeness {

// A linear multistep rule on the probability flow: the polynomial through the last four slopes,
// integrated over the step (k-diffusion's "LMS").
class LmsScheduler : public SigmaScheduler {
public:
    // Throws as SigmaScheduler does.
    LmsScheduler(const SchedulerConfig& config, int num_inference_steps);

    Tensor step(const Tensor& noise_pred, int i, const Tensor& sample) override;

private:
    // What the slope of `back` steps before step i counts for, of `order` slopes.
    double weight(int i, int back, int order) const;
};

} // namespace likeness
