#include "core/models/cross_attention.h"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/upsample_bicubic2d.h>

#include <cmath>
#include <utility>

namespace likeness {

SelfAttention::SelfAttention(const Weights& w, const AttentionConfig& c)
    : heads(c.heads), to_q(w / "to_q", c.dim, c.dim, Bias::no),
      to_k(w / "to_k", c.dim, c.dim, Bias::no), to_v(w / "to_v", c.dim, c.dim, Bias::no),
      to_out(w / "to_out.0", c.dim, c.dim) {}

Tensor SelfAttention::operator()(const Tensor& hidden_states) const {
    return to_out(merge_heads(attend(split_heads(to_q(hidden_states), heads),
                                     split_heads(to_k(hidden_states), heads),
                                     split_heads(to_v(hidden_states), heads))));
}

CrossAttention::CrossAttention(const Weights& w, const AttentionConfig& c, std::string layer_path,
                               std::size_t layer_index)
    : config(c), path(std::move(layer_path)), index(layer_index),
      to_q(w / "to_q", c.dim, c.dim, Bias::no), to_k(w / "to_k", c.context_dim, c.dim, Bias::no),
      to_v(w / "to_v", c.context_dim, c.dim, Bias::no), to_out(w / "to_out.0", c.dim, c.dim) {}

Tensor downsample_mask(const Tensor& mask, int64_t queries) {
    const double aspect = static_cast<double>(mask.size(3)) / static_cast<double>(mask.size(2));
    auto rows = static_cast<int64_t>(std::sqrt(static_cast<double>(queries) / aspect));
    rows += queries % rows != 0 ? 1 : 0;
    const int64_t columns = queries / rows;
    Tensor small = at::upsample_bicubic2d(mask.to(at::kFloat), {rows, columns}, false).flatten();
    if (small.size(0) < queries) {
        small = at::constant_pad_nd(small, {0, queries - small.size(0)}, 0);
    }
    return small.slice(0, 0, queries).view({1, 1, queries, 1});
}

Tensor CrossAttention::operator()(const Tensor& hidden_states,
                                  const AttentionContext& context) const {
    const Tensor query = split_heads(to_q(hidden_states), config.heads);
    const KeyValue& text = context.text[index];
    Tensor out = attend(query, text.key, text.value);
    for (const ReferenceKeyValues& reference : context.references) {
        const KeyValue& tokens = reference.layers[index];
        if (!tokens.key.defined()) {
            continue;
        }
        AttendExtras extras{.add_to = out};
        if (!reference.mask.empty()) {
            extras.factor = reference.mask.at(query.size(2));
        }
        out = attend(query, tokens.key, tokens.value, extras);
    }
    return to_out(merge_heads(out));
}

KeyValue CrossAttention::text_key_value(const Tensor& tokens) const {
    return {.key = split_heads(to_k(tokens), config.heads),
            .value = split_heads(to_v(tokens), config.heads)};
}

} // namespace likeness
