#include "core/models/clip_vision.h"

#include "core/base/check.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>

namespace likeness {

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
