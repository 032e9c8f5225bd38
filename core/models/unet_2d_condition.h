#pragma once

#include "core/models/unet_blocks.h"

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

// diffusers' UNet2DConditionModel config; the fields' names are config.json's. A field this program
// does not honour is refused by from_json with its name and value (Error{model_mismatch}), never
// ignored.
struct UNet2DConditionConfig {
    int64_t sample_size = 64; // latent side the model was trained at
    int64_t in_channels = 4;
    int64_t out_channels = 4;
    std::vector<int64_t> block_out_channels{320, 640, 1280, 1280};
    std::vector<std::string> down_block_types{"CrossAttnDownBlock2D", "CrossAttnDownBlock2D",
                                              "CrossAttnDownBlock2D", "DownBlock2D"};
    std::vector<std::string> up_block_types{"UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D",
                                            "CrossAttnUpBlock2D"};
    std::vector<int64_t> layers_per_block{2, 2, 2, 2};
    std::vector<int64_t> num_attention_heads{8, 8, 8, 8}; // attention_head_dim where that is absent
    std::vector<int64_t> transformer_layers_per_block{1, 1, 1, 1};
    int64_t cross_attention_dim = 768;
    int64_t norm_num_groups = 32;
    double norm_eps = 1e-5;
    bool use_linear_projection = false;
    bool flip_sin_to_cos = true;
    double freq_shift = 0;
    int64_t downsample_padding = 1;
    bool has_mid_block = true;
    std::string addition_embed_type{}; // "" or "text_time"
    int64_t addition_time_embed_dim = 0;
    int64_t projection_class_embeddings_input_dim = 0;

    static UNet2DConditionConfig from_json(const nlohmann::json& config);
    nlohmann::json to_json() const;
};

// SDXL's extra conditions.
struct AddedConditions {
    Tensor text_embeds{}; // pooled_prompt_embeds [B, D2]
    Tensor time_ids{};    // [B, 6]
};

struct UNet2DCondition {
    UNet2DCondition(const Weights& weights, const UNet2DConditionConfig& config);

    // sample [B, in_channels, h, w], timesteps [1] or [B] float -> [B, out_channels, h, w]. A
    // sample of one may go with a context of several, as guidance's halves: what they share, all up
    // to the first cross-attention, is computed once.
    Tensor operator()(const Tensor& sample, const Tensor& timesteps,
                      const AttentionContext& context, const AddedConditions& added = {}) const;

    // The cross-attention layers in the order adapters count them: down blocks, up blocks, mid
    // block.
    std::vector<const CrossAttention*> cross_attentions() const;

    // Keys and values of the text for every cross-attention layer, made once per prompt.
    // encoder_hidden_states [B, T, cross_attention_dim].
    std::vector<KeyValue> text_key_values(const Tensor& encoder_hidden_states) const;

    // Whether every layer runs by kernels whose results do not depend on the rest of the batch.
    bool is_packed() const;

    // mask [1, 1, H, W] in pixels, 0..1, for every layer's resolution where the latents are
    // [B, in_channels, height, width].
    OutputMask output_mask(const Tensor& mask, int64_t height, int64_t width) const;

    UNet2DConditionConfig config;
    Conv2d conv_in;
    Linear time_linear_1, time_linear_2;
    std::optional<Linear> add_linear_1, add_linear_2;
    std::vector<UNetBlock> down_blocks, up_blocks;
    std::optional<UNetBlock> mid_block;
    GroupNorm conv_norm_out;
    Conv2d conv_out;
};

} // namespace likeness
