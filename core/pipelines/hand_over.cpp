#include "core/pipelines/hand_over.h"

#include "core/base/error.h"
#include "core/base/seconds_since.h"
#include "core/pipelines/sd_pipeline.h"
#include "core/pipelines/stages.h"
#include "core/request/resolve.h"
#include "core/schedulers/noise_schedule.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace likeness {

namespace {

// What the refiner reads of the request: the references, LoRAs and the picture to begin from have
// done their work in the base model's steps.
GenerationRequest for_refiner(const GenerationRequest& request) {
    GenerationRequest own = request;
    own.references.clear();
    own.block_scales.clear();
    own.input = {};
    own.strength.reset();
    own.refiner = {};
    return own;
}

} // namespace

int switch_step(const SdModel& model, const Scheduler& scheduler, const GenerationRequest& request,
                Side side) {
    const int total = num_train_timesteps(model.scheduler_config);
    const double timestep = std::nearbyint(total - request.refiner.switch_at * total);
    const std::vector<double>& timesteps = scheduler.timesteps();
    const auto size = static_cast<int>(timesteps.size());
    const auto noisier =
        static_cast<int>(std::ranges::count_if(timesteps, [&](double t) { return t >= timestep; }));
    const int left = size - noisier;
    if (side == Side::refiner && scheduler.stages() == 2 && left % 2 == 0) {
        return noisier - 1; // not between the stages of a step
    }
    return noisier;
}

Result SdPipeline::hand_over(const GenerationRequest& request, const Progress& progress,
                             TensorDump dump, std::vector<HandedOver>& handed_over) {
    return run(request, progress, dump, &handed_over);
}

void SdPipeline::take_over(const GenerationRequest& request,
                           const std::vector<HandedOver>& handed_over, const Progress& progress,
                           TensorDump dump, Result& result) {
    const GenerationRequest own = for_refiner(request);
    if (options_.previews && progress.wants_steps() && !preview_ && !model_->preview_decoder) {
        preview_ = fit_preview(model_->vae, model_->options, [&progress] { progress.check(); });
    }
    TensorMap tensors;
    const Conditions read = conditions(own, progress, result, dump != nullptr ? &tensors : nullptr);
    for (std::size_t index = 0; index < handed_over.size(); ++index) {
        const HandedOver& from = handed_over[index];
        const int64_t channels = model_->vae.config.latent_channels;
        if (from.latents.size(1) != channels) {
            throw Error(ErrorCode::model_mismatch,
                        message("The refiner {} reads latents of {} channels, the base model's "
                                "have {}. They do not belong together.",
                                model_->folder.name, channels, from.latents.size(1)));
        }
        const auto scheduler = scheduler_of(*model_, own);
        // A picture that is made anew a little may begin where the refiner is at work already.
        const int first =
            std::max(switch_step(*model_, *scheduler, request, Side::refiner), from.begun);
        const auto begin = std::chrono::steady_clock::now();
        const auto number = static_cast<int>(index);
        TensorDump first_dump = index == 0 && dump != nullptr ? &tensors : nullptr;
        const StepTaken end = take_steps(single(own, number), read, *scheduler,
                                         {.from = {.at = {.latents = from.latents},
                                                   .step = first,
                                                   .beginning = {.latents = from.latents,
                                                                 .first_step = first,
                                                                 .draws = from.draws}},
                                          .image_index = number,
                                          .preview_seconds = &result.preview_seconds,
                                          .dump = first_dump},
                                         progress);
        result.seconds["denoise"] += seconds_since(begin);
        add_picture(single(request, number), number, end.latents, nullptr, progress, first_dump,
                    result);
    }
    for (const auto& [name, tensor] : tensors) {
        (*dump)["refiner." + name] = tensor;
    }
}

} // namespace likeness
