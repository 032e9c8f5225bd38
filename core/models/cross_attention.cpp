#include "core/models/cross_attention.h"

#include "core/base/check.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/upsample_bicubic2d.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace likeness {

SelfAttention::SelfAttention(const Weights& w, const AttentionConfig& c)
    : heads(c.heads), to_q(w / "to_q", c.dim, c.dim, Bias::no),
      to_k(w / "to_k", c.dim, c.dim, Bias::no), to_v(w / "to_v", c.dim, c.dim, Bias::no),
      to_out(w / "to_out.0", c.dim, c.dim) {
    join();
}

void SelfAttention::join() {
    if (!to_q.packed || !to_k.packed || !to_v.packed || to_q.packed->back) {
        to_qkv.reset();
    } else if (!to_qkv || !to_qkv->joins({&*to_q.packed, &*to_k.packed, &*to_v.packed})) {
        to_qkv = PackedLinear::join({&*to_q.packed, &*to_k.packed, &*to_v.packed});
    }
}

Tensor SelfAttention::operator()(const Tensor& hidden_states, const Tensor& residual) const {
    const auto qkv =
        to_qkv ? (*to_qkv)(hidden_states, {}, {}).chunk(3, -1)
               : std::vector{to_q(hidden_states), to_k(hidden_states), to_v(hidden_states)};
    return to_out(merge_heads(attend(split_heads(qkv[0], heads), split_heads(qkv[1], heads),
                                     split_heads(qkv[2], heads))),
                  residual);
}

CrossAttention::CrossAttention(const Weights& w, const AttentionConfig& c, std::string layer_path,
                               std::size_t layer_index)
    : config(c), path(std::move(layer_path)), index(layer_index),
      to_q(w / "to_q", c.dim, c.dim, Bias::no), to_k(w / "to_k", c.context_dim, c.dim, Bias::no),
      to_v(w / "to_v", c.context_dim, c.dim, Bias::no), to_out(w / "to_out.0", c.dim, c.dim) {}

Tensor for_halves(const Tensor& x, int64_t batch) {
    if (x.size(0) >= batch) {
        return x;
    }
    LIKENESS_CHECK(x.size(0) == 1 || 2 * x.size(0) == batch, "x: ", x.sizes(), ", batch: ", batch);
    if (x.size(0) > 1) {
        return at::cat({x, x});
    }
    auto sizes = x.sizes().vec();
    sizes[0] = batch;
    return x.expand(sizes);
}

Tensor downsample_mask(const Tensor& mask, int64_t queries) {
    const double aspect = static_cast<double>(mask.size(3)) / static_cast<double>(mask.size(2));
    // At least one: of a single query under a wide mask the reference divides by zero.
    auto rows = std::max<int64_t>(
        1, static_cast<int64_t>(std::sqrt(static_cast<double>(queries) / aspect)));
    rows += queries % rows != 0 ? 1 : 0;
    const int64_t columns = queries / rows;
    Tensor small = at::upsample_bicubic2d(mask.to(at::kFloat), {rows, columns}, false).flatten();
    if (small.size(0) < queries) {
        small = at::constant_pad_nd(small, {0, queries - small.size(0)}, 0);
    }
    return small.slice(0, 0, queries).view({1, 1, queries, 1});
}

Tensor CrossAttention::operator()(const Tensor& hidden_states, const AttentionContext& context,
                                  const Tensor& residual) const {
    const Tensor query = split_heads(to_q(hidden_states), config.heads);
    const KeyValue& text = context.text[index];
    std::vector<Attended> attended{{.key = text.key, .value = text.value}};
    for (const ReferenceKeyValues& reference : context.references) {
        const KeyValue& tokens = reference.layers[index];
        if (tokens.key.defined()) {
            attended.push_back(
                {.key = tokens.key,
                 .value = tokens.value,
                 .factor = reference.mask.empty() ? Tensor() : reference.mask.at(query.size(2))});
        }
    }
    const Tensor out = attend_to_all(query, attended);
    if (context.influence) {
        context.influence->add(influence(query, context));
    }
    return to_out(merge_heads(out), residual);
}

Tensor CrossAttention::influence(const Tensor& query, const AttentionContext& context) const {
    // [B, heads, queries, d] -> [queries], of the last of the batch.
    const auto length = [](const Tensor& output) {
        return output[-1].to(at::kFloat).square().sum(at::IntArrayRef({0, 2})).sqrt();
    };
    const KeyValue& text = context.text[index];
    Tensor sum = length(attend(query, text.key, text.value));
    std::vector<Tensor> own(context.influence->references(), at::zeros_like(sum));
    for (const ReferenceKeyValues& reference : context.references) {
        const KeyValue& tokens = reference.layers[index];
        if (!tokens.key.defined()) {
            continue;
        }
        const auto& owners = reference.owners[index];
        const int64_t run = tokens.value.size(2) / static_cast<int64_t>(owners.size());
        for (std::size_t i = 0; i < owners.size(); ++i) {
            const auto begin = static_cast<int64_t>(i) * run;
            Tensor value = at::zeros_like(tokens.value);
            value.slice(2, begin, begin + run).copy_(tokens.value.slice(2, begin, begin + run));
            Tensor acts = length(attend(query, tokens.key, value));
            if (!reference.mask.empty()) {
                acts = acts * reference.mask.at(query.size(2)).flatten().to(at::kFloat).abs();
            }
            sum = sum + acts;
            for (const int owner : owners[i]) {
                own[static_cast<std::size_t>(owner)] = own[static_cast<std::size_t>(owner)] + acts;
            }
        }
    }
    return at::stack(own) / sum.clamp_min(1e-12);
}

KeyValue CrossAttention::text_key_value(const Tensor& tokens) const {
    return {.key = split_heads(to_k(tokens), config.heads),
            .value = split_heads(to_v(tokens), config.heads)};
}

} // namespace likeness
