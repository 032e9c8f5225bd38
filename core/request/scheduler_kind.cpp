#include "core/request/scheduler_kind.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

constexpr std::pair<SchedulerKind, const char*> kNames[] = {
    {SchedulerKind::ddim, "ddim"},
    {SchedulerKind::euler, "euler"},
    {SchedulerKind::euler_karras, "euler_karras"},
    {SchedulerKind::euler_exponential, "euler_exponential"},
    {SchedulerKind::euler_beta, "euler_beta"},
    {SchedulerKind::euler_ancestral, "euler_ancestral"},
    {SchedulerKind::pndm, "pndm"},
    {SchedulerKind::dpmpp_2m, "dpmpp_2m"},
    {SchedulerKind::dpmpp_2m_karras, "dpmpp_2m_karras"},
    {SchedulerKind::dpmpp_2m_exponential, "dpmpp_2m_exponential"},
    {SchedulerKind::dpmpp_2m_beta, "dpmpp_2m_beta"},
    {SchedulerKind::dpmpp_2m_sde, "dpmpp_2m_sde"},
    {SchedulerKind::dpmpp_2m_sde_karras, "dpmpp_2m_sde_karras"},
    {SchedulerKind::dpmpp_2m_sde_exponential, "dpmpp_2m_sde_exponential"},
    {SchedulerKind::dpmpp_2m_sde_beta, "dpmpp_2m_sde_beta"},
    {SchedulerKind::dpmpp_2s, "dpmpp_2s"},
    {SchedulerKind::dpmpp_2s_karras, "dpmpp_2s_karras"},
    {SchedulerKind::dpmpp_2s_exponential, "dpmpp_2s_exponential"},
    {SchedulerKind::dpmpp_2s_beta, "dpmpp_2s_beta"},
    {SchedulerKind::dpmpp_sde, "dpmpp_sde"},
    {SchedulerKind::dpmpp_sde_karras, "dpmpp_sde_karras"},
    {SchedulerKind::dpmpp_sde_exponential, "dpmpp_sde_exponential"},
    {SchedulerKind::dpmpp_sde_beta, "dpmpp_sde_beta"},
    {SchedulerKind::unipc, "unipc"},
    {SchedulerKind::unipc_karras, "unipc_karras"},
    {SchedulerKind::unipc_exponential, "unipc_exponential"},
    {SchedulerKind::unipc_beta, "unipc_beta"},
    {SchedulerKind::heun, "heun"},
    {SchedulerKind::heun_karras, "heun_karras"},
    {SchedulerKind::heun_exponential, "heun_exponential"},
    {SchedulerKind::heun_beta, "heun_beta"},
    {SchedulerKind::lms, "lms"},
    {SchedulerKind::lms_karras, "lms_karras"},
    {SchedulerKind::lms_exponential, "lms_exponential"},
    {SchedulerKind::lms_beta, "lms_beta"},
    {SchedulerKind::dpm2, "dpm2"},
    {SchedulerKind::dpm2_karras, "dpm2_karras"},
    {SchedulerKind::dpm2_exponential, "dpm2_exponential"},
    {SchedulerKind::dpm2_beta, "dpm2_beta"},
    {SchedulerKind::dpm2_ancestral, "dpm2_ancestral"},
    {SchedulerKind::dpm2_ancestral_karras, "dpm2_ancestral_karras"},
    {SchedulerKind::dpm2_ancestral_exponential, "dpm2_ancestral_exponential"},
    {SchedulerKind::dpm2_ancestral_beta, "dpm2_ancestral_beta"},
    {SchedulerKind::lcm, "lcm"},
    {SchedulerKind::ddpm, "ddpm"},
};

constexpr std::string_view kLevels[] = {"karras", "exponential", "beta"};

constexpr auto kKinds = [] {
    std::array<SchedulerKind, std::size(kNames)> kinds{};
    std::ranges::transform(kNames, kinds.begin(), [](const auto& row) { return row.first; });
    return kinds;
}();

// diffusers' classes; those without a counterpart here are run by their nearest relative.
constexpr std::pair<std::string_view, SchedulerKind> kClasses[] = {
    {"EulerAncestralDiscreteScheduler", SchedulerKind::euler_ancestral},
    {"KDPM2AncestralDiscreteScheduler", SchedulerKind::dpm2_ancestral},
    {"HeunDiscreteScheduler", SchedulerKind::heun},
    {"LMSDiscreteScheduler", SchedulerKind::lms},
    {"KDPM2DiscreteScheduler", SchedulerKind::dpm2},
    {"PNDMScheduler", SchedulerKind::pndm},
    {"DPMSolverMultistepScheduler", SchedulerKind::dpmpp_2m},
    {"DPMSolverSinglestepScheduler", SchedulerKind::dpmpp_2s},
    {"DEISMultistepScheduler", SchedulerKind::dpmpp_2m},
    {"DPMSolverSDEScheduler", SchedulerKind::dpmpp_sde},
    {"UniPCMultistepScheduler", SchedulerKind::unipc},
    {"LCMScheduler", SchedulerKind::lcm},
    {"TCDScheduler", SchedulerKind::lcm},
    {"DDPMScheduler", SchedulerKind::ddpm},
};

} // namespace

std::span<const SchedulerKind> scheduler_kinds() {
    return kKinds;
}

const char* to_string(SchedulerKind kind) {
    const auto* row =
        std::ranges::find(kNames, kind, &std::pair<SchedulerKind, const char*>::first);
    return row == std::end(kNames) ? "ddim" : row->second;
}

std::optional<SchedulerKind> scheduler_from_string(std::string_view name) {
    for (const auto& [kind, word] : kNames) {
        if (name == word) {
            return kind;
        }
    }
    return std::nullopt;
}

SchedulerParts parts_of(SchedulerKind kind) {
    const std::string_view name = to_string(kind);
    for (const std::string_view levels : kLevels) {
        if (name.ends_with(levels)) {
            const auto rule =
                scheduler_from_string(name.substr(0, name.size() - levels.size() - 1));
            return {.rule = rule.value_or(kind), .levels = levels};
        }
    }
    return {.rule = kind};
}

std::optional<SchedulerKind> scheduler_of_parts(const SchedulerParts& parts) {
    return parts.levels.empty()
               ? parts.rule
               : scheduler_from_string(fmt::format("{}_{}", to_string(parts.rule), parts.levels));
}

Message scheduler_words() {
    std::vector<std::string_view> rules, with_levels;
    for (const auto& [kind, word] : kNames) {
        if (parts_of(kind).levels.empty()) {
            rules.emplace_back(word);
            if (scheduler_of_parts({.rule = kind, .levels = kLevels[0]})) {
                with_levels.emplace_back(word);
            }
        }
    }
    return message("one of {}; {} also with _karras, _exponential or _beta at the end",
                   fmt::format("{}", fmt::join(rules, ", ")),
                   fmt::format("{}", fmt::join(with_levels, ", ")));
}

SchedulerKind scheduler_of_config(const nlohmann::json& config) {
    const auto text = [&](const char* key) {
        const auto found = config.find(key);
        return found != config.end() && found->is_string() ? found->get<std::string>() : "";
    };
    const std::string name = text("_class_name");
    SchedulerKind kind = name.starts_with("Euler") ? SchedulerKind::euler : SchedulerKind::ddim;
    for (const auto& [class_name, nearest] : kClasses) {
        kind = name == class_name ? nearest : kind;
    }
    if (kind == SchedulerKind::dpmpp_2m && text("algorithm_type").starts_with("sde-")) {
        kind = SchedulerKind::dpmpp_2m_sde;
    }
    for (const std::string_view levels : kLevels) { // says what from_config() would do anyway
        const auto flag = config.find(fmt::format("use_{}_sigmas", levels));
        if (flag != config.end() && flag->is_boolean() && flag->get<bool>()) {
            kind = scheduler_of_parts({.rule = kind, .levels = levels}).value_or(kind);
        }
    }
    return kind;
}

} // namespace likeness
