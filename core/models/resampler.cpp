#include "core/models/resampler.h"

#include <ATen/ops/cat.h>

namespace likeness {

ResamplerLayer::ResamplerLayer(const Weights& w, const ResamplerConfig& c)
    : norm1(w / "0.norm1", c.dim), norm2(w / "0.norm2", c.dim),
      to_q(w / "0.to_q", c.dim, c.inner_dim, Bias::no),
      to_kv(w / "0.to_kv", c.dim, 2 * c.inner_dim, Bias::no),
      to_out(w / "0.to_out", c.inner_dim, c.dim, Bias::no), ff_norm(w / "1.0", c.dim),
      ff_in(w / "1.1", c.dim, c.ff_mult * c.dim, Bias::no),
      ff_out(w / "1.3", c.ff_mult * c.dim, c.dim, Bias::no), heads(c.heads) {}

Tensor ResamplerLayer::operator()(const Tensor& latents, const Tensor& features) const {
    const Tensor queries = norm2(latents);
    const auto key_value = to_kv(at::cat({norm1(features), queries}, 1)).chunk(2, -1);
    const Tensor attended =
        attend(split_heads(to_q(queries), heads), split_heads(key_value[0], heads),
               split_heads(key_value[1], heads));
    const Tensor z = to_out(merge_heads(attended)) + latents;
    return ff_out(activate(ff_in(ff_norm(z)), Activation::gelu)) + z;
}

Resampler::Resampler(const Weights& w, const ResamplerConfig& c)
    : config(c), latents(w.get("latents", {1, c.num_queries, c.dim})),
      proj_in(w / "proj_in", c.embed_dim, c.dim), proj_out(w / "proj_out", c.dim, c.output_dim),
      norm_out(w / "norm_out", c.output_dim) {
    layers.reserve(static_cast<std::size_t>(c.depth));
    for (int64_t i = 0; i < c.depth; ++i) {
        layers.emplace_back(w / "layers" / std::to_string(i), c);
    }
}

Tensor Resampler::operator()(const Tensor& features) const {
    const Tensor x = proj_in(features);
    Tensor z = latents.expand({features.size(0), -1, -1});
    for (const ResamplerLayer& layer : layers) {
        z = layer(z, x);
    }
    return norm_out(proj_out(z));
}

} // namespace likeness
