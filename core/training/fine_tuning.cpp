#include "core/training/fine_tuning.h"

#include "core/training/lora_metadata.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <atomic>
#include <numeric>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Chosen = std::vector<const TrainingSample*>;

// One of any size, the others of the batch of its size.
Chosen drawn(const std::vector<TrainingSample>& samples, int batch, Draws& draws) {
    Chosen chosen{&draws.one_of(samples)};
    Chosen alike;
    for (const TrainingSample& sample : samples) {
        if (sample.size == chosen.front()->size) {
            alike.push_back(&sample);
        }
    }
    while (static_cast<int>(chosen.size()) < batch) {
        chosen.push_back(draws.one_of(alike));
    }
    return chosen;
}

// The latents of these samples, mirrored or not where there are both.
std::vector<const SampleLatents*> latents_of(const Chosen& samples, Draws& draws) {
    std::vector<const SampleLatents*> latents;
    for (const TrainingSample* sample : samples) {
        const bool mirrored = sample->mirrored && draws.below(2) == 1;
        latents.push_back(mirrored ? &*sample->mirrored : &sample->latents);
    }
    return latents;
}

template <typename Row, typename Get>
Tensor joined_of(const std::vector<const Row*>& rows, const Get& get) {
    std::vector<Tensor> tensors;
    std::ranges::transform(rows, std::back_inserter(tensors),
                           [&get](const Row* row) { return get(*row); });
    return at::cat(tensors);
}

// How much each place counts, [B, 1, h, w]; undefined where all count the same.
Tensor counts_of(const std::vector<const SampleLatents*>& latents) {
    if (std::ranges::none_of(latents, [](const auto* one) { return one->counts.defined(); })) {
        return {};
    }
    return joined_of(latents, [](const SampleLatents& one) {
        return one.counts.defined() ? one.counts : at::ones_like(one.mean.slice(1, 0, 1));
    });
}

// The loss of each of these samples, [B].
Tensor losses_of(const Chosen& chosen, const SdModel& model, const TrainedWeights& weights,
                 const DiffusionObjective& objective, const TrainingRequest& request,
                 Draws& draws) {
    const at::Device device = model.options.device;
    const auto latents = latents_of(chosen, draws);
    const Tensor mean = joined_of(latents, [](const auto& one) { return one.mean; });
    const Tensor deviation = joined_of(latents, [](const auto& one) { return one.deviation; });
    const Tensor clean = mean + deviation * draws.noise(mean.sizes()).to(device);
    Tensor noise = draws.noise(mean.sizes()).to(device);
    std::vector<std::int64_t> steps;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        steps.push_back(draws.below(objective.num_train_timesteps()));
    }
    const Tensor timesteps = at::tensor(steps, at::kLong).to(device);
    if (request.noise_offset > 0) {
        // diffusers': of each channel's mean (checkpoints.md 9.4).
        noise = noise +
                request.noise_offset * draws.noise({mean.size(0), mean.size(1), 1, 1}).to(device);
    }
    const StepConditions read = weights.conditions(chosen, draws);
    AddedConditions added;
    if (model.text_2) {
        added = {.text_embeds = read.pooled_prompt_embeds,
                 .time_ids = joined_of(chosen, [](const auto& one) { return one.time_ids; })};
    }
    const Tensor noisy = objective.add_noise(clean, noise, timesteps);
    const Tensor prediction = model.unet(
        noisy.to(model.options.dtype).contiguous(at::MemoryFormat::ChannelsLast),
        timesteps.to(at::kFloat),
        {.text = model.unet.text_key_values(read.prompt_embeds), .references = read.references},
        added);
    return objective.losses(prediction, clean, noise, timesteps, counts_of(latents));
}

} // namespace

Tensor training_loss(const SdModel& model, const TrainedWeights& weights,
                     const DiffusionObjective& objective, const TrainingSamples& samples,
                     const TrainingRequest& request, std::int64_t draw) {
    Draws draws(request.seed, draw);
    const auto losses = [&](const Chosen& chosen) {
        return losses_of(chosen, model, weights, objective, request, draws);
    };
    Chosen chosen = drawn(samples.instance, request.train_batch_size, draws);
    if (samples.class_samples.empty()) {
        return losses(chosen).mean();
    }
    const Chosen kept = drawn(samples.class_samples, request.train_batch_size, draws);
    if (kept.front()->size != chosen.front()->size) { // they do not go through the UNet together
        return losses(chosen).mean() + request.prior_loss_weight * losses(kept).mean();
    }
    chosen.insert(chosen.end(), kept.begin(), kept.end());
    const auto halves = losses(chosen).chunk(2);
    return halves[0].mean() + request.prior_loss_weight * halves[1].mean();
}

TrainingOutcome fine_tune(const SdModel& model, const TrainedWeights& weights,
                          const TrainingSamples& samples, const TrainingRequest& request,
                          const TrainingListener& listener, const SeeValues& see_values) {
    const DiffusionObjective objective(model.scheduler_config, {.snr_gamma = request.snr_gamma},
                                       model.options.device);
    if (listener.on_parameters) {
        listener.on_parameters(
            std::accumulate(weights.parameters().begin(), weights.parameters().end(),
                            std::uint64_t{0}, [](std::uint64_t sum, const auto& parameter) {
                                return sum + static_cast<std::uint64_t>(parameter.second.numel());
                            }));
    }
    std::atomic<bool> stop = false;
    auto wish = TrainingWish::go_on;
    const Trainer* running = nullptr;
    const auto on_step = [&](const TrainerStep& step) {
        if (see_values) {
            see_values(running->average());
        }
        if (listener.on_step) {
            listener.on_step({.step = step.step,
                              .total = step.planned,
                              .loss = step.loss,
                              .learning_rate = step.learning_rate,
                              .seconds = step.seconds});
        }
        wish = listener.wish ? listener.wish() : TrainingWish::go_on;
        stop = wish != TrainingWish::go_on;
    };
    const double learning_rate = request.learning_rate.value_or(default_learning_rate(request));
    AdamWOptions adamw{.beta2 = 0.999};
    if (request.text_encoder_learning_rate) {
        adamw.rate_share = [share = *request.text_encoder_learning_rate /
                                    learning_rate](const std::string& name) {
            return name.starts_with("text_encoder") ? share : 1.0;
        };
    }
    const bool constant = request.lr_scheduler == LearningRateSchedule::constant;
    Trainer trainer(weights.parameters(),
                    {.name = "training " + fingerprint(request),
                     .checkpoint = training_checkpoints(request).front(),
                     .second_checkpoint = training_checkpoints(request).back(),
                     .base = samples.base,
                     .planned_steps = request.max_train_steps,
                     .batch = request.train_batch_size * request.gradient_accumulation_steps,
                     .learning_rate = learning_rate,
                     .warmup_steps = request.lr_warmup_steps,
                     .final_share = constant ? 1.0 : 0.0,
                     .curve = request.lr_scheduler == LearningRateSchedule::linear
                                  ? LearningRateCurve::straight
                                  : LearningRateCurve::half_cosine,
                     .accumulation = request.gradient_accumulation_steps,
                     .adamw = std::move(adamw),
                     .scales_loss = model.options.dtype == at::kHalf,
                     .averages = request.use_ema,
                     .save_every_seconds = 60 * request.checkpointing_minutes,
                     .on_step = on_step,
                     .on_save = listener.on_checkpoint,
                     .on_notice = listener.on_notice});
    running = &trainer;
    if (trainer.step() == 0) {
        trainer.begin_with(weights.initial_values());
    }
    constexpr double kNoEnd = 1e9; // minutes
    const auto end = trainer.run(
        [&](std::int64_t draw) {
            return training_loss(model, weights, objective, samples, request, draw);
        },
        kNoEnd, stop, [](const nlohmann::json&) {});
    return {.values = trainer.average(),
            .steps = trainer.step(),
            .is_stopped = end == Trainer::End::stopped && wish == TrainingWish::stop};
}

} // namespace likeness
