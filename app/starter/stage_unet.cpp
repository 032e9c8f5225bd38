// Stages tokenizer and unet: the vocabulary, then the denoiser and the text encoder together.

#include "app/starter/conditioning.h"
#include "app/starter/stage.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

namespace likeness::starter {

namespace {

// Products of one colour without a badge: what shapes and colours are learned from first.
std::vector<std::int64_t> plain_pictures(const PictureSet& set, std::int64_t count) {
    std::vector<std::int64_t> plain;
    for (std::int64_t i = 0; i < count; ++i) {
        const auto& subject = set.told(i).subject;
        if (!subject.has_pattern() && !subject.has_decal) {
            plain.push_back(i);
        }
    }
    return plain;
}

} // namespace

void run_unet(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const auto set = picture_set(options);
    const auto tokenizer = ClipTokenizer::load(options.out / "tokenizer");
    const auto latents = load_latents(options);
    // Begins with a finished model where one was imported; else the text encoder where its own
    // stage ended, so that it can read before anything is drawn.
    auto initial = imported_weights(options, "unet");
    const auto lessons = checkpoint_path(options, "encoders");
    if (initial.empty() && std::filesystem::exists(lessons)) {
        initial = load_average(lessons);
    }
    const auto source = std::make_shared<ParameterSource>(options.seed, std::move(initial),
                                                          placement(options, stage));
    const TextAndUNet model(Weights(source, {}), profile, tokenizer);
    Trainer trainer(source->parameters(), trainer_options(profile, options));

    const DiffusionObjective objective = objective_of(profile, set->device());
    const std::int64_t batch = stage.at("batch");
    const double dropout = stage.at("text_dropout");
    const bool lower = stage.at("bfloat16");
    const double plain_share = stage.at("plain_share");
    const double text_share = stage.at("text_share");
    const auto emphasis = read_emphasis(stage);
    const auto count = latents.size(0);
    const auto plain = plain_pictures(*set, count);
    const auto captions = captions_of(options, *set, count, tokenizer, synth::CaptionKind::full);
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed, step, set->device());
        std::vector<std::int64_t> indices(static_cast<std::size_t>(batch));
        std::vector<std::int64_t> captioned;
        for (auto& index : indices) {
            const bool from_plain = !plain.empty() && draw.uniform() < plain_share;
            index = from_plain ? plain[static_cast<std::size_t>(
                                     draw.below(static_cast<std::int64_t>(plain.size())))]
                               : draw.below(count);
            captioned.push_back(draw.uniform() < dropout ? -1 : index);
        }
        const auto samples = draw_samples(draw, *set, latents, set->on_device(indices), emphasis);
        const auto ids = captions->draw(draw, captioned);
        const Autocast autocast(lower);
        Tensor embeds;
        {
            // The text encoder learns in the first part of the run, then stays.
            const at::AutoGradMode learns(static_cast<double>(step) <
                                              text_share *
                                                  static_cast<double>(trainer.planned_steps()) ||
                                          trainer.planned_steps() == 0);
            embeds = model.text(ids).last_hidden_state;
        }
        return denoising_loss(model.unet, objective, samples,
                              {.text = model.unet.text_key_values(embeds)});
    };
    run_slice(trainer, options, stage, loss);
}

} // namespace likeness::starter
