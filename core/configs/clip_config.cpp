#include "core/configs/clip_config.h"

#include "core/configs/config_reader.h"

namespace likeness {

namespace {

const std::vector<nlohmann::json> kActivations{"silu", "swish", "gelu", "quick_gelu"};

} // namespace

ClipTextConfig ClipTextConfig::from_json(const nlohmann::json& json) {
    const ConfigReader read(json, "text_encoder");
    ClipTextConfig c;
    c.vocab_size = read.integer("vocab_size", c.vocab_size, 2);
    c.hidden_size = read.integer("hidden_size", c.hidden_size, 1, 1 << 14);
    c.intermediate_size = read.integer("intermediate_size", c.intermediate_size, 1, 1 << 16);
    c.num_hidden_layers = read.integer("num_hidden_layers", c.num_hidden_layers, 1, 256);
    c.num_attention_heads = read.integer("num_attention_heads", c.num_attention_heads, 1, 256);
    c.max_position_embeddings = read.integer("max_position_embeddings", 77, 2, 1 << 14);
    c.eos_token_id = read.integer("eos_token_id", c.eos_token_id);
    c.layer_norm_eps = read.number("layer_norm_eps", c.layer_norm_eps, 0, 1);
    read.only("hidden_act", kActivations);
    c.hidden_act = read.string("hidden_act", c.hidden_act);
    const auto architectures = read.strings("architectures", {"CLIPTextModel"});
    c.with_projection = architectures.front() == "CLIPTextModelWithProjection";
    c.projection_dim = read.integer("projection_dim", c.projection_dim, 1, 1 << 14);
    if (c.hidden_size % c.num_attention_heads != 0) {
        read.fail("num_attention_heads", message("does not divide hidden_size {}", c.hidden_size));
    }
    return c;
}

nlohmann::json ClipTextConfig::to_json() const {
    return {{"architectures", {with_projection ? "CLIPTextModelWithProjection" : "CLIPTextModel"}},
            {"model_type", "clip_text_model"},
            {"vocab_size", vocab_size},
            {"hidden_size", hidden_size},
            {"intermediate_size", intermediate_size},
            {"num_hidden_layers", num_hidden_layers},
            {"num_attention_heads", num_attention_heads},
            {"max_position_embeddings", max_position_embeddings},
            {"projection_dim", projection_dim},
            {"eos_token_id", eos_token_id},
            {"layer_norm_eps", layer_norm_eps},
            {"hidden_act", hidden_act}};
}

ClipVisionConfig ClipVisionConfig::from_json(const nlohmann::json& json) {
    const ConfigReader read(json, "image_encoder");
    ClipVisionConfig c;
    c.hidden_size = read.integer("hidden_size", c.hidden_size, 1, 1 << 14);
    c.intermediate_size = read.integer("intermediate_size", c.intermediate_size, 1, 1 << 16);
    c.num_hidden_layers = read.integer("num_hidden_layers", c.num_hidden_layers, 1, 256);
    c.num_attention_heads = read.integer("num_attention_heads", c.num_attention_heads, 1, 256);
    c.image_size = read.integer("image_size", c.image_size, 1, 4096);
    c.patch_size = read.integer("patch_size", c.patch_size, 1, 4096);
    c.projection_dim = read.integer("projection_dim", c.projection_dim, 1, 1 << 14);
    c.layer_norm_eps = read.number("layer_norm_eps", c.layer_norm_eps, 0, 1);
    read.only("hidden_act", kActivations);
    c.hidden_act = read.string("hidden_act", c.hidden_act);
    read.only("num_channels", {3});
    if (c.hidden_size % c.num_attention_heads != 0) {
        read.fail("num_attention_heads", message("does not divide hidden_size {}", c.hidden_size));
    }
    if (c.patch_size > c.image_size) {
        read.fail("patch_size", message("is larger than image_size {}", c.image_size));
    }
    return c;
}

nlohmann::json ClipVisionConfig::to_json() const {
    return {{"architectures", {"CLIPVisionModelWithProjection"}},
            {"model_type", "clip_vision_model"},
            {"hidden_size", hidden_size},
            {"intermediate_size", intermediate_size},
            {"num_hidden_layers", num_hidden_layers},
            {"num_attention_heads", num_attention_heads},
            {"image_size", image_size},
            {"patch_size", patch_size},
            {"num_channels", 3},
            {"projection_dim", projection_dim},
            {"layer_norm_eps", layer_norm_eps},
            {"hidden_act", hidden_act}};
}

} // namespace likeness
