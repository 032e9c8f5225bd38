#include "core/nn/clip_encoder.h"

#include <algorithm>

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
    const Tensor attended =
        attend(split_heads(q_proj(x), heads), split_heads(k_proj(x), heads),
               split_heads(v_proj(x), heads), causal ? Causal::yes : Causal::no);
    const Tensor y = hidden_states + out_proj(merge_heads(attended));
    return y + fc2(activate(fc1(layer_norm2(y)), activation));
}

ClipEncoder::ClipEncoder(const Weights& weights, const ClipEncoderConfig& config)
    : config_(config) {
    const bool stream = weights.options().stream;
    const Weights read = stream ? weights.only_checked() : weights;
    layers.reserve(static_cast<std::size_t>(config.num_hidden_layers));
    for (int64_t i = 0; i < config.num_hidden_layers; ++i) {
        layers.push_back(layer_of(read, i));
    }
    if (stream) {
        layers.clear();
        streamed_ = weights;
    }
}

ClipEncoderLayer ClipEncoder::layer_of(const Weights& weights, int64_t index) const {
    return {weights / "layers" / std::to_string(index), config_};
}

void ClipEncoder::read_from(std::shared_ptr<WeightSource> source) {
    if (streamed_) {
        streamed_ = streamed_->from(std::move(source));
    }
}

void ClipEncoder::hold() {
    if (!streamed_) {
        return;
    }
    for (int64_t i = 0; i < config_.num_hidden_layers; ++i) {
        layers.push_back(layer_of(*streamed_, i));
    }
    streamed_->check("encoder");
    streamed_.reset();
}

void ClipEncoder::each_layer(const std::function<void(const ClipEncoderLayer&)>& run) const {
    std::ranges::for_each(layers, run);
    for (int64_t i = 0; streamed_ && i < config_.num_hidden_layers; ++i) {
        const ClipEncoderLayer layer = layer_of(*streamed_, i);
        streamed_->check("encoder");
        run(layer);
    }
}

std::vector<Tensor> ClipEncoder::operator()(const Tensor& hidden_states, bool causal,
                                            const BetweenLayers& between) const {
    std::vector<Tensor> states{hidden_states};
    each_layer([&](const ClipEncoderLayer& layer) {
        next_layer(between);
        states.push_back(layer(states.back(), causal));
    });
    return states;
}

std::vector<std::vector<Tensor>> ClipEncoder::of_all(const std::vector<Tensor>& inputs, bool causal,
                                                     const BetweenLayers& between) const {
    std::vector<std::vector<Tensor>> states;
    for (const Tensor& input : inputs) {
        states.push_back({input, input});
    }
    each_layer([&](const ClipEncoderLayer& layer) {
        for (std::vector<Tensor>& last : states) {
            next_layer(between);
            last = {last[1], layer(last[1], causal)};
        }
    });
    return states;
}

} // namespace likeness
