#pragma once

#include "core/base/message.h"

#include <optional>
#include <span>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

// The schedulers, spelled as JSON and the command line spell them. Their noise levels follow the
// model's own scheduler_config.json, as diffusers' `from_config` does; those with `_karras` take
// the ones of arXiv 2206.00364 instead, those with `_exponential` ones that fall evenly in the
// logarithm.
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
    dpmpp_2m_sde_exponential,
    dpmpp_2s,
    dpmpp_2s_karras,
    dpmpp_sde,
    dpmpp_sde_karras,
    unipc,
    unipc_karras,
    heun,
    heun_karras,
    lms,
    lms_karras,
    dpm2,
    dpm2_karras,
    dpm2_ancestral,
    dpm2_ancestral_karras,
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
