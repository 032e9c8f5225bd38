#pragma once

#include "core/configs/unet_config.h"
#include "core/models/unet_blocks.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// SDXL's extra conditions.
struct AddedConditions {
    Tensor text_embeds{}; // pooled_prompt_embeds [B, D2]
    Tensor time_ids{};    // [B, 6]
};

// Runs a part of a network on those inputs, so that what it makes on the way need not be kept for
// the backward pass.
using Recompute =
    std::function<Tensor(const std::function<Tensor(const std::vector<Tensor>&)>& part,
                         const std::vector<Tensor>& inputs)>;

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
    Recompute recompute{}; // of a training that saves memory; empty: parts run as they are
};

} // namespace likeness
