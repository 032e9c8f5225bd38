#pragma once

#include "core/models/attention_context.h"
#include "core/nn/layers.h"

#include <string>

namespace likeness {

struct AttentionConfig {
    int64_t dim = 0;         // width of the hidden states
    int64_t context_dim = 0; // width of what is attended to
    int64_t heads = 1;
};

// Attention of the picture to itself; no biases but to_out's.
struct SelfAttention {
    SelfAttention(const Weights& weights, const AttentionConfig& config);
    // Plus residual, like hidden_states, where it is defined.
    Tensor operator()(const Tensor& hidden_states, const Tensor& residual = {}) const;

    // Makes to_qkv of the first three where they are not its parts (any more); not where they hand
    // a gradient back.
    void join();

    int64_t heads;
    Linear to_q, to_k, to_v, to_out;
    std::optional<PackedLinear> to_qkv{}; // the first three as one, where they are packed
};

// Text cross-attention with a decoupled image branch (IP-Adapter, arXiv 2308.06721):
// out = attend(text) + sum_i mask_i * attend(reference_i), summed before to_out. What belongs to
// one picture arrives with the call, so one set of weights serves every column of a comparison.
struct CrossAttention {
    CrossAttention(const Weights& weights, const AttentionConfig& config, std::string path,
                   std::size_t index);
    // Plus residual, like hidden_states, where it is defined.
    Tensor operator()(const Tensor& hidden_states, const AttentionContext& context,
                      const Tensor& residual = {}) const;

    // How much each reference acts at every query, [references, queries] in 0..1, exactly and from
    // the attention outputs alone:
    //   share_i = |o_i| / (|o_text| + sum_j |o_j|)
    // where o_i is reference i's part of the sum before to_out and |.| the length over all heads.
    // References joined in one softmax keep apart because the output is linear in the values: o_i
    // is that same softmax over i's tokens alone. Averaged ones attend as one and carry the same
    // share. Of a guided batch the conditional half is looked at.
    Tensor influence(const Tensor& query, const AttentionContext& context) const;

    // tokens [B, T, context_dim] -> keys and values of the text branch.
    KeyValue text_key_value(const Tensor& tokens) const;

    AttentionConfig config;
    std::string path;  // e.g. "down_blocks.0.attentions.0.transformer_blocks.0.attn2"
    std::size_t index; // place in AttentionContext: order of down, up, mid
    Linear to_q, to_k, to_v, to_out;
};

// What was computed once for both halves of the guidance, for a batch of the negative halves and
// then the positive ones. x as it is where it is such a batch.
Tensor for_halves(const Tensor& x, int64_t batch);

// A mask [1, 1, H, W] in pixels for a layer of that many queries, [1, 1, queries, 1] float32; the
// grid is guessed from their number and the mask's aspect as diffusers'
// IPAdapterMaskProcessor.downsample does.
Tensor downsample_mask(const Tensor& mask, int64_t queries);

} // namespace likeness
