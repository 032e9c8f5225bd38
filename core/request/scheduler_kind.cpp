#include "core/request/scheduler_kind.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

constexpr std::pair<SchedulerKind, const char*> kNames[] = {
    {SchedulerKind::ddim, "ddim"},
    {SchedulerKind::euler, "euler"},
    {SchedulerKind::euler_karras, "euler_karras"},
    {SchedulerKind::euler_ancestral, "euler_ancestral"},
    {SchedulerKind::pndm, "pndm"},
    {SchedulerKind::dpmpp_2m, "dpmpp_2m"},
    {SchedulerKind::dpmpp_2m_karras, "dpmpp_2m_karras"},
    {SchedulerKind::dpmpp_2m_sde, "dpmpp_2m_sde"},
    {SchedulerKind::dpmpp_2m_sde_karras, "dpmpp_2m_sde_karras"},
    {SchedulerKind::dpmpp_2m_sde_exponential, "dpmpp_2m_sde_exponential"},
    {SchedulerKind::dpmpp_2s, "dpmpp_2s"},
    {SchedulerKind::dpmpp_2s_karras, "dpmpp_2s_karras"},
    {SchedulerKind::dpmpp_sde, "dpmpp_sde"},
    {SchedulerKind::dpmpp_sde_karras, "dpmpp_sde_karras"},
    {SchedulerKind::unipc, "unipc"},
    {SchedulerKind::unipc_karras, "unipc_karras"},
    {SchedulerKind::heun, "heun"},
    {SchedulerKind::heun_karras, "heun_karras"},
    {SchedulerKind::lms, "lms"},
    {SchedulerKind::lms_karras, "lms_karras"},
    {SchedulerKind::dpm2, "dpm2"},
    {SchedulerKind::dpm2_karras, "dpm2_karras"},
    {SchedulerKind::dpm2_ancestral, "dpm2_ancestral"},
    {SchedulerKind::dpm2_ancestral_karras, "dpm2_ancestral_karras"},
    {SchedulerKind::lcm, "lcm"},
    {SchedulerKind::ddpm, "ddpm"},
};

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

Message scheduler_words() {
    std::vector<std::string_view> words;
    for (const auto& [kind, word] : kNames) {
        words.emplace_back(word);
    }
    return message("one of {}", fmt::format("{}", fmt::join(words, ", ")));
}

SchedulerKind scheduler_of_config(const nlohmann::json& config) {
    const auto text = [&](const char* key) {
        const auto found = config.find(key);
        return found != config.end() && found->is_string() ? found->get<std::string>() : "";
    };
    const auto karras = config.find("use_karras_sigmas");
    const bool is_karras = karras != config.end() && karras->is_boolean() && karras->get<bool>();
    const std::string name = text("_class_name");
    SchedulerKind kind = name.starts_with("Euler") ? SchedulerKind::euler : SchedulerKind::ddim;
    for (const auto& [class_name, nearest] : kClasses) {
        kind = name == class_name ? nearest : kind;
    }
    if (kind == SchedulerKind::dpmpp_2m && text("algorithm_type").starts_with("sde-")) {
        kind = SchedulerKind::dpmpp_2m_sde;
    }
    if (is_karras) { // says what from_config() would do anyway
        kind = scheduler_from_string(std::string(to_string(kind)) + "_karras").value_or(kind);
    }
    return kind;
}

} // namespace likeness
