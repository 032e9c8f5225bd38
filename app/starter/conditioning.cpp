#include "app/starter/conditioning.h"

#include "app/starter/options.h"
#include "core/synth/world.h"
#include "core/text/bpe_trainer.h"
#include "core/training/trainer.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/tensor.h>

#include <map>

namespace likeness::starter {

nlohmann::json text_encoder_config(const nlohmann::json& profile, const ClipTokenizer& tokenizer) {
    auto config = profile.at("text_encoder");
    config["vocab_size"] = tokenizer.vocab_size();
    config["bos_token_id"] = tokenizer.start_id();
    config["eos_token_id"] = tokenizer.end_id();
    config["pad_token_id"] = tokenizer.pad_id();
    return config;
}

TextAndUNet::TextAndUNet(const Weights& weights, const nlohmann::json& profile,
                         const ClipTokenizer& tokenizer)
    : text(weights / "text_encoder",
           ClipTextConfig::from_json(text_encoder_config(profile, tokenizer))),
      unet(weights / "unet", UNet2DConditionConfig::from_json(profile.at("unet"))) {}

Tensor token_ids(const ClipTokenizer& tokenizer, const std::vector<std::string>& prompts) {
    std::vector<std::int64_t> ids;
    for (const auto& prompt : prompts) {
        const auto row = tokenizer.encode(prompt).ids;
        ids.insert(ids.end(), row.begin(), row.end());
    }
    return at::tensor(ids, at::kLong).view({static_cast<std::int64_t>(prompts.size()), -1});
}

Emphasis read_emphasis(const nlohmann::json& stage) {
    return {.subject_weight = stage.at("subject_weight"),
            .timestep_power = stage.at("timestep_power")};
}

NoisySamples draw_samples(Draw& draw, const PictureSet& set, const Tensor& latents,
                          const std::vector<std::int64_t>& indices, const Emphasis& emphasis) {
    NoisySamples samples;
    samples.clean = latents.index_select(0, at::tensor(indices, at::kLong));
    samples.noise = at::randn_like(samples.clean, draw.generator());
    samples.timesteps =
        (at::rand({samples.clean.size(0)}, draw.generator()).pow(emphasis.timestep_power) * 1000)
            .to(at::kLong)
            .clamp_max(999);
    const auto mask =
        at::adaptive_avg_pool2d(set.masks(indices), {latents.size(2), latents.size(3)});
    const auto weights = 1 + (emphasis.subject_weight - 1) * mask;
    samples.subject_weights = weights / weights.mean({1, 2, 3}, true);
    return samples;
}

Tensor denoising_loss(const UNet2DCondition& unet, const TrainingNoise& schedule,
                      const NoisySamples& samples, const AttentionContext& context) {
    const auto noisy = schedule.add_noise(samples.clean, samples.noise, samples.timesteps);
    const auto predicted = unet(noisy.contiguous(at::MemoryFormat::ChannelsLast),
                                samples.timesteps.to(at::kFloat), context);
    const auto error = predicted.to(at::kFloat) -
                       schedule.velocity(samples.clean, samples.noise, samples.timesteps);
    return ((error.square() * samples.subject_weights).mean({1, 2, 3}) *
            schedule.weights(samples.timesteps))
        .mean();
}

void run_tokenizer(const Options& options) {
    const auto profile = read_profile(options);
    constexpr std::uint64_t kCaptions = 20'000;
    std::map<std::string, std::uint64_t> texts;
    for (const auto& word : synth::grammar_words()) {
        texts[word] += 20;
    }
    for (std::uint64_t i = 0; i < kCaptions; ++i) {
        const auto subject = synth::make_subject(i, synth::Split::train);
        const auto scene = synth::make_scene(i, subject, synth::Split::train);
        ++texts[synth::caption(subject, scene, step_seed(options.seed, i),
                               synth::CaptionKind::full)];
    }
    const auto& config = profile.at("text_encoder");
    const auto vocabulary = train_bpe(texts, config.at("vocab_size"));
    std::filesystem::create_directories(options.out / "tokenizer");
    save_clip_tokenizer(options.out / "tokenizer", vocabulary,
                        config.at("max_position_embeddings"));
    log_line({{"stage", "tokenizer"}, {"tokens", vocabulary.tokens.size()}});
}

} // namespace likeness::starter
