#include "core/models/image_projection.h"

namespace likeness {

ImageProjection::ImageProjection(const Weights& w, int64_t embed_dim, int64_t tokens,
                                 int64_t context_dim)
    : proj(w / "proj", embed_dim, tokens * context_dim), norm(w / "norm", context_dim),
      num_tokens(tokens), cross_attention_dim(context_dim) {}

Tensor ImageProjection::operator()(const Tensor& image_embeds) const {
    return norm(proj(image_embeds).view({-1, num_tokens, cross_attention_dim}));
}

} // namespace likeness
