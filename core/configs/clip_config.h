#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

// transformers' CLIPTextConfig; the fields' names are config.json's.
struct ClipTextConfig {
    int64_t vocab_size = 49408;
    int64_t hidden_size = 512;
    int64_t intermediate_size = 2048;
    int64_t num_hidden_layers = 12;
    int64_t num_attention_heads = 8;
    int64_t max_position_embeddings = 77;
    int64_t projection_dim = 512;
    bool with_projection = false; // CLIPTextModelWithProjection by config.json's architectures
    int64_t eos_token_id = 2;     // 2: the old way, EOS is the largest id
    double layer_norm_eps = 1e-5;
    std::string hidden_act = "quick_gelu";

    static ClipTextConfig from_json(const nlohmann::json& config);
    nlohmann::json to_json() const;
};

// transformers' CLIPVisionConfig; the fields' names are config.json's.
struct ClipVisionConfig {
    int64_t hidden_size = 768;
    int64_t intermediate_size = 3072;
    int64_t num_hidden_layers = 12;
    int64_t num_attention_heads = 12;
    int64_t image_size = 224;
    int64_t patch_size = 32;
    int64_t projection_dim = 512;
    double layer_norm_eps = 1e-5;
    std::string hidden_act = "quick_gelu";

    static ClipVisionConfig from_json(const nlohmann::json& config);
    nlohmann::json to_json() const;
};

} // namespace likeness
