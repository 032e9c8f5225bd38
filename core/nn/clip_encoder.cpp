#include "core/nn/clip_encoder.h"

namespace likeness {

ClipEncoderLayer::ClipEncoderLayer(const Weights& w, const ClipEncoderConfig& c)
    : layer_norm1(w / "layer_norm1", c.hidden_size, c.layer_norm_eps),
      layer_norm2(w / "layer_norm2", c.hidden_size, c.layer_norm_eps),
      q_proj(w / "self_attn.q_proj", c.hidden_size, c.hidden_size),
      k_proj(w / "self_attn.k_proj", c.hidden_size, c.hidden_size),
      v_proj(w / "self_attn.v_proj", c.hidden_size, c.hidden_size),
      out_proj(w / "self_attn.out_proj", c.hidden_size, c.hidden_size),
      fc1(w / "mlp.fc1", c.hidden_size, c.intermediate_size),
      fc2(w / "mlp.fc2", c.intermediate_size, c.hidden_size), heads(c.num_attention_heads),
      activation(activation_from_string(c.hidden_act)) {}

Tensor ClipEncoderLayer::operator()(const Tensor& hidden_states, bool causal) const {
    const Tensor x = layer_norm1(hidden_states);
    const Tensor attended = attend(split_heads(q_proj(x), heads), split_heads(k_proj(x), heads),
                                   split_heads(v_proj(x), heads), {.causal = causal});
    const Tensor y = hidden_states + out_proj(merge_heads(attended));
    return y + fc2(activate(fc1(layer_norm2(y)), activation));
}

ClipEncoder::ClipEncoder(const Weights& weights, const ClipEncoderConfig& config) {
    layers.reserve(static_cast<std::size_t>(config.num_hidden_layers));
    for (int64_t i = 0; i < config.num_hidden_layers; ++i) {
        layers.emplace_back(weights / "layers" / std::to_string(i), config);
    }
}

std::vector<Tensor> ClipEncoder::operator()(const Tensor& hidden_states, bool causal) const {
    std::vector<Tensor> states{hidden_states};
    states.reserve(layers.size() + 1);
    for (const ClipEncoderLayer& layer : layers) {
        states.push_back(layer(states.back(), causal));
    }
    return states;
}

} // namespace likeness
