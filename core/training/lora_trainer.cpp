#include "core/training/lora_trainer.h"

#include "core/pipelines/stages.h"
#include "core/tensor/noise.h"
#include "core/training/lora_metadata.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <atomic>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace {

// Whole numbers and noise of one draw.
class Draws {
public:
    Draws(std::uint64_t seed, std::int64_t draw)
        : seed_(step_seed(seed, static_cast<std::uint64_t>(draw))), noise_(seed_) {}

    std::int64_t below(std::int64_t count) {
        return static_cast<std::int64_t>(step_seed(seed_, count_++) %
                                         static_cast<std::uint64_t>(count));
    }

    Tensor noise(at::IntArrayRef shape) { return noise_.draw(shape); }

private:
    std::uint64_t seed_;
    std::uint64_t count_ = 0;
    NoiseStream noise_;
};

// One of any size, the others of the batch of its size.
std::vector<const TrainingSample*> drawn(const std::vector<TrainingSample>& samples, int batch,
                                         Draws& draws) {
    const auto any = [&draws](const auto& list) -> const auto& {
        return list[static_cast<std::size_t>(draws.below(static_cast<std::int64_t>(list.size())))];
    };
    std::vector<const TrainingSample*> chosen{&any(samples)};
    std::vector<const TrainingSample*> alike;
    for (const TrainingSample& sample : samples) {
        if (sample.size == chosen.front()->size) {
            alike.push_back(&sample);
        }
    }
    while (static_cast<int>(chosen.size()) < batch) {
        chosen.push_back(any(alike));
    }
    return chosen;
}

template <typename Get>
Tensor joined_of(const std::vector<const TrainingSample*>& samples, const Get& get) {
    std::vector<Tensor> rows;
    std::ranges::transform(samples, std::back_inserter(rows),
                           [&get](const TrainingSample* sample) { return get(*sample); });
    return at::cat(rows);
}

} // namespace

Tensor training_loss(const SdModel& model, const DiffusionObjective& objective,
                     const std::vector<TrainingSample>& samples, int batch, std::uint64_t seed,
                     std::int64_t draw) {
    Draws draws(seed, draw);
    const auto chosen = drawn(samples, batch, draws);
    const at::Device device = model.options.device;
    const Tensor mean = joined_of(chosen, [](const auto& sample) { return sample.mean; });
    const Tensor deviation = joined_of(chosen, [](const auto& sample) { return sample.deviation; });
    const Tensor clean = mean + deviation * draws.noise(mean.sizes()).to(device);
    const Tensor noise = draws.noise(mean.sizes()).to(device);
    std::vector<std::int64_t> steps;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        steps.push_back(draws.below(objective.num_train_timesteps()));
    }
    const Tensor timesteps = at::tensor(steps, at::kLong).to(device);
    Tensor counts;
    if (std::ranges::any_of(chosen, [](const auto* one) { return one->counts.defined(); })) {
        counts = joined_of(chosen, [](const TrainingSample& sample) {
            return sample.counts.defined() ? sample.counts
                                           : at::ones_like(sample.mean.slice(1, 0, 1));
        });
    }
    std::vector<Tensor> embeds, pooled;
    for (const TrainingSample* sample : chosen) {
        if (sample->prompt_embeds.defined()) {
            embeds.push_back(sample->prompt_embeds);
            pooled.push_back(sample->pooled_prompt_embeds);
        } else {
            const Conditioning read = encode_prompt(
                model, {.prompt = sample->caption, .guided = false, .syntax = PromptSyntax::plain},
                nullptr);
            embeds.push_back(read.prompt_embeds);
            pooled.push_back(read.pooled_prompt_embeds);
        }
    }
    AddedConditions added;
    if (model.text_2) {
        added = {.text_embeds = at::cat(pooled),
                 .time_ids = joined_of(chosen, [](const auto& one) { return one.time_ids; })};
    }
    const Tensor noisy = objective.add_noise(clean, noise, timesteps);
    const Tensor prediction = model.unet(
        noisy.to(model.options.dtype).contiguous(at::MemoryFormat::ChannelsLast),
        timesteps.to(at::kFloat), {.text = model.unet.text_key_values(at::cat(embeds))}, added);
    return objective.loss(prediction, clean, noise, timesteps, counts);
}

LoraOutcome train_lora(SdModel& model, const TrainingRequest& request,
                       const std::vector<TrainingSample>& samples,
                       const TrainingListener& listener) {
    const double alpha = request.network_alpha.value_or(request.rank);
    const LoraLayers layers(
        model.unet, model.text.encoder, model.text_2 ? &model.text_2->encoder : nullptr,
        {.rank = request.rank,
         .alpha = alpha,
         .coverage =
             request.targets == TrainedLayers::all ? LoraCoverage::all : LoraCoverage::attention,
         .text_encoder = request.train_text_encoder,
         .seed = request.seed});
    const DiffusionObjective objective(model.scheduler_config, {.snr_gamma = request.snr_gamma},
                                       model.options.device);
    std::atomic<bool> stop = false;
    auto wish = TrainingWish::go_on;
    const auto on_step = [&](const TrainerStep& step) {
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
    const bool constant = request.lr_scheduler == LearningRateSchedule::constant;
    Trainer trainer(
        layers.parameters(),
        {.name = "lora " + fingerprint(request),
         .checkpoint = training_checkpoint(request),
         .planned_steps = request.max_train_steps,
         .batch = request.train_batch_size * request.gradient_accumulation_steps,
         .learning_rate = request.learning_rate.value_or(default_learning_rate(request)),
         .warmup_steps = request.lr_warmup_steps,
         .final_share = constant ? 1.0 : 0.0,
         .curve = request.lr_scheduler == LearningRateSchedule::linear
                      ? LearningRateCurve::straight
                      : LearningRateCurve::half_cosine,
         .accumulation = request.gradient_accumulation_steps,
         .adamw = {.beta2 = 0.999},
         .save_every_seconds = 60 * request.checkpointing_minutes,
         .on_step = on_step,
         .on_save = listener.on_checkpoint});
    constexpr double kNoEnd = 1e9; // minutes
    const auto end = trainer.run(
        [&](std::int64_t draw) {
            return training_loss(model, objective, samples, request.train_batch_size, request.seed,
                                 draw);
        },
        kNoEnd, stop, [](const nlohmann::json&) {});
    const LoraFormat format =
        request.format == LoraSpelling::kohya ? LoraFormat::kohya : LoraFormat::diffusers;
    return {.file = layers.file_tensors(format, trainer.parameters()),
            .weight_changes = layers.weight_changes(trainer.parameters()),
            .steps = trainer.step(),
            .is_stopped = end == Trainer::End::stopped && wish == TrainingWish::stop};
}

} // namespace likeness
