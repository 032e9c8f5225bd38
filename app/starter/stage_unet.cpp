// Stages tokenizer and unet: the vocabulary, then the denoiser and the text encoder together.

#include "app/starter/conditioning.h"
#include "app/starter/stage.h"
#include "core/training/training_noise.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>

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
    const PictureSet set(options.data);
    const auto tokenizer = ClipTokenizer::load(options.out / "tokenizer");
    const auto latents = load_safetensors(options.out / "latents.safetensors").at("mean");
    // Begins with a finished model where one was imported; else the text encoder where its own
    // stage ended, so that it can read before anything is drawn.
    auto initial = imported_weights(options, "unet");
    const auto lessons = checkpoint_path(options, "text");
    if (initial.empty() && std::filesystem::exists(lessons)) {
        initial = load_average(lessons);
    }
    const auto source = std::make_shared<ParameterSource>(options.seed, std::move(initial));
    const TextAndUNet model(Weights(source, {}), profile, tokenizer);
    Trainer trainer(source->parameters(), trainer_options(profile, options));

    const TrainingNoise schedule;
    const std::int64_t batch = stage.at("batch");
    const double dropout = stage.at("text_dropout");
    const bool lower = stage.at("bfloat16");
    const double plain_share = stage.at("plain_share");
    const auto emphasis = read_emphasis(stage);
    const auto plain = plain_pictures(set, latents.size(0));
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed, step);
        std::vector<std::int64_t> indices(static_cast<std::size_t>(batch));
        std::vector<std::string> prompts;
        for (auto& index : indices) {
            const bool from_plain = !plain.empty() && draw.uniform() < plain_share;
            index = from_plain ? plain[static_cast<std::size_t>(
                                     draw.below(static_cast<std::int64_t>(plain.size())))]
                               : draw.below(latents.size(0));
            const auto& told = set.told(index);
            const bool dropped = draw.uniform() < dropout;
            prompts.push_back(dropped ? ""
                                      : synth::caption(told.subject, told.scene, draw.bits(),
                                                       synth::CaptionKind::full));
        }
        const auto samples = draw_samples(draw, set, latents, indices, emphasis);
        const Autocast autocast(lower);
        const auto embeds = model.text(token_ids(tokenizer, prompts)).last_hidden_state;
        return denoising_loss(model.unet, schedule, samples,
                              {.text = model.unet.text_key_values(embeds)});
    };
    run_slice(trainer, options, loss);
}

} // namespace likeness::starter
