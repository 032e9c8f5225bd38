#pragma once

#include "core/configs/autoencoder_kl_config.h"
#include "core/nn/layers.h"

#include <optional>
#include <string>
#include <vector>

namespace likeness {

// Two norm-silu-convolutions with a shortcut; no time embedding.
struct VaeResnet {
    VaeResnet(const Weights& weights, int64_t in, int64_t out, int64_t groups);
    // x is taken, so that its memory is free as soon as it was read for the last time.
    Tensor operator()(Tensor x, const BetweenLayers& between) const;

    GroupNorm norm1;
    Conv2d conv1;
    GroupNorm norm2;
    Conv2d conv2;
    std::optional<Conv2d> conv_shortcut;
};

// Single-head attention over all positions, with biases; reads the published and the older key
// names.
struct VaeAttention {
    VaeAttention(const Weights& weights, int64_t channels, int64_t groups);
    Tensor operator()(const Tensor& x, const BetweenLayers& between) const;

    GroupNorm group_norm;
    Linear to_q, to_k, to_v, to_out;
};

struct VaeMid {
    VaeMid(const Weights& weights, int64_t channels, const AutoencoderKLConfig& config);
    Tensor operator()(const Tensor& x, const BetweenLayers& between) const;

    VaeResnet first;
    std::optional<VaeAttention> attention;
    VaeResnet second;
};

struct VaeBlock {
    std::vector<VaeResnet> resnets{};
    std::optional<Conv2d> sampler{}; // down: stride 2 after a one-sided pad; up: after nearest x2
};

struct VaeEncoder {
    VaeEncoder(const Weights& weights, const AutoencoderKLConfig& config);
    Tensor operator()(const Tensor& pixels, const BetweenLayers& between = {}) const;

    Conv2d conv_in;
    std::vector<VaeBlock> down_blocks;
    VaeMid mid_block;
    GroupNorm conv_norm_out;
    Conv2d conv_out;
};

struct VaeDecoder {
    VaeDecoder(const Weights& weights, const AutoencoderKLConfig& config);
    Tensor operator()(const Tensor& z, const BetweenLayers& between = {}) const;

    // Up to the last upsampler, which has not run yet: a small part of the memory of the whole.
    Tensor before_last_upsampler(const Tensor& z, const BetweenLayers& between = {}) const;

    Conv2d conv_in;
    VaeMid mid_block;
    std::vector<VaeBlock> up_blocks;
    GroupNorm conv_norm_out;
    Conv2d conv_out;
};

// Mean and log variance of the posterior, each [B, latent_channels, h, w], before scaling_factor.
struct LatentDistribution {
    Tensor mean{}, logvar{};
};

// AutoencoderKL (arXiv 2112.10752).
struct AutoencoderKL {
    AutoencoderKL(const Weights& weights, const AutoencoderKLConfig& config);

    // Both compute in the dtype of the weights, which need not be the UNet's.

    // pixels [B, 3, H, W] in -1..1. The encoder must be there.
    LatentDistribution encode(const Tensor& pixels, const BetweenLayers& between = {}) const;

    // latents as the UNet sees them (already multiplied by scaling_factor) -> pixels [B, 3, H, W]
    // about -1..1.
    Tensor decode(const Tensor& latents, const BetweenLayers& between = {}) const;

    // What the decoder reads.
    Tensor decoder_input(const Tensor& latents) const;

    // The other way for latents: posterior values -> what the UNet sees, and back.
    Tensor scale_latents(const Tensor& z) const;
    Tensor unscale_latents(const Tensor& latents) const;

    AutoencoderKLConfig config;
    std::optional<VaeEncoder> encoder; // empty where the weights are streamed
    VaeDecoder decoder;
    std::optional<Conv2d> quant_conv, post_quant_conv;
};

} // namespace likeness
