#pragma once

#include "core/nn/layers.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

struct ClipEncoderConfig {
    int64_t hidden_size = 0;
    int64_t intermediate_size = 0;
    int64_t num_hidden_layers = 0;
    int64_t num_attention_heads = 0;
    double layer_norm_eps = 1e-5;
    std::string hidden_act{};
};

// The stack's part of a tower's config; both towers spell these fields alike.
template <typename TowerConfig>
ClipEncoderConfig clip_encoder_config(const TowerConfig& c) {
    return {.hidden_size = c.hidden_size,
            .intermediate_size = c.intermediate_size,
            .num_hidden_layers = c.num_hidden_layers,
            .num_attention_heads = c.num_attention_heads,
            .layer_norm_eps = c.layer_norm_eps,
            .hidden_act = c.hidden_act};
}

// One pre-norm transformer layer of CLIP: x + attn(LN1 x), then + mlp(LN2 x).
struct ClipEncoderLayer {
    ClipEncoderLayer(const Weights& weights, const ClipEncoderConfig& config);
    Tensor operator()(const Tensor& hidden_states, bool causal) const;

    LayerNorm layer_norm1, layer_norm2;
    Linear q_proj, k_proj, v_proj, out_proj, fc1, fc2;
    int64_t heads;
    Activation activation;
};

// The stack that both towers share. Where the weights are streamed (WeightOptions::stream) each
// layer is read when it runs and let go: one layer's memory instead of all of them.
struct ClipEncoder {
    ClipEncoder(const Weights& weights, const ClipEncoderConfig& config);

    // Returns [x0, x1, ..., xL].
    std::vector<Tensor> operator()(const Tensor& hidden_states, bool causal,
                                   const BetweenLayers& between = {}) const;

    // The last two of them, of several inputs, each as if it were alone; every layer is read once
    // for all.
    std::vector<std::vector<Tensor>> of_all(const std::vector<Tensor>& inputs, bool causal,
                                            const BetweenLayers& between = {}) const;

    // Where streamed layers are read from now on.
    void read_from(std::shared_ptr<WeightSource> source);

    // Reads streamed layers once and keeps them.
    void hold();

    std::vector<ClipEncoderLayer> layers; // empty where they are streamed

private:
    ClipEncoderLayer layer_of(const Weights& weights, int64_t index) const;
    void each_layer(const std::function<void(const ClipEncoderLayer&)>& run) const;

    ClipEncoderConfig config_;
    std::optional<Weights> streamed_{};
};

} // namespace likeness
