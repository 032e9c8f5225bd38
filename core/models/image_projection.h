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

} // namespace likeness
