#pragma once

#include "core/schedulers/scheduler_config.h"

#include <vector>

namespace likeness {

// sqrt((1 - a) / a) of every training timestep; at zero terminal SNR the last one is finite.
std::vector<float> sigma_table(const SchedulerConfig& config);

// The table at a fractional timestep; its ends beyond them.
double sigma_at(const std::vector<float>& table, double timestep);

// The (fractional) timestep of a sigma: linear in the logarithm between the table's entries.
double timestep_of(double sigma, const std::vector<float>& log_table);

std::vector<float> log_of(const std::vector<float>& table);

// n noise levels between the two, from most to least: Karras' (equation 5 of arXiv 2206.00364 with
// rho 7), evenly in the logarithm, or by the quantiles of a beta distribution (arXiv 2407.12173).
std::vector<double> sigmas_between(SigmaSchedule schedule, double sigma_max, double sigma_min,
                                   int n);

} // namespace likeness
