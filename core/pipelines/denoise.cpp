#include "core/base/seconds_since.h"
#include "core/models/tiled_decode.h"
#include "core/pipelines/stages.h"
#include "core/schedulers/make_scheduler.h"
#include "core/tensor/device_stream.h"

#include <ATen/ops/tensor.h>

#include <chrono>

#include <fmt/format.h>

namespace likeness {

namespace {

using Clock = std::chrono::steady_clock;

// classifier-free guidance (arXiv 2207.12598), then guidance rescale (arXiv 2305.08891, eq. 15 and
// 16).
Tensor guide(const Tensor& noise, double guidance_scale, double guidance_rescale) {
    const auto halves = noise.chunk(2); // [unconditional, conditional]
    Tensor guided = halves[0] + guidance_scale * (halves[1] - halves[0]);
    if (guidance_rescale > 0) {
        const Tensor wanted = halves[1].std({1, 2, 3}, true, true);
        const Tensor rescaled = guided * (wanted / guided.std({1, 2, 3}, true, true));
        guided = guidance_rescale * rescaled + (1 - guidance_rescale) * guided;
    }
    return guided;
}

} // namespace

std::unique_ptr<Scheduler> scheduler_of(const SdModel& model, const GenerationRequest& request) {
    return make_scheduler(to_string(*request.scheduler), model.scheduler_config,
                          *request.num_inference_steps);
}

Tensor denoise(Tensor latents, const Denoising& job, const Progress& progress) {
    const auto& timesteps = job.scheduler.timesteps();
    const int total = static_cast<int>(timesteps.size());
    const auto begin = Clock::now();
    const auto report = [&](int step, ImagePtr preview) {
        progress.step({.stage = Stage::denoise,
                       .step = step,
                       .total = total,
                       .image_index = job.image_index,
                       .seconds = seconds_since(begin),
                       .preview = std::move(preview)});
    };
    if (job.dump != nullptr) {
        (*job.dump)["latents.initial"] = latents;
        (*job.dump)["timesteps"] = at::tensor(timesteps, at::kDouble);
    }
    StepPace pace(latents.device());
    report(job.first_step, nullptr);
    for (int i = job.first_step; i < job.last_step.value_or(total); ++i) {
        const bool guided = job.guidance_scale > 1.0 && (!job.guided_at || job.guided_at(i));
        const Tensor input = job.scheduler.scale_model_input(latents, i);
        Tensor noise = job.predict_noise(input, timesteps[static_cast<std::size_t>(i)], i);
        if (guided) {
            noise = guide(noise, job.guidance_scale, job.guidance_rescale);
        }
        ImagePtr preview;
        if (job.make_preview && progress.wants_steps()) {
            preview = job.make_preview(job.scheduler.denoised(noise, i, latents));
        }
        latents = job.scheduler.step(noise, i, latents);
        if (job.after_step) {
            latents = job.after_step(latents, i);
        }
        if (job.dump != nullptr) {
            (*job.dump)[fmt::format("noise_pred.{}", i)] = noise;
            (*job.dump)[fmt::format("latents.{}", i)] = latents;
        }
        pace.queued();
        if (job.trail != nullptr) {
            job.trail->push_back({.latents = latents, .history = job.scheduler.history()});
        }
        report(i + 1, std::move(preview));
    }
    pace.finish();
    return latents;
}

Tensor decode(const SdModel& model, const Tensor& latents, DecodeForm form,
              const BetweenLayers& between) {
    const Tensor input = latents.to(model.options.device, model.options.dtype);
    const Tensor pixels = form == DecodeForm::tiled ? decode_in_tiles(model.vae, input, between)
                                                    : model.vae.decode(input, between);
    return (pixels.to(at::kFloat) / 2 + 0.5).clamp(0, 1);
}

} // namespace likeness
