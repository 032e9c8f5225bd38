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

// Whose schedule: in diffusers their classes differ in small ways.
enum class VpSolver { dpmpp_2m, dpmpp_2s, unipc };

// Throws Error{bad_request} for a number of steps that the schedule cannot have,
// Error{model_mismatch} for a config that asks for what is not done here (flow or lu sigmas,
// dynamic thresholding).
VpSchedule vp_schedule(const SchedulerConfig& config, int num_inference_steps, VpSolver solver);

} // namespace likeness
