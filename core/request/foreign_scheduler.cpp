#include "core/request/foreign_scheduler.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <utility>

namespace likeness {

namespace {

// Letters and digits alone, small; "++" as "pp".
std::string squeezed(std::string_view name) {
    std::string result;
    for (const char c : name) {
        if (c == '+') {
            result += 'p';
        } else if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
            result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
    }
    return result;
}

struct Known {
    std::string_view name;
    SchedulerKind kind;
    SchedulerKind karras; // the same with Karras' noise levels; itself where there is none
    std::string_view automatic = ""; // AUTOMATIC1111's schedule where none is chosen
};

using enum SchedulerKind;

constexpr std::string_view kKarras = "karras";
constexpr std::string_view kExponential = "exponential";

constexpr Known kKnown[] = {
    {"ddim", ddim, ddim},
    {"euler", euler, euler_karras},
    {"eulera", euler_ancestral, euler_ancestral},
    {"eulerancestral", euler_ancestral, euler_ancestral},
    {"plms", pndm, pndm},
    {"pndm", pndm, pndm},
    {"dpmpp2m", dpmpp_2m, dpmpp_2m_karras, kKarras},
    {"dpmpp2msde", dpmpp_2m_sde, dpmpp_2m_sde_karras, kExponential},
    {"dpmpp2msdegpu", dpmpp_2m_sde, dpmpp_2m_sde_karras},
    {"dpmppsde", dpmpp_sde, dpmpp_sde_karras, kKarras},
    {"dpmppsdegpu", dpmpp_sde, dpmpp_sde_karras},
    {"dpmpp2s", dpmpp_2s, dpmpp_2s_karras},
    {"unipc", unipc, unipc_karras},
    {"unipcbh2", unipc, unipc_karras},
    {"heun", heun, heun_karras},
    {"lms", lms, lms_karras},
    {"dpm2", dpm2, dpm2_karras, kKarras},
    {"dpm2a", dpm2_ancestral, dpm2_ancestral_karras, kKarras},
    {"dpm2ancestral", dpm2_ancestral, dpm2_ancestral_karras},
    {"kdpm2", dpm2, dpm2_karras},
    {"kdpm2a", dpm2_ancestral, dpm2_ancestral_karras},
    {"lcm", lcm, lcm},
    {"ddpm", ddpm, ddpm},
    // InvokeAI's
    {"eulerk", euler_karras, euler_karras},
    {"dpmpp2mk", dpmpp_2m_karras, dpmpp_2m_karras},
    {"dpmpp2msdek", dpmpp_2m_sde_karras, dpmpp_2m_sde_karras},
    {"dpmpp2sk", dpmpp_2s_karras, dpmpp_2s_karras},
    {"dpmppsdek", dpmpp_sde_karras, dpmpp_sde_karras},
    {"unipck", unipc_karras, unipc_karras},
    {"heunk", heun_karras, heun_karras},
    {"lmsk", lms_karras, lms_karras},
    {"kdpm2k", dpm2_karras, dpm2_karras},
    {"kdpm2ak", dpm2_ancestral_karras, dpm2_ancestral_karras},
};

} // namespace

ForeignScheduler scheduler_of_names(std::string_view sampler, std::string_view schedule) {
    std::string name = squeezed(sampler);
    std::string levels = squeezed(schedule);
    for (const std::string_view ending : {kKarras, kExponential}) {
        if (name.ends_with(ending)) {
            name.resize(name.size() - ending.size());
            levels = ending;
        }
    }
    const auto* known = std::ranges::find(kKnown, name, &Known::name);
    if (levels == "automatic") {
        levels = known != std::end(kKnown) ? known->automatic : "";
    }
    const bool is_plain = levels.empty() || levels == "normal" || levels == "uniform" ||
                          levels == "discrete" || levels == "default";
    if (known == std::end(kKnown)) {
        return {.knows_schedule = is_plain};
    }
    if (levels == kKarras) {
        const bool has_karras = known->kind != known->karras || known->name.ends_with('k');
        return {.kind = known->karras, .knows_schedule = has_karras};
    }
    const auto exponential = scheduler_of_parts({.rule = known->kind, .levels = kExponential});
    if (levels == kExponential && exponential) {
        return {.kind = *exponential};
    }
    return {.kind = known->kind, .knows_schedule = is_plain};
}

} // namespace likeness
