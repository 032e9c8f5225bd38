// Stages text, vision and evaluator: the text encoder's first lessons, the image encoder that the
// adapter reads, and the network that judges pictures.

#include "app/starter/attributes.h"
#include "app/starter/conditioning.h"
#include "app/starter/reference_view.h"
#include "app/starter/stage.h"
#include "core/models/clip_vision.h"
#include "core/training/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/upsample_bilinear2d.h>

#include <numeric>

namespace likeness::starter {

namespace {

constexpr double kTemperature = 0.07;  // of the contrastive loss
constexpr std::int64_t kJudged = 1000; // pictures of a report

std::vector<Pictured> told(const PictureSet& set, const std::vector<std::int64_t>& indices) {
    std::vector<Pictured> all;
    for (const auto index : indices) {
        all.push_back(set.told(index));
    }
    return all;
}

// Two scenes each of batch / 2 subjects, one after the other.
std::vector<std::int64_t> draw_pairs(Draw& draw, const PictureSet& set, std::int64_t batch) {
    const std::int64_t scenes = set.recipe().scenes_per_subject;
    std::vector<std::int64_t> indices;
    for (std::int64_t i = 0; i < batch / 2; ++i) {
        const auto subject = draw.below(set.size() / scenes);
        const auto first = draw.below(scenes);
        const auto second = (first + 1 + draw.below(scenes - 1)) % scenes;
        indices.push_back(subject * scenes + first);
        indices.push_back(subject * scenes + second);
    }
    return indices;
}

// The share of right readings of each attribute.
nlohmann::json accuracy(const AttributeHeads& heads, const Tensor& features,
                        const std::vector<Pictured>& pictures) {
    nlohmann::json shares;
    const auto readings = heads.read(features);
    for (std::size_t a = 0; a < heads.attributes.size(); ++a) {
        const auto& attribute = heads.attributes[a];
        double right = 0, shown = 0;
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            const double value = attribute.value(pictures[i]);
            if (value >= 0) {
                ++shown;
                right += is_right(attribute, readings[a][i], value) ? 1 : 0;
            }
        }
        shares[attribute.name] = shown > 0 ? right / shown : 0.0;
    }
    return shares;
}

// Pictures as the autoencoder might give them back: some blurred, all a little noisy.
Tensor worn(Draw& draw, const Tensor& pictures) {
    auto x = pictures;
    if (draw.uniform() < 0.5) {
        const std::int64_t side = x.size(2);
        x = at::upsample_bilinear2d(at::avg_pool2d(x, 2), {side, side}, false);
    }
    return x + draw.uniform(0.0, 0.08) * at::randn_like(x, draw.generator());
}

} // namespace

void run_text(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const auto tokenizer = ClipTokenizer::load(options.out / "tokenizer");
    const auto config = ClipTextConfig::from_json(text_encoder_config(profile, tokenizer));
    const auto source = std::make_shared<ParameterSource>(options.seed);
    const Weights weights(source, {});
    const ClipText text(weights / "text_encoder", config);
    const AttributeHeads heads(weights / "heads", config.hidden_size, all_attributes());
    Trainer trainer(source->parameters(), trainer_options(profile, options));
    const std::int64_t batch = stage.at("batch");
    const bool lower = stage.at("bfloat16");
    auto recipe = set_recipe(profile, options);
    recipe.first_subject += 5'000'000; // needs no pictures: subjects of its own
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed, step);
        std::vector<Pictured> told;
        std::vector<std::string> prompts;
        for (std::int64_t i = 0; i < batch; ++i) {
            const auto& one = told.emplace_back(pictured(recipe, draw.below(3'000'000)));
            prompts.push_back(
                synth::caption(one.subject, one.scene, draw.bits(), synth::CaptionKind::full));
        }
        const Autocast autocast(lower);
        const auto embeds = text(token_ids(tokenizer, prompts)).last_hidden_state;
        // The last position: an end token, which has seen the whole caption.
        return heads.loss(embeds.select(1, embeds.size(1) - 1).to(at::kFloat), told);
    };
    run_slice(trainer, options, loss);
}

void run_vision(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const PictureSet set(options.data);
    const auto config = ClipVisionConfig::from_json(profile.at("image_encoder"));
    const auto build = [&config](const Weights& weights) {
        return std::pair{
            ClipVision(weights / "encoder", config),
            AttributeHeads(weights / "heads", config.projection_dim, identity_attributes())};
    };
    const auto source =
        std::make_shared<ParameterSource>(options.seed, imported_weights(options, "vision"));
    const auto [encoder, heads] = build(Weights(source, {}));
    Trainer trainer(source->parameters(), trainer_options(profile, options));
    const std::int64_t batch = stage.at("batch");
    const bool lower = stage.at("bfloat16");
    std::vector<std::int64_t> subjects(static_cast<std::size_t>(batch));
    const auto& encoder_ref = encoder;
    const auto& heads_ref = heads;
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed, step);
        const auto indices = draw_pairs(draw, set, batch);
        for (std::size_t i = 0; i < indices.size(); ++i) {
            subjects[i] = indices[i] / set.recipe().scenes_per_subject;
        }
        const auto views = reference_views(draw, set, indices, config.image_size);
        const Autocast autocast(lower);
        const auto embeds = encoder_ref(views).image_embeds.to(at::kFloat);
        return supervised_contrastive_loss(embeds, at::tensor(subjects, at::kLong), kTemperature) +
               heads_ref.loss(embeds, told(set, indices));
    };
    run_slice(trainer, options, loss);

    const at::NoGradGuard no_grad;
    const auto judged = build(averaged(options, "vision"));
    std::vector<std::int64_t> indices(static_cast<std::size_t>(std::min(kJudged, set.size())));
    std::iota(indices.begin(), indices.end(), std::int64_t{0});
    const auto embeds =
        judged.first(plain_views(set.pictures(indices), config.image_size)).image_embeds;
    log_line({{"stage", "vision"},
              {"report", "heads on pictures of the training set"},
              {"right", accuracy(judged.second, embeds, told(set, indices))}});
}

void run_evaluator(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const PictureSet set(options.data);
    const auto source = std::make_shared<ParameterSource>(options.seed + 1000);
    const Evaluator evaluator(Weights(source, {}));
    Trainer trainer(source->parameters(), trainer_options(profile, options));
    const std::int64_t batch = stage.at("batch");
    const bool lower = stage.at("bfloat16");
    const auto held_back = std::min(kJudged, set.size() / 10); // the last ones, for the report
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed + 1000, step);
        std::vector<std::int64_t> indices(static_cast<std::size_t>(batch));
        for (auto& index : indices) {
            index = draw.below(set.size() - held_back);
        }
        const auto pictures = worn(draw, set.pictures(indices));
        const Autocast autocast(lower);
        return evaluator.heads.loss(evaluator.features(pictures).to(at::kFloat),
                                    told(set, indices));
    };
    run_slice(trainer, options, loss);

    const at::NoGradGuard no_grad;
    write_half(options.out / "export/evaluator.safetensors", stage_weights(options, "evaluator"));
    const Evaluator judged(averaged(options, "evaluator"));
    std::vector<std::int64_t> indices(static_cast<std::size_t>(held_back));
    std::iota(indices.begin(), indices.end(), set.size() - held_back);
    log_line({{"stage", "evaluator"},
              {"report", "unseen pictures"},
              {"right", accuracy(judged.heads, judged.features(set.pictures(indices)),
                                 told(set, indices))}});
}

} // namespace likeness::starter
