#pragma once

#include "core/nn/layers.h"

namespace likeness {

// The plain adapter's projector (arXiv 2308.06721): tokens = LN(reshape(proj(image_embeds))). Keys
// `image_proj.*`.
struct ImageProjection {
    ImageProjection(const Weights& weights, int64_t embed_dim, int64_t num_tokens,
                    int64_t cross_attention_dim);

    // image_embeds [B, embed_dim] -> ip_tokens [B, num_tokens, cross_attention_dim].
    Tensor operator()(const Tensor& image_embeds) const;

    Linear proj;
    LayerNorm norm;
    int64_t num_tokens, cross_attention_dim;
};

// The full-face adapter's projector: every token of the encoder by itself,
// tokens = LN(proj.2(gelu(proj.0(hidden states)))). Keys `image_proj.proj.{0,2,3}`.
struct FullImageProjection {
    FullImageProjection(const Weights& weights, int64_t embed_dim, int64_t cross_attention_dim);

    // hidden states [B, T, embed_dim] -> ip_tokens [B, T, cross_attention_dim].
    Tensor operator()(const Tensor& features) const;

    Linear proj_0, proj_2;
    LayerNorm proj_3;
};

} // namespace likeness
