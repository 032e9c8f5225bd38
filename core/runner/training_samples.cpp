#include "core/runner/training_samples.h"

#include "core/pipelines/sd_pipeline.h"
#include "core/request/resolve.h"
#include "core/runner/out_of_memory.h"
#include "core/runner/training_proof.h"

#include <ATen/core/grad_mode.h>

#include <utility>

namespace likeness {

TrainingSampler::TrainingSampler(const SdModel& model, const TrainingRequest& request,
                                 const TrainingListener& listener,
                                 std::shared_ptr<const LoadedAdapter> adapter)
    : model_(model), request_(request), listener_(listener), adapter_(std::move(adapter)) {}

bool TrainingSampler::is_due(std::int64_t step) const {
    return has_room_ && listener_.on_sample && request_.validation_steps > 0 &&
           step % request_.validation_steps == 0;
}

void TrainingSampler::make(std::int64_t step, const Progress& progress) {
    GenerationRequest wanted = request_without(request_);
    wanted.num_images = request_.num_validation_images;
    if (!request_.validation_prompt.empty()) {
        wanted.prompt = request_.validation_prompt;
    }
    const Progress quiet = progress.with_images([](const ImageReady&) {});
    try {
        const at::NoGradGuard no_grad;
        // What a pipeline keeps of the prompt may be of another step: each has its own.
        SdPipeline pipeline(std::shared_ptr<const SdModel>(std::shared_ptr<void>(), &model_),
                            {.previews = false});
        if (adapter_) {
            pipeline.use_adapter(adapter_);
        }
        const Result result =
            pipeline.generate(resolve(wanted, model_.folder.traits), quiet, nullptr);
        for (std::size_t i = 0; i < result.images.size(); ++i) {
            listener_.on_sample(
                {.step = step, .index = static_cast<int>(i), .image = result.images[i].image});
        }
    } catch (const Cancelled&) { // who trains is asked next, and leaves a checkpoint
    } catch (const std::exception& error) {
        if (!is_out_of_memory(error)) {
            throw;
        }
        has_room_ = false;
        if (listener_.on_notice) {
            listener_.on_notice(message("No sample was made at step {}, for memory ran out; the "
                                        "training goes on without.",
                                        step));
        }
    }
}

} // namespace likeness
