#pragma once

#include "core/models/cross_attention.h"

#include <optional>
#include <vector>

namespace likeness {

// norm, silu, conv; plus the time embedding; norm, silu, conv; plus the shortcut.
struct ResnetBlock2D {
    struct Config {
        int64_t in = 0, out = 0, time_dim = 0, groups = 32;
        double eps = 1e-5;
        int64_t places = 0; // see Conv2d::Shape
    };

    ResnetBlock2D(const Weights& weights, const Config& config);

    // x [B, C, h, w] and optionally a skip joined to it along the channels; time [B or 1, time_dim]
    // already through silu.
    Tensor operator()(const Tensor& x, const Tensor& skip, const Tensor& time,
                      const BetweenLayers& between = {}) const;

    GroupNorm norm1;
    Conv2d conv1;
    Linear time_emb_proj;
    GroupNorm norm2;
    Conv2d conv2;
    std::optional<Conv2d> conv_shortcut;
};

// attn1, attn2, feed-forward (GEGLU), each after a LayerNorm and with its residual.
struct BasicTransformerBlock {
    BasicTransformerBlock(const Weights& weights, const AttentionConfig& cross, std::size_t index);
    Tensor operator()(const Tensor& hidden_states, const AttentionContext& context) const;

    LayerNorm norm1, norm2, norm3;
    SelfAttention attn1;
    CrossAttention attn2;
    Linear ff_in, ff_out;
};

// The transformer over a feature map; proj_in and proj_out are 1x1 convolutions or linear layers.
struct Transformer2D {
    struct Config {
        AttentionConfig cross{};
        int64_t depth = 1, groups = 32;
        bool use_linear_projection = false;
    };

    Transformer2D(const Weights& weights, const Config& config, std::size_t first_index);
    Tensor operator()(const Tensor& x, const AttentionContext& context) const;

    bool use_linear_projection;
    GroupNorm norm;
    std::optional<Conv2d> conv_in, conv_out;
    std::optional<Linear> linear_in, linear_out;
    std::vector<BasicTransformerBlock> transformer_blocks;
};

// One level of the UNet: down, mid or up. Which parts are there is the block type's business.
struct UNetBlock {
    std::vector<ResnetBlock2D> resnets{};
    std::vector<Transformer2D> attentions{}; // empty, or one per resnet (mid: one between two)
    std::optional<Conv2d> sampler{};         // downsamplers.0 or upsamplers.0
};

} // namespace likeness
