#pragma once

#include "core/configs/clip_config.h"
#include "core/nn/clip_encoder.h"

namespace likeness {

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
