#include "core/base/error.h"
#include "core/pipelines/guidance.h"
#include "core/pipelines/picture_noise.h"
#include "core/pipelines/sd_pipeline.h"
#include "core/pipelines/shared_steps.h"
#include "core/pipelines/step_preview.h"
#include "core/request/resolve.h"
#include "core/tensor/device_stream.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <map>
#include <utility>

// The steps of a picture: where they begin, how they are taken, and those of pictures made lately,
// which another picture may go on from.

namespace likeness {

namespace {

// Neighbouring steps hold some of their tensors together.
std::uint64_t bytes_of(const std::vector<StepTaken>& steps) {
    std::map<const void*, std::uint64_t> held;
    const auto add = [&held](const Tensor& tensor) {
        if (tensor.defined()) {
            held[tensor.const_data_ptr()] = tensor.nbytes();
        }
    };
    for (const StepTaken& step : steps) {
        add(step.latents);
        add(step.history.sample);
        add(step.history.sum);
        std::ranges::for_each(step.history.outputs, add);
    }
    std::uint64_t bytes = 0;
    for (const auto& [data, size] : held) {
        bytes += size;
    }
    return bytes;
}

} // namespace

Tensor SdPipeline::noise_pred(UNetCall call) {
    const AddedConditions both = call.added;
    if (!is_guided(*call.context)) {
        call.added = conditional_half(both);
        return graphs_(model_->unet, call);
    }
    if (!sparing_.two_passes) {
        return graphs_(model_->unet, call);
    }
    const AttentionContext& context = *call.context;
    const Tensor unconditional = model_->unet(
        call.sample, call.timesteps, unconditional_half(context), unconditional_half(both));
    return at::cat(
        {unconditional, model_->unet(call.sample, call.timesteps, conditional_half(context),
                                     conditional_half(both))});
}

StepTaken SdPipeline::take_steps(const GenerationRequest& one, const Conditions& conditions,
                                 Scheduler& scheduler, const Steps& steps,
                                 const Progress& progress) {
    Trail trail{.request = one, .steps = steps.from.before};
    scheduler.set_history(steps.from.at.history);
    PictureNoise noise(one);
    if (scheduler.is_stochastic()) { // each step has its own draw, wherever the picture begins
        const Beginning& own = steps.from.beginning;
        noise.skip(steps.from.at.latents.sizes(),
                   own.draws + std::max(0, scheduler.draws_before(steps.from.step) -
                                               scheduler.draws_before(own.first_step)));
        scheduler.set_noise_source([&noise](at::IntArrayRef shape) { return noise.draw(shape); });
    }
    const at::Device device = model_->options.device;
    const Tensor times = to_device(at::tensor(scheduler.timesteps(), at::kDouble), device);
    Denoising job{
        .scheduler = scheduler,
        .predict_noise =
            [&](const Tensor& latents, double, int step) {
                if (steps.predicted.defined()) {
                    return steps.predicted;
                }
                const Tensor& read = steps.from.beginning.conditions;
                const Tensor whole = read.defined() ? at::cat({latents, read}, 1) : latents;
                const auto& context = conditions.by_step[static_cast<std::size_t>(step)];
                const Tensor noise_pred = this->noise_pred(
                    {.sample =
                         whole.to(model_->options.dtype).contiguous(at::MemoryFormat::ChannelsLast),
                     .timesteps = times.slice(0, step, step + 1),
                     .context = context,
                     .added = conditions.added});
                if (context->influence) {
                    context->influence->end_step();
                }
                return noise_pred.to(at::kFloat).contiguous();
            },
        .guided_at =
            [&](int step) {
                return is_guided(*conditions.by_step[static_cast<std::size_t>(step)]);
            },
        .after_step = steps.from.beginning.keep,
        .guidance_scale = *one.guidance_scale,
        .guidance_rescale = one.guidance_rescale,
        .image_index = steps.image_index,
        .first_step = steps.from.step,
        .last_step = steps.last,
        .trail = options_.kept_latents_bytes > 0 ? &trail.steps : nullptr,
        .dump = steps.dump};
    std::optional<StepPreview> preview;
    if ((preview_ || model_->preview_decoder) && steps.preview_seconds != nullptr) {
        const AutoencoderTiny* decoder = model_->preview_decoder.get();
        // A decoder draws well and not quickly: only as often as a tenth of the time allows.
        preview.emplace(
            [this, decoder](const Tensor& latents) {
                return decoder != nullptr ? draw_preview(*decoder, latents, model_->options)
                                          : draw_preview(*preview_, latents);
            },
            device, decoder != nullptr ? 0.1 : 1.0);
        job.make_preview = [&preview](const Tensor& latents) { return (*preview)(latents); };
    }
    Tensor latents = denoise(to_device(steps.from.at.latents, device), job, progress);
    if (preview) {
        *steps.preview_seconds += preview->seconds();
    }
    scheduler.set_noise_source({});
    // Without latents a trail would only hold on to its request's pixels.
    if (job.trail != nullptr && static_cast<int>(steps.from.before.size()) == steps.from.step) {
        keep(std::move(trail));
    }
    return {.latents = std::move(latents), .history = scheduler.history()};
}

void SdPipeline::keep(Trail trail) {
    std::erase_if(trails_, [&](const Trail& old) { return old.request == trail.request; });
    trails_.push_back(std::move(trail));
    std::uint64_t bytes = 0;
    for (const Trail& each : trails_) {
        bytes += bytes_of(each.steps);
    }
    while (bytes > options_.kept_latents_bytes) {
        bytes -= bytes_of(trails_.front().steps);
        trails_.pop_front();
    }
}

SdPipeline::Start SdPipeline::start_of(const GenerationRequest& one, const Conditions& conditions,
                                       const Scheduler& scheduler) const {
    PictureNoise noise(one);
    Beginning beginning = begin(*model_, scheduler, one, conditions.input.get(), noise);
    Start from{.at = {.latents = beginning.latents}, .step = beginning.first_step};
    // The steps it does not take leave it as it begins.
    from.before.assign(static_cast<std::size_t>(from.step), from.at);
    from.beginning = std::move(beginning);
    return from;
}

// That picture, but from where the other one is.
SdPipeline::Start SdPipeline::going_on(Start own, const Start& other) {
    return {.at = other.at,
            .step = other.step,
            .beginning = std::move(own.beginning),
            .before = other.before};
}

SdPipeline::Start SdPipeline::after_common_steps(Start own, const GenerationRequest& one,
                                                 int steps) const {
    int most = own.step;
    const Trail* longest = nullptr;
    for (const Trail& trail : trails_) {
        if (trail.request == one) {
            continue; // whoever asks for the same picture again wants it made
        }
        const int common = std::min({common_steps(trail.request, one, steps), steps - 1,
                                     static_cast<int>(trail.steps.size())});
        if (common > most) {
            most = common;
            longest = &trail;
        }
    }
    if (longest == nullptr) {
        return own;
    }
    const auto end = longest->steps.begin() + most;
    return going_on(std::move(own),
                    {.at = *(end - 1), .step = most, .before = {longest->steps.begin(), end}});
}

SdPipeline::Start SdPipeline::start_of(const Branch& branch, const Progress& progress) {
    const auto scheduler = scheduler_of(*model_, branch.of);
    const int begins =
        branch.of.input.is_given()
            ? first_step(*branch.of.strength, *branch.of.num_inference_steps) * scheduler->stages()
            : 0;
    if (branch.step < begins) { // it has no earlier steps
        return start_of({.of = branch.of, .step = begins}, progress);
    }
    // Some schedulers make more calls of the model than there are steps.
    const auto calls = static_cast<int>(scheduler->timesteps().size());
    if (branch.step >= calls) {
        throw Error(ErrorCode::bad_request,
                    message("branch.step is {}; it goes from 1 to {}.", branch.step, calls - 1));
    }
    const auto step = static_cast<std::size_t>(branch.step);
    for (const Trail& trail : trails_) {
        if (trail.steps.size() >= step && trail.request == branch.of) {
            const auto end = trail.steps.begin() + branch.step;
            return {.at = trail.steps[step - 1],
                    .step = branch.step,
                    .before = {trail.steps.begin(), end}};
        }
    }
    // Not kept any more: the same steps give the same latents.
    std::optional<Start> branched;
    if (branch.of.branch) {
        branched = start_of(*branch.of.branch, progress);
        if (branch.step <= branched->step) { // from before it hung on the other itself
            return start_of({.of = branch.of.branch->of, .step = branch.step}, progress);
        }
    }
    Result unused;
    const Conditions read = conditions(branch.of, progress, unused, nullptr);
    Start from = start_of(branch.of, read, *scheduler);
    if (branched) {
        from = going_on(std::move(from), *branched);
    }
    StepTaken taken =
        take_steps(branch.of, read, *scheduler, {.from = from, .last = branch.step}, progress);
    return {.at = std::move(taken), .step = branch.step};
}

} // namespace likeness
