#include "app/starter/conditioning.h"

#include "app/starter/parallel.h"
#include "app/starter/stage.h"
#include "core/synth/world.h"
#include "core/text/bpe_trainer.h"
#include "core/training/trainer.h"
#include "core/weights/safetensors.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/rand.h>
#include <ATen/ops/randn_like.h>

#include <algorithm>
#include <map>
#include <tuple>

namespace likeness::starter {

namespace {

constexpr std::int64_t kTellings = 4; // captions of one picture

} // namespace

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

Captions::Captions(const PictureSet& set, std::int64_t count, const ClipTokenizer& tokenizer,
                   synth::CaptionKind kind, std::uint64_t seed) {
    const std::int64_t rows = count * kTellings + 1, length = tokenizer.max_length();
    ids_ = at::empty({rows, length}, at::kShort);
    auto* ids = ids_.mutable_data_ptr<std::int16_t>();
    in_parallel(0, rows, [&](std::int64_t row) {
        std::string prompt;
        if (row + 1 < rows) {
            const auto& told = set.told(row / kTellings);
            const auto way = step_seed(seed, static_cast<std::uint64_t>(row));
            prompt = synth::caption(told.subject, told.scene, way, kind);
        }
        const auto tokens = tokenizer.encode(prompt).ids;
        std::ranges::copy(tokens, ids + row * length);
    });
    ids_ = ids_.to(set.device());
}

Tensor Captions::draw(Draw& draw, const std::vector<std::int64_t>& indices) const {
    std::vector<std::int64_t> rows;
    rows.reserve(indices.size());
    for (const auto index : indices) {
        const auto way = draw.below(kTellings);
        rows.push_back(index < 0 ? ids_.size(0) - 1 : index * kTellings + way);
    }
    return ids_.index_select(0, to_tensor(rows, ids_.device())).to(at::kLong);
}

std::int64_t Captions::count() const {
    return (ids_.size(0) - 1) / kTellings;
}

std::shared_ptr<const Captions> captions_of(const Options& options, const PictureSet& set,
                                            std::int64_t count, const ClipTokenizer& tokenizer,
                                            synth::CaptionKind kind) {
    using Key = std::tuple<std::filesystem::path, std::filesystem::path, synth::CaptionKind>;
    // Never destroyed: as the pictures of picture_set().
    static auto& told = *new std::map<Key, std::shared_ptr<const Captions>>;
    auto& found = told[{options.data, options.out, kind}];
    if (!found || found->count() < count) {
        found = std::make_shared<const Captions>(set, count, tokenizer, kind, options.seed);
    }
    return found;
}

Tensor load_latents(const Options& options) {
    return load_safetensors(options.out / "latents.safetensors")
        .at("mean")
        .to(device_of(options), at::kHalf);
}

Emphasis read_emphasis(const nlohmann::json& stage) {
    return {.subject_weight = stage.at("subject_weight"),
            .timestep_power = stage.at("timestep_power")};
}

NoisySamples draw_samples(Draw& draw, const PictureSet& set, const Tensor& latents,
                          const Tensor& indices, const Emphasis& emphasis) {
    NoisySamples samples;
    samples.clean = latents.index_select(0, indices).to(at::kFloat);
    samples.noise = at::randn_like(samples.clean, draw.generator());
    samples.timesteps =
        (at::rand({samples.clean.size(0)}, draw.generator(), samples.clean.options())
             .pow(emphasis.timestep_power) *
         1000)
            .to(at::kLong)
            .clamp_max(999);
    const auto mask =
        at::adaptive_avg_pool2d(set.masks(indices), {latents.size(2), latents.size(3)});
    const auto weights = 1 + (emphasis.subject_weight - 1) * mask;
    samples.subject_weights = weights / weights.mean({1, 2, 3}, true);
    return samples;
}

DiffusionObjective objective_of(const nlohmann::json& profile, at::Device device) {
    return {SchedulerConfig::from_json(profile.at("scheduler")),
            {.snr_gamma = 5, .snr_floor = 1},
            device};
}

Tensor denoising_loss(const UNet2DCondition& unet, const DiffusionObjective& objective,
                      const NoisySamples& samples, const AttentionContext& context) {
    const auto noisy = objective.add_noise(samples.clean, samples.noise, samples.timesteps);
    const auto dtype = unet.conv_in.packed ? at::kBFloat16 : unet.conv_in.weight.scalar_type();
    const auto predicted = unet(noisy.to(dtype).contiguous(at::MemoryFormat::ChannelsLast),
                                samples.timesteps.to(at::kFloat), context);
    return objective.loss(predicted, samples.clean, samples.noise, samples.timesteps,
                          samples.subject_weights);
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
