#pragma once

#include "core/schedulers/scheduler.h"
#include "core/schedulers/scheduler_config.h"

#include <memory>
#include <string_view>

namespace likeness {

// The scheduler of that name ("ddim", "dpmpp_2m": SchedulerKind as JSON spells it) for one job,
// whatever class the config was written for. Throws Error{bad_request} for another name or an
// impossible number of steps.
std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerConfig& config,
                                          int num_inference_steps);

} // namespace likeness
