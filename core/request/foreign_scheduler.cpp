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
};

using enum SchedulerKind;

constexpr Known kKnown[] = {
    {"ddim", ddim, ddim},
    {"euler", euler, euler_karras},
    {"eulera", euler_ancestral, euler_ancestral},
    {"eulerancestral", euler_ancestral, euler_ancestral},
    {"plms", pndm, pndm},
    {"pndm", pndm, pndm},
    {"dpmpp2m", dpmpp_2m, dpmpp_2m_karras},
    {"dpmpp2msde", dpmpp_2m_sde, dpmpp_2m_sde_karras},
    {"dpmpp2msdegpu", dpmpp_2m_sde, dpmpp_2m_sde_karras},
    {"unipc", unipc, unipc},
    {"unipcbh2", unipc, unipc},
    {"lcm", lcm, lcm},
    {"ddpm", ddpm, ddpm},
    // InvokeAI's
    {"eulerk", euler_karras, euler_karras},
    {"dpmpp2mk", dpmpp_2m_karras, dpmpp_2m_karras},
    {"dpmpp2msdek", dpmpp_2m_sde_karras, dpmpp_2m_sde_karras},
};

} // namespace

ForeignScheduler scheduler_of_names(std::string_view sampler, std::string_view schedule) {
    std::string name = squeezed(sampler);
    std::string levels = squeezed(schedule);
    constexpr std::string_view kKarras = "karras";
    if (name.ends_with(kKarras)) {
        name.resize(name.size() - kKarras.size());
        levels = kKarras;
    }
    // AUTOMATIC1111 takes Karras' levels for DPM++ 2M by itself, and exponential ones for its SDE.
    if (levels == "automatic") {
        levels = name == "dpmpp2m" ? kKarras : name == "dpmpp2msde" ? "exponential" : "";
    }
    const bool is_plain = levels.empty() || levels == "normal" || levels == "uniform" ||
                          levels == "discrete" || levels == "default";
    const auto* known = std::ranges::find(kKnown, name, &Known::name);
    if (known == std::end(kKnown)) {
        return {.knows_schedule = is_plain};
    }
    if (levels == kKarras) {
        const bool has_karras = known->kind != known->karras || known->name.ends_with('k');
        return {.kind = known->karras, .knows_schedule = has_karras};
    }
    return {.kind = known->kind, .knows_schedule = is_plain};
}

} // namespace likeness
