// Stages tokenizer and unet: the vocabulary, then the denoiser and the text encoder together.

#include "app/starter/conditioning.h"
#include "app/starter/stage.h"
#include "core/training/training_noise.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/randint.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/tensor.h>

namespace likeness::starter {

void run_unet(const Options& options) {
    const auto profile = read_profile(options);
    const auto stage = stage_profile(profile, options);
    const PictureSet set(options.data);
    const auto tokenizer = ClipTokenizer::load(options.out / "tokenizer");
    const auto latents = load_safetensors(options.out / "latents.safetensors").at("mean");
    const auto source = std::make_shared<ParameterSource>(options.seed);
    const TextAndUNet model(Weights(source, {}), profile, tokenizer);
    Trainer trainer(source->parameters(), trainer_options(profile, options));

    const TrainingNoise schedule;
    const std::int64_t batch = stage.at("batch");
    const double dropout = stage.at("text_dropout");
    const bool lower = stage.at("bfloat16");
    const auto loss = [&](std::int64_t step) {
        Draw draw(options.seed, step);
        std::vector<std::int64_t> indices(static_cast<std::size_t>(batch));
        std::vector<std::string> prompts;
        for (auto& index : indices) {
            index = draw.below(latents.size(0));
            const auto& told = set.told(index);
            const bool dropped = draw.uniform() < dropout;
            prompts.push_back(dropped ? ""
                                      : synth::caption(told.subject, told.scene, draw.bits(),
                                                       synth::CaptionKind::full));
        }
        const auto clean = latents.index_select(0, at::tensor(indices, at::kLong));
        const auto noise = at::randn_like(clean, draw.generator());
        const auto timesteps =
            at::randint(1000, {batch}, draw.generator(), at::TensorOptions(at::kLong));
        const Autocast autocast(lower);
        const auto embeds = model.text(token_ids(tokenizer, prompts)).last_hidden_state;
        const auto v = model.unet(
            schedule.add_noise(clean, noise, timesteps).contiguous(at::MemoryFormat::ChannelsLast),
            timesteps.to(at::kFloat), {.text = model.unet.text_key_values(embeds)});
        return velocity_loss(schedule, v, clean, noise, timesteps);
    };
    run_slice(trainer, options, loss);
}

} // namespace likeness::starter
