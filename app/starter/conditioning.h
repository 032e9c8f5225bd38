#pragma once

#include "app/starter/draw.h"
#include "app/starter/options.h"
#include "app/starter/picture_set.h"
#include "core/models/clip_text.h"
#include "core/models/unet_2d_condition.h"
#include "core/text/clip_tokenizer.h"
#include "core/training/diffusion_objective.h"

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness::starter {

// The profile's text encoder with the vocabulary's true size and special tokens.
nlohmann::json text_encoder_config(const nlohmann::json& profile, const ClipTokenizer& tokenizer);

// What is trained together: names "text_encoder." and "unet.".
struct TextAndUNet {
    TextAndUNet(const Weights& weights, const nlohmann::json& profile,
                const ClipTokenizer& tokenizer);

    ClipText text;
    UNet2DCondition unet;
};

// Captions of the first `count` pictures of a set, each told in several ways, tokenised beforehand
// and held where the pictures are.
class Captions {
public:
    Captions(const PictureSet& set, std::int64_t count, const ClipTokenizer& tokenizer,
             synth::CaptionKind kind, std::uint64_t seed);

    // A caption each of these pictures, [B, 77] int64; for -1 the empty prompt.
    Tensor draw(Draw& draw, const std::vector<std::int64_t>& indices) const;

    std::int64_t count() const;

private:
    Tensor ids_; // int16 [count * kTellings + 1, 77]; the last row is the empty prompt
};

// Those of at least the first `count` pictures; stages that run in one process share them.
std::shared_ptr<const Captions> captions_of(const Options& options, const PictureSet& set,
                                            std::int64_t count, const ClipTokenizer& tokenizer,
                                            synth::CaptionKind kind);

// What one step learns from.
struct NoisySamples {
    Tensor clean{}, noise{};  // [B, C, h, w]
    Tensor timesteps{};       // int64 [B]
    Tensor subject_weights{}; // [B, 1, h, w], mean 1
};

// What is learned sooner; what is learned in the end stays the same.
struct Emphasis {
    double subject_weight = 1.0; // of a pixel of the product, against one of its surroundings
    // Timesteps are drawn as 1000 u^power: below 1 more of the noisy ones, where the words and the
    // reference decide what the picture will be.
    double timestep_power = 1.0;
};

// `stages.<stage>`: subject_weight, timestep_power.
Emphasis read_emphasis(const nlohmann::json& stage);

// Latents of these pictures with their noise and timesteps drawn.
NoisySamples draw_samples(Draw& draw, const PictureSet& set, const Tensor& latents,
                          const Tensor& indices, const Emphasis& emphasis);

// The latents of stage latents, where the pictures are: half precision [N, C, h, w].
Tensor load_latents(const Options& options);

// What the profile's denoiser is trained towards.
DiffusionObjective objective_of(const nlohmann::json& profile, at::Device device);

// The denoiser's loss on these samples.
Tensor denoising_loss(const UNet2DCondition& unet, const DiffusionObjective& objective,
                      const NoisySamples& samples, const AttentionContext& context);

} // namespace likeness::starter
