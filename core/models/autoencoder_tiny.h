#pragma once

#include "core/nn/layers.h"

#include <optional>
#include <variant>
#include <vector>

namespace likeness {

// Three convolutions around a shortcut: relu(conv(relu(conv(relu(conv(x))))) + x).
struct TinyBlock {
    TinyBlock(const Weights& weights, int64_t in, int64_t out);
    Tensor operator()(const Tensor& x) const;

    Conv2d conv_0, conv_2, conv_4;
    std::optional<Conv2d> skip; // 1 x 1, where the width changes
};

// The decoder of a TAESD (github.com/madebyollin/taesd), diffusers' AutoencoderTiny: latents to
// pictures for previews. Its layers are read off the tensors, `decoder.layers.N`.
struct AutoencoderTiny {
    explicit AutoencoderTiny(const Weights& weights);

    // latents as the UNet sees them, [B, latent_channels, h, w] -> pixels [B, 3, 8 h, 8 w], -1..1.
    Tensor decode(const Tensor& latents) const;

    struct Relu {};

    struct Upsample {}; // nearest, twice the size

    using Layer = std::variant<Conv2d, TinyBlock, Relu, Upsample>;
    std::vector<Layer> layers;
    int64_t latent_channels = 0;
};

} // namespace likeness
