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
// logarithm, those with `_beta` ones that lie densely at both ends (arXiv 2407.12173).
enum class SchedulerKind {
    ddim,
    euler,
    euler_karras,
    euler_exponential,
    euler_beta,
    euler_ancestral,
    pndm,
    dpmpp_2m,
    dpmpp_2m_karras,
    dpmpp_2m_exponential,
    dpmpp_2m_beta,
    dpmpp_2m_sde,
    dpmpp_2m_sde_karras,
    dpmpp_2m_sde_exponential,
    dpmpp_2m_sde_beta,
    dpmpp_2s,
    dpmpp_2s_karras,
    dpmpp_2s_exponential,
    dpmpp_2s_beta,
    dpmpp_sde,
    dpmpp_sde_karras,
    dpmpp_sde_exponential,
    dpmpp_sde_beta,
    unipc,
    unipc_karras,
    unipc_exponential,
    unipc_beta,
    heun,
    heun_karras,
    heun_exponential,
    heun_beta,
    lms,
    lms_karras,
    lms_exponential,
    lms_beta,
    dpm2,
    dpm2_karras,
    dpm2_exponential,
    dpm2_beta,
    dpm2_ancestral,
    dpm2_ancestral_karras,
    dpm2_ancestral_exponential,
    dpm2_ancestral_beta,
    lcm,
    ddpm
};

std::span<const SchedulerKind> scheduler_kinds();

// A rule of the steps and the noise levels it takes: "", "karras", "exponential" or "beta".
struct SchedulerParts {
    SchedulerKind rule = SchedulerKind::ddim;
    std::string_view levels{};

    bool operator==(const SchedulerParts&) const = default;
};

SchedulerParts parts_of(SchedulerKind kind);

// nullopt where the rule has no choice of such levels.
std::optional<SchedulerKind> scheduler_of_parts(const SchedulerParts& parts);

const char* to_string(SchedulerKind kind);
std::optional<SchedulerKind> scheduler_from_string(std::string_view name);

// "one of ddim, euler, ...; euler, ... also with _karras, ...", for whoever wrote another name.
Message scheduler_words();

// The scheduler that a scheduler_config.json was written for, or the one here that comes nearest to
// it: what a request that names none is run with.
SchedulerKind scheduler_of_config(const nlohmann::json& config);

} // namespace likeness
