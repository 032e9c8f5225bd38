#include "core/schedulers/make_scheduler.h"

#include "core/base/error.h"
#include "core/schedulers/ddim.h"
#include "core/schedulers/ddpm.h"
#include "core/schedulers/dpmpp_2m.h"
#include "core/schedulers/euler.h"
#include "core/schedulers/euler_ancestral.h"
#include "core/schedulers/lcm.h"
#include "core/schedulers/pndm.h"
#include "core/schedulers/unipc.h"

namespace likeness {

namespace {

SchedulerConfig with_karras(SchedulerConfig config) {
    config.sigma_schedule = SigmaSchedule::karras;
    return config;
}

} // namespace

std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerConfig& config,
                                          int num_inference_steps) {
    constexpr std::string_view kKarras = "_karras";
    const int n = num_inference_steps;
    if (name == "euler_karras" || name == "dpmpp_2m_karras" || name == "dpmpp_2m_sde_karras") {
        name.remove_suffix(kKarras.size());
        return make_scheduler(name, with_karras(config), n);
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
