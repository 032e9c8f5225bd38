#pragma once

#include <cstdint>
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

} // namespace likeness
