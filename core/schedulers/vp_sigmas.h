#pragma once

#include "core/schedulers/scheduler_config.h"

#include <vector>

namespace likeness {

// The noise levels of the solvers that step in the logarithm of the signal-to-noise ratio (DPM++,
// UniPC), and the whole timesteps that belong to them.
struct VpSchedule {
    std::vector<double> timesteps{};
    std::vector<float> sigmas{}; // one more: where the last step ends
};

// What is at a noise level: the sample is alpha * clean + sigma * noise.
struct VpLevel {
    float alpha = 1;
    float sigma = 0;
    float lambda = 0; // log(alpha / sigma); infinite where no noise is left
};

VpLevel vp_level(float sigma);

// `repeats_last`: with final_sigmas_type sigma_min a schedule that is not of the timesteps ends at
// its own last level (UniPC) rather than at the table's first (DPM++). Throws Error{bad_request}
// for a number of steps that the schedule cannot have, Error{model_mismatch} for a config that asks
// for what is not done here (beta, flow or lu sigmas, dynamic thresholding).
VpSchedule vp_schedule(const SchedulerConfig& config, int num_inference_steps, bool repeats_last);

} // namespace likeness
