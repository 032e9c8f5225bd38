#pragma once

#include "core/pipelines/sd_model.h"
#include "core/request/generation_request.h"
#include "core/schedulers/scheduler.h"

namespace likeness {

// The two models of a picture with a refiner.
enum class Side { base, refiner };

// Where the base model's steps end, or the refiner's begin: by the timestep that the request's
// switch_at means for that model (diffusers' denoising_end and denoising_start).
int switch_step(const SdModel& model, const Scheduler& scheduler, const GenerationRequest& request,
                Side side);

} // namespace likeness
