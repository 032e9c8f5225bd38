#pragma once

#include "core/base/message.h"

#include <optional>
#include <span>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

// The schedulers, spelled as JSON and the command line spell them. Those without a `_karras` follow
// the model's own scheduler_config.json, as diffusers' `from_config` does; those with it take the
// noise levels of arXiv 2206.00364 instead.
enum class SchedulerKind {
    ddim,
    euler,
    euler_karras,
    euler_ancestral,
    pndm,
    dpmpp_2m,
    dpmpp_2m_karras,
    dpmpp_2m_sde,
    dpmpp_2m_sde_karras,
    unipc,
    lcm,
    ddpm
};

std::span<const SchedulerKind> scheduler_kinds();

const char* to_string(SchedulerKind kind);
std::optional<SchedulerKind> scheduler_from_string(std::string_view name);

// "one of ddim, euler, ...", for whoever wrote another name.
Message scheduler_words();

// The scheduler that a scheduler_config.json was written for, or the one here that comes nearest to
// it: what a request that names none is run with.
SchedulerKind scheduler_of_config(const nlohmann::json& config);

} // namespace likeness
