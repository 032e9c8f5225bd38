#pragma once

#include "core/schedulers/scheduler_config.h"
#include "core/tensor/tensor.h"

#include <vector>

namespace likeness {

// The cumulative product of alphas of every training timestep, [num_train_timesteps] float32,
// computed as diffusers does it down to the last bit; rescaled to zero terminal SNR (arXiv
// 2305.08891) where the config says so.
Tensor alphas_cumprod(const SchedulerConfig& config);

// The training timesteps of an n-step schedule from most to least noise (arXiv 2305.08891, table
// 2), before any rounding of linspace. Throws Error{bad_request} when n is
// not 1..num_train_timesteps.
std::vector<double> spaced_timesteps(TimestepSpacing spacing, int num_inference_steps,
                                     int num_train_timesteps, int steps_offset);

// The same as whole numbers, each of which is a training timestep. Throws Error{bad_request} also
// where steps_offset pushes the first one past the last.
std::vector<int> whole_timesteps(const SchedulerConfig& config, TimestepSpacing default_spacing,
                                 int num_inference_steps);

// Throws Error{model_mismatch} where the config asks for dynamic thresholding.
void refuse_thresholding(const SchedulerConfig& config);

// n numbers from first to last, computed as numpy does it.
std::vector<double> linspace(double first, double last, int n);

// config.num_train_timesteps, or the class's default; the length of trained_betas where these are
// given.
int num_train_timesteps(const SchedulerConfig& config);

} // namespace likeness
