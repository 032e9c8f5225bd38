#pragma once

#include "app/starter/attributes.h"
#include "core/nn/layers.h"

#include <vector>

// The networks that judge pictures in the bench and are used nowhere else.
namespace likeness::starter {

inline constexpr std::int64_t kJudgedSide = 128; // pixels of a picture that is judged

// Pictures [B, 3, S, S] at the side that the judging networks know, channels last.
Tensor at_judged_side(const Tensor& pictures);

// Weighted means over the places of a picture: each query finds where to look.
struct AttentionPool {
    AttentionPool(const Weights& weights, std::int64_t channels, std::int64_t queries);

    // [B, C, H, W] -> [B, queries * C].
    Tensor operator()(const Tensor& x) const;

    Linear scores;
};

// x + conv(silu(norm(conv(silu(norm(x)))))), [B, C, H, W].
struct ResidualBlock {
    ResidualBlock(const Weights& weights, std::int64_t channels);
    Tensor operator()(const Tensor& x) const;

    GroupNorm norm1, norm2;
    Conv2d conv1, conv2;
};

// E1: tells what a picture shows. A residual network down to 8 x 8 places, three kinds of pooling,
// and a linear head for each attribute.
struct AttributeEvaluator {
    static constexpr std::int64_t kChannels = 112, kQueries = 4;
    static constexpr std::int64_t kFeatures = (kQueries + 2) * kChannels;

    explicit AttributeEvaluator(const Weights& weights);

    // pictures [B, 3, kJudgedSide, kJudgedSide] in -1..1 -> [B, kChannels, 8, 8].
    Tensor map(const Tensor& pictures) const;

    // That map -> [B, kFeatures], which the heads read.
    Tensor pooled(const Tensor& map) const;

    Tensor features(const Tensor& pictures) const { return pooled(map(pictures)); }

    Conv2d stem;
    // Of each level: its blocks, and the convolution to the next, half as wide and high.
    std::vector<std::vector<ResidualBlock>> blocks;
    std::vector<Conv2d> down;
    GroupNorm norm;
    AttentionPool pool;
    AttributeHeads heads;
};

// A block after ConvNeXt (arXiv 2201.03545): a wide depthwise convolution, a norm over the
// channels, two linear layers; [B, C, H, W].
struct ConvNextBlock {
    ConvNextBlock(const Weights& weights, std::int64_t channels, std::int64_t hidden);
    Tensor operator()(const Tensor& x) const;

    Tensor depthwise, depthwise_bias; // [C, 1, 5, 5], [C]
    LayerNorm norm;
    Linear expand, contract;
};

// E2: where pictures of one product lie close together. Of another build than E1 and than the
// model's image encoder, so that they do not err alike.
struct IdentityEncoder {
    static constexpr std::int64_t kDimension = 128, kQueries = 2;

    explicit IdentityEncoder(const Weights& weights);

    // pictures [B, 3, kJudgedSide, kJudgedSide] in -1..1 -> [B, kDimension] of any length.
    Tensor operator()(const Tensor& pictures) const;

    // Of each level: the convolution into it, whose kernels do not overlap, and its blocks.
    std::vector<Conv2d> down;
    std::vector<std::vector<ConvNextBlock>> blocks;
    LayerNorm norm;
    AttentionPool pool;
    Linear projection;
};

} // namespace likeness::starter
