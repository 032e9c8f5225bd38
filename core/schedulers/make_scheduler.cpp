#include "core/schedulers/make_scheduler.h"

#include "core/base/error.h"
#include "core/schedulers/ddim.h"
#include "core/schedulers/euler.h"

namespace likeness {

std::unique_ptr<Scheduler> make_scheduler(std::string_view name, const SchedulerConfig& config,
                                          int num_inference_steps) {
    if (name == "ddim") {
        return std::make_unique<DdimScheduler>(config, num_inference_steps);
    }
    if (name == "euler") {
        return std::make_unique<EulerScheduler>(config, num_inference_steps);
    }
    throw Error(ErrorCode::bad_request,
                message("scheduler is \"{}\"; there are ddim and euler.", name));
}

std::string_view default_scheduler(const SchedulerConfig& config) {
    return config.class_name.starts_with("Euler") ? "euler" : "ddim";
}

} // namespace likeness
