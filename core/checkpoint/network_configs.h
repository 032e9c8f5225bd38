#pragma once

#include "core/checkpoint/tensor_places.h"

#include <string>

#include <nlohmann/json.hpp>

namespace likeness {

// The configs that diffusers' and transformers' folders hold as config.json, for tensors that come
// without one. What shapes tell is read off them; the rest, such as the number of heads, is the
// family's.

// How a family's UNet splits its attention.
struct HeadRule {
    int64_t heads = 0;     // the same at every level; 0: by width
    int64_t head_dim = 64; // where heads is 0
};

nlohmann::json unet_config(const TensorPlaces& unet, const HeadRule& rule);

struct VaeScale {
    double scaling_factor = 0.18215;
    int64_t sample_size = 512;
    bool force_upcast = false;
};

nlohmann::json vae_config(const TensorPlaces& vae, const VaeScale& scale);

// CLIP's text side: heads are 64 wide in every published one.
nlohmann::json clip_text_config(const TensorPlaces& text, const std::string& hidden_act);

// CLIP's image side: 16 heads in every published one that adapters read.
nlohmann::json clip_vision_config(const TensorPlaces& vision);

} // namespace likeness
