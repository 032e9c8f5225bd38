#include "core/models/clip_vision.h"

#include "core/base/check.h"
#include "core/models/config_reader.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>

namespace likeness {

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

namespace {

int64_t positions(const ClipVisionConfig& c) {
    const int64_t side = c.image_size / c.patch_size;
    return 1 + side * side;
}

} // namespace

ClipVision::ClipVision(const Weights& w, const ClipVisionConfig& c)
    : config(c),
      class_embedding((w / "vision_model.embeddings").get("class_embedding", {c.hidden_size})),
      patch_embedding(w / "vision_model.embeddings.patch_embedding", 3, c.hidden_size,
                      {.kernel = c.patch_size, .stride = c.patch_size, .padding = 0}, Bias::no),
      position_embedding(w / "vision_model.embeddings.position_embedding", positions(c),
                         c.hidden_size),
      // The published key is spelled so.
      pre_layernorm(w / "vision_model.pre_layrnorm", c.hidden_size, c.layer_norm_eps),
      encoder(w / "vision_model.encoder", clip_encoder_config(c)),
      post_layernorm(w / "vision_model.post_layernorm", c.hidden_size, c.layer_norm_eps),
      visual_projection(w / "visual_projection", c.hidden_size, c.projection_dim, Bias::no) {}

ClipVisionOutput ClipVision::operator()(const Tensor& pixel_values,
                                        const BetweenLayers& between) const {
    return of_all({pixel_values}, between).front();
}

std::vector<ClipVisionOutput> ClipVision::of_all(const std::vector<Tensor>& pixel_values,
                                                 const BetweenLayers& between) const {
    std::vector<Tensor> inputs;
    for (const Tensor& pixels : pixel_values) {
        LIKENESS_CHECK(pixels.dim() == 4 && pixels.size(2) == config.image_size &&
                           pixels.size(3) == config.image_size,
                       "pixel_values: ", pixels.sizes());
        const Tensor patches = patch_embedding(pixels).flatten(2).transpose(1, 2); // [B, P, C]
        const Tensor cls = class_embedding.expand({pixels.size(0), 1, config.hidden_size});
        inputs.push_back(
            pre_layernorm(at::cat({cls, patches}, 1) + position_embedding.weight.unsqueeze(0)));
    }
    std::vector<ClipVisionOutput> outputs;
    for (const auto& states : encoder.of_all(inputs, false, between)) {
        outputs.push_back(
            {.image_embeds = visual_projection(post_layernorm(states.back().select(1, 0))),
             .penultimate_states = states.front()});
    }
    return outputs;
}

} // namespace likeness
