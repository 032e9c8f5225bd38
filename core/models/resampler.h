#pragma once

#include "core/nn/layers.h"

#include <vector>

namespace likeness {

// The plus adapter's projector, read off the tensors' shapes; heads are `dim_head` wide (64 in
// every published file).
struct ResamplerConfig {
    int64_t embed_dim = 1280; // width of the image encoder's hidden states
    int64_t dim = 768;
    int64_t depth = 4;
    int64_t heads = 12;
    int64_t inner_dim = 768; // heads * dim_head
    int64_t num_queries = 16;
    int64_t ff_mult = 4;
    int64_t output_dim = 768; // cross_attention_dim
};

struct ResamplerLayer {
    ResamplerLayer(const Weights& weights, const ResamplerConfig& config);
    // latents [B, num_queries, dim], features [B, T, dim].
    Tensor operator()(const Tensor& latents, const Tensor& features) const;

    LayerNorm norm1, norm2;
    Linear to_q, to_kv, to_out;
    LayerNorm ff_norm;
    Linear ff_in, ff_out;
    int64_t heads;
};

// Perceiver resampler with learned queries (IP-Adapter plus). Keys `image_proj.*` as in the
// original repository.
struct Resampler {
    Resampler(const Weights& weights, const ResamplerConfig& config);

    // hidden states [B, T, embed_dim] -> ip_tokens [B, num_queries, output_dim].
    Tensor operator()(const Tensor& features) const;

    ResamplerConfig config;
    Tensor latents;
    Linear proj_in, proj_out;
    LayerNorm norm_out;
    std::vector<ResamplerLayer> layers;
};

} // namespace likeness
