// Stage ip: the plain image prompt adapter over the frozen denoiser and encoders.

#include "app/starter/conditioning.h"
#include "app/starter/reference_view.h"
#include "app/starter/stage.h"
#include "core/adapters/ip_adapter.h"
#include "core/models/clip_vision.h"
#include "core/training/training_noise.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>

namespace likeness::starter {

namespace {

// The first `count` pictures of the set as the image encoder sees them in training, each in several
// views (cuts, tints) of its own: [views * count, D], view by view.
Tensor image_embeds(const PictureSet& set, std::int64_t count, std::int64_t views,
                    const ClipVision& encoder, std::uint64_t seed) {
    const at::NoGradGuard no_grad;
    std::vector<Tensor> pieces;
    for (std::int64_t view = 0; view < views; ++view) {
        for (std::int64_t i = 0; i < count; i += 64) {
            Draw draw(seed + 77, view * count + i);
            std::vector<std::int64_t> indices;
            for (auto j = i; j < std::min(i + 64, count); ++j) {
                indices.push_back(j);
            }
            pieces.push_back(encoder(reference_views(draw, set, indices, encoder.config.image_size))
                                 .image_embeds);
        }
    }
    return at::cat(pieces);
}

// The text branch's projections, under the adapter's names: where the image branch begins.
TensorMap text_key_values_as_initial(const UNet2DCondition& unet) {
    TensorMap initial;
    std::size_t n = 1;
    for (const auto* layer : unet.cross_attentions()) {
        const auto name = "ip_adapter." + std::to_string(n);
        initial[name + ".to_k_ip.weight"] = layer->to_k.weight;
        initial[name + ".to_v_ip.weight"] = layer->to_v.weight;
        n += 2;
    }
    return initial;
}

struct IpSample {
    std::int64_t target = 0;
    std::vector<std::int64_t> references{}; // other pictures of the same subject
};

IpSample draw_sample(Draw& draw, std::int64_t subjects, std::int64_t scenes, std::int64_t count) {
    const auto subject = draw.below(subjects);
    const auto target = draw.below(scenes);
    IpSample sample{.target = subject * scenes + target};
    auto other = draw.below(scenes - 1);
    for (std::int64_t i = 0; i < count; ++i) {
        sample.references.push_back(subject * scenes + (target + 1 + other) % scenes);
        other = (other + 1) % (scenes - 1);
    }
    return sample;
}

} // namespace

void run_ip(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const PictureSet set(options.data);
    const auto tokenizer = ClipTokenizer::load(options.out / "tokenizer");
    const auto latents = load_safetensors(options.out / "latents.safetensors").at("mean");
    const TextAndUNet model(averaged(options, "unet"), profile, tokenizer);
    const ClipVision encoder(averaged(options, "vision", "encoder."),
                             ClipVisionConfig::from_json(profile.at("image_encoder")));
    const std::int64_t views = stage.at("views"), pictures = latents.size(0);
    const auto embeds = image_embeds(set, pictures, views, encoder, options.seed);

    auto initial = imported_weights(options, "ip");
    const bool imported = !initial.empty();
    const auto source = std::make_shared<ParameterSource>(
        options.seed, imported ? std::move(initial) : text_key_values_as_initial(model.unet));
    const IpAdapter adapter(
        Weights(source, {}), model.unet, encoder.config,
        IpAdapter::Wanted{.num_tokens = profile.at("ip_adapter").at("num_tokens")});
    Trainer trainer(source->parameters(), trainer_options(profile, options));

    const TrainingNoise schedule;
    const std::int64_t batch = stage.at("batch"), scenes = set.recipe().scenes_per_subject;
    const double text_dropout = stage.at("text_dropout");
    const double image_dropout = stage.at("image_dropout");
    const double both_dropout = stage.at("both_dropout");
    const auto emphasis = read_emphasis(stage);
    const bool lower = stage.at("bfloat16");
    const std::int64_t first_lessons = imported ? 0 : stage.at("first_lessons").get<std::int64_t>();
    // First lessons, without the denoiser: the tokens of a picture resemble what the text encoder
    // makes of a caption of its product, which the text branch's projections know how to read.
    const auto first_lesson = [&](std::int64_t step) {
        Draw draw(options.seed, step);
        std::vector<std::int64_t> indices;
        std::vector<std::string> prompts;
        for (std::int64_t i = 0; i < 4 * batch; ++i) {
            const auto sample = draw_sample(draw, pictures / scenes, scenes, 1);
            indices.push_back(draw.below(views) * pictures + sample.references.front());
            const auto& told = set.told(sample.target);
            prompts.push_back(
                synth::caption(told.subject, told.scene, draw.bits(), synth::CaptionKind::full));
        }
        Tensor wanted;
        {
            const at::NoGradGuard no_grad;
            const auto embedded = model.text(token_ids(tokenizer, prompts)).last_hidden_state;
            wanted = embedded.narrow(1, embedded.size(1) - 1, 1);
        }
        const auto tokens = adapter.project(embeds.index_select(0, at::tensor(indices, at::kLong)));
        return (tokens - wanted).square().mean();
    };
    const auto loss = [&](std::int64_t step) {
        if (step < first_lessons) {
            return first_lesson(step);
        }
        Draw draw(options.seed, step);
        // As many references for every sample of the batch: one mostly, else all other scenes.
        const std::int64_t count = draw.uniform() < 0.6 ? 1 : scenes - 1;
        std::vector<std::int64_t> targets, references;
        std::vector<double> kept;
        std::vector<std::string> prompts;
        for (std::int64_t i = 0; i < batch; ++i) {
            const auto sample = draw_sample(draw, pictures / scenes, scenes, count);
            targets.push_back(sample.target);
            for (const auto reference : sample.references) {
                references.push_back(draw.below(views) * pictures + reference);
            }
            const double chance = draw.uniform();
            const bool no_text = chance < text_dropout + both_dropout;
            const bool no_image =
                chance >= text_dropout && chance < text_dropout + both_dropout + image_dropout;
            const auto kind =
                draw.uniform() < 0.5 ? synth::CaptionKind::shape_only : synth::CaptionKind::full;
            const auto& told = set.told(sample.target);
            prompts.push_back(
                no_text ? "" : synth::caption(told.subject, told.scene, draw.bits(), kind));
            kept.push_back(no_image ? 0.0 : 1.0);
        }
        const auto samples = draw_samples(draw, set, latents, targets, emphasis);
        const Autocast autocast(lower);
        // A dropped image is a zero embedding through the projection, as in generation.
        const auto features = embeds.index_select(0, at::tensor(references, at::kLong)) *
                              at::tensor(kept, at::kFloat).repeat_interleave(count).unsqueeze(1);
        const auto tokens = adapter.project(features); // [B * count, T, D]
        const auto joined = tokens.reshape({batch, count * tokens.size(1), tokens.size(2)});
        AttentionContext context;
        {
            const at::NoGradGuard no_grad;
            context.text = model.unet.text_key_values(
                model.text(token_ids(tokenizer, prompts)).last_hidden_state);
        }
        context.references = {{.layers = adapter.key_values(joined)}};
        return denoising_loss(model.unet, schedule, samples, context);
    };
    run_slice(trainer, options, loss);
}

} // namespace likeness::starter
