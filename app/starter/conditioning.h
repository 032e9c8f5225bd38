#pragma once

#include "core/models/clip_text.h"
#include "core/models/unet_2d_condition.h"
#include "core/text/clip_tokenizer.h"
#include "core/training/training_noise.h"

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

// [B, 77] int64.
Tensor token_ids(const ClipTokenizer& tokenizer, const std::vector<std::string>& prompts);

// The weighted squared error on v, mean over samples; `predicted` and `clean` [B, C, h, w].
Tensor velocity_loss(const TrainingNoise& schedule, const Tensor& predicted, const Tensor& clean,
                     const Tensor& noise, const Tensor& timesteps);

} // namespace likeness::starter
