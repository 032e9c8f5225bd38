#include "core/models/image_projection.h"

namespace likeness {

ImageProjection::ImageProjection(const Weights& w, int64_t embed_dim, int64_t tokens,
                                 int64_t context_dim)
    : proj(w / "proj", embed_dim, tokens * context_dim), norm(w / "norm", context_dim),
      num_tokens(tokens), cross_attention_dim(context_dim) {}

Tensor ImageProjection::operator()(const Tensor& image_embeds) const {
    return norm(proj(image_embeds).view({-1, num_tokens, cross_attention_dim}));
}

FullImageProjection::FullImageProjection(const Weights& w, int64_t embed_dim, int64_t context_dim)
    : proj_0(w / "proj.0", embed_dim, embed_dim), proj_2(w / "proj.2", embed_dim, context_dim),
      proj_3(w / "proj.3", context_dim) {}

Tensor FullImageProjection::operator()(const Tensor& features) const {
    return proj_3(proj_2(activate(proj_0(features), Activation::gelu)));
}

} // namespace likeness
