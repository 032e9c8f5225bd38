#pragma once

#include "core/request/scheduler_kind.h"

#include <optional>
#include <string_view>

namespace likeness {

// What other programs' names for a scheduler come to here.
struct ForeignScheduler {
    std::optional<SchedulerKind> kind{}; // empty: none here does it
    bool knows_schedule = true;          // false: the noise levels will be others
};

// AUTOMATIC1111: "DPM++ 2M Karras", or "DPM++ 2M" and the schedule "Karras" or "Automatic";
// ComfyUI: "dpmpp_2m" and "karras"; InvokeAI: "dpmpp_2m_k"; stable-diffusion.cpp: "dpm++2m" and
// "karras". `schedule` may be empty.
ForeignScheduler scheduler_of_names(std::string_view sampler, std::string_view schedule);

} // namespace likeness
