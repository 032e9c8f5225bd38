// Stage encoders: the image encoder that the adapter reads, and the text encoder's first lessons.
// Pictures find their captions (CLIP), two scenes of one product find each other, and both tell
// what they show.

#include "app/starter/attributes.h"
#include "app/starter/conditioning.h"
#include "app/starter/reference_view.h"
#include "app/starter/stage.h"
#include "core/models/clip_vision.h"
#include "core/training/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/arange.h>

#include <numeric>

namespace likeness::starter {

namespace {

constexpr double kTemperature = 0.07;     // of the contrastive losses
constexpr std::int64_t kJudged = 2048;    // pictures of the report
constexpr std::int64_t kCaptionsOf = 256; // pictures among which a caption has to find its own

// The two encoders, what joins them, and the heads that are thrown away afterwards.
struct Encoders {
    Encoders(const Weights& weights, const nlohmann::json& profile, const ClipTokenizer& tokenizer)
        : vision(weights / "encoder", ClipVisionConfig::from_json(profile.at("image_encoder"))),
          text(weights / "text_encoder",
               ClipTextConfig::from_json(text_encoder_config(profile, tokenizer))),
          joined(weights / "text_projection", text.config.hidden_size, vision.config.projection_dim,
                 Bias::no),
          vision_heads(weights / "heads", vision.config.projection_dim, identity_attributes()),
          text_heads(weights / "text_heads", text.config.hidden_size, all_attributes()) {}

    // ids [B, 77] -> [B, hidden]: the last position has read the whole caption.
    Tensor read(const Tensor& ids) const {
        return text(ids).last_hidden_state.select(1, ids.size(1) - 1);
    }

    ClipVision vision;
    ClipText text;
    Linear joined;
    AttributeHeads vision_heads, text_heads;
};

// The share of rows of `from` whose nearest row of `to` is accepted.
double nearest_right(const Tensor& from, const Tensor& to, const Tensor& accepted) {
    const auto best = unit_rows(from).matmul(unit_rows(to).t()).argmax(1, true);
    return accepted.gather(1, best).to(at::kFloat).mean().item<double>();
}

// Of a network on pictures of the training set: what the heads read, and who is found.
nlohmann::json report(const Encoders& encoders, const PictureSet& set, const Captions& captions,
                      const Options& options) {
    const at::NoGradGuard no_grad;
    const std::int64_t scenes = set.recipe().scenes_per_subject;
    const auto subjects = std::min(kJudged, set.size() / scenes);
    std::vector<std::int64_t> first(static_cast<std::size_t>(subjects)), second;
    std::iota(first.begin(), first.end(), std::int64_t{0});
    for (auto& index : first) {
        index *= scenes;
        second.push_back(index + 1);
    }
    const auto embed = [&](const std::vector<std::int64_t>& indices) {
        return encoders
            .vision(plain_views(set.pictures(set.on_device(indices)),
                                encoders.vision.config.image_size))
            .image_embeds;
    };
    const auto a = embed(first), b = embed(second);
    const auto shown = std::min(kCaptionsOf, subjects);
    Draw draw(options.seed, 0);
    const auto words = encoders.joined(encoders.read(
        captions.draw(draw, {first.begin(), first.begin() + static_cast<std::ptrdiff_t>(shown)})));
    const auto own = [&](std::int64_t count) {
        const auto row = at::arange(count, at::TensorOptions().device(set.device()));
        return row.unsqueeze(0).eq(row.unsqueeze(1));
    };
    return {{"stage", "encoders"},
            {"report", "pictures of the training set"},
            {"right", accuracy(encoders.vision_heads, a, told(set, first))},
            {"same_subject_recall", nearest_right(a, b, own(subjects))},
            {"gallery", subjects},
            {"caption_recall", nearest_right(words, a.narrow(0, 0, shown), own(shown))}};
}

} // namespace

void run_encoders(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const auto set = picture_set(options);
    const auto tokenizer = ClipTokenizer::load(options.out / "tokenizer");
    const auto wanted = placement(options, stage);
    auto initial = imported_weights(options, "encoders");
    initial.merge(imported_weights(options, "unet")); // its text encoder
    const auto source = std::make_shared<ParameterSource>(options.seed, std::move(initial), wanted);
    const Encoders encoders(Weights(source, {}), profile, tokenizer);
    Trainer trainer(source->parameters(), trainer_options(profile, options));
    const auto captions =
        captions_of(options, *set, set->size(), tokenizer, synth::CaptionKind::full);
    const std::int64_t batch = stage.at("batch");
    const bool lower = stage.at("bfloat16");
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed, step, set->device());
        const auto numbers = draw_pairs(draw, *set, batch, set->size());
        const auto indices = set->on_device(numbers);
        const auto shown = told(*set, numbers);
        const auto views = reference_views(draw, *set, indices, encoders.vision.config.image_size);
        const auto ids = captions->draw(draw, numbers);
        const Autocast autocast(lower);
        const auto embeds = encoders.vision(views.to(wanted.dtype)).image_embeds;
        const auto words = encoders.read(ids);
        const auto subjects = indices.floor_divide(set->recipe().scenes_per_subject);
        return supervised_contrastive_loss(embeds.to(at::kFloat), subjects, kTemperature) +
               clip_loss(embeds.to(at::kFloat), encoders.joined(words).to(at::kFloat),
                         kTemperature) +
               encoders.vision_heads.loss(embeds, shown) + encoders.text_heads.loss(words, shown);
    };
    run_slice(trainer, options, stage, loss);
    const Encoders judged(averaged(options, "encoders", {}, {.device = set->device()}), profile,
                          tokenizer);
    log_line(report(judged, *set, *captions, options));
}

} // namespace likeness::starter
