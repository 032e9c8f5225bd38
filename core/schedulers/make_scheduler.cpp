#include "core/schedulers/make_scheduler.h"

#include "core/base/error.h"
#include "core/schedulers/ddim.h"
#include "core/schedulers/ddpm.h"
#include "core/schedulers/dpm2.h"
#include "core/schedulers/dpmpp_2m.h"
#include "core/schedulers/dpmpp_2s.h"
#include "core/schedulers/dpmpp_sde.h"
#include "core/schedulers/euler.h"
#include "core/schedulers/euler_ancestral.h"
#include "core/schedulers/heun.h"
#include "core/schedulers/lcm.h"
#include "core/schedulers/lms.h"
#include "core/schedulers/pndm.h"
#include "core/schedulers/unipc.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace likeness {

namespace {

SchedulerConfig with_levels(SchedulerConfig config, SigmaSchedule levels) {
    config.sigma_schedule = levels;
    return config;
}

bool has_own_levels(std::string_view name) {
    constexpr std::string_view kNames[] = {"euler",          "heun",     "lms",          "dpm2",
                                           "dpm2_ancestral", "dpmpp_2m", "dpmpp_2m_sde", "dpmpp_2s",
                                           "dpmpp_sde",      "unipc"};
    return std::ranges::find(kNames, name) != std::end(kNames);
}

} // namespace

std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerConfig& config,
                                          int num_inference_steps) {
    const int n = num_inference_steps;
    for (const auto& [suffix, levels] : {std::pair("_karras", SigmaSchedule::karras),
                                         std::pair("_exponential", SigmaSchedule::exponential),
                                         std::pair("_beta", SigmaSchedule::beta)}) {
        const std::string_view plain = name.substr(0, name.rfind(suffix));
        if (name.ends_with(suffix) && has_own_levels(plain)) {
            return make_scheduler(plain, with_levels(config, levels), n);
        }
    }
    if (name == "ddim") {
        return std::make_unique<DdimScheduler>(config, n);
    }
    if (name == "euler") {
        return std::make_unique<EulerScheduler>(config, n);
    }
    if (name == "euler_ancestral") {
        return std::make_unique<EulerAncestralScheduler>(config, n);
    }
    if (name == "pndm") {
        return std::make_unique<PndmScheduler>(config, n);
    }
    if (name == "dpmpp_2m") {
        return std::make_unique<DpmppScheduler>(config, n, DpmppScheduler::Noise::none);
    }
    if (name == "dpmpp_2m_sde") {
        return std::make_unique<DpmppScheduler>(config, n, DpmppScheduler::Noise::drawn);
    }
    if (name == "dpmpp_2s") {
        return std::make_unique<DpmppSinglestepScheduler>(config, n);
    }
    if (name == "dpmpp_sde") {
        return std::make_unique<DpmppSdeScheduler>(config, n);
    }
    if (name == "heun") {
        return std::make_unique<HeunScheduler>(config, n);
    }
    if (name == "lms") {
        return std::make_unique<LmsScheduler>(config, n);
    }
    if (name == "dpm2") {
        return std::make_unique<Dpm2Scheduler>(config, n, Dpm2Scheduler::Noise::none);
    }
    if (name == "dpm2_ancestral") {
        return std::make_unique<Dpm2Scheduler>(config, n, Dpm2Scheduler::Noise::drawn);
    }
    if (name == "unipc") {
        return std::make_unique<UniPcScheduler>(config, n);
    }
    if (name == "lcm") {
        return std::make_unique<LcmScheduler>(config, n);
    }
    if (name == "ddpm") {
        return std::make_unique<DdpmScheduler>(config, n);
    }
    throw Error(ErrorCode::bad_request, message("There is no scheduler \"{}\".", name));
}

} // namespace likeness
