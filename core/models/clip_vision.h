#pragma once

#include "core/nn/clip_encoder.h"

#include <nlohmann/json_fwd.hpp>

namespace likeness {

// transformers' CLIPVisionConfig; the fields' names are config.json's.
struct ClipVisionConfig {
    int64_t hidden_size = 768;
    int64_t intermediate_size = 3072;
    int64_t num_hidden_layers = 12;
    int64_t num_attention_heads = 12;
    int64_t image_size = 224;
    int64_t patch_size = 32;
    int64_t projection_dim = 512;
    double layer_norm_eps = 1e-5;
    std::string hidden_act = "quick_gelu";

    static ClipVisionConfig from_json(const nlohmann::json& config);
    nlohmann::json to_json() const;
};

struct ClipVisionOutput {
    Tensor image_embeds{}; // [B, projection_dim], not normalised: what the plain adapter reads
    Tensor penultimate_states{}; // hidden_states[-2], [B, 1 + patches, hidden_size]: what the plus
                                 // adapter reads
};

// CLIPVisionModelWithProjection (arXiv 2103.00020).
struct ClipVision {
    ClipVision(const Weights& weights, const ClipVisionConfig& config);

    // pixel_values [B, 3, image_size, image_size], normalised.
    ClipVisionOutput operator()(const Tensor& pixel_values,
                                const BetweenLayers& between = {}) const;

    // The same of several, each as if it were alone; streamed layers are read once for all.
    std::vector<ClipVisionOutput> of_all(const std::vector<Tensor>& pixel_values,
                                         const BetweenLayers& between = {}) const;

    ClipVisionConfig config;
    Tensor class_embedding;
    Conv2d patch_embedding;
    Embedding position_embedding;
    LayerNorm pre_layernorm;
    ClipEncoder encoder;
    LayerNorm post_layernorm;
    Linear visual_projection;
};

} // namespace likeness
