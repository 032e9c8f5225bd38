#pragma once

#include "core/models/clip_text.h"
#include "core/models/unet_2d_condition.h"

#include <string>
#include <variant>
#include <vector>

namespace likeness {

// A layer of a network with the names its tensors have in a file.
struct NamedLayer {
    std::string name{};     // in a diffusers folder: "down_blocks.0.resnets.1.conv1"
    std::string ldm_name{}; // in a single file: "input_blocks.2.0.in_layers.2"; empty: none
    std::variant<Linear*, Conv2d*, GroupNorm*, LayerNorm*> layer{};

    const Tensor& weight() const;       // undefined where the layer is packed
    const Tensor& bias() const;         // undefined where the layer has none
    std::vector<int64_t> shape() const; // of the weight, packed or not

    // Other values of the same shapes; the layer alone is changed, whatever shared its tensors
    // keeps the old ones. An undefined bias leaves the layer's own. A packed layer is packed again;
    // join_projections() is due after the last change.
    void set(Tensor weight, Tensor bias = {}) const;
};

// Every layer with a weight but the embeddings, in the order of the network.
std::vector<NamedLayer> named_layers(UNet2DCondition& unet);
std::vector<NamedLayer> named_layers(ClipText& text);

// What runs as one because of its speed is made anew of layers that were set.
void join_projections(UNet2DCondition& unet);

} // namespace likeness
