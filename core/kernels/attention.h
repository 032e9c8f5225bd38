#pragma once

#include "core/kernels/bfloat16.h"

namespace likeness::kernels {

// Where [batch, heads, tokens, d] lies; d is dense. Strides in elements.
struct Heads {
    const bf16* at = nullptr;
    std::int64_t batch_stride = 0, head_stride = 0, token_stride = 0;
};

// y [batch, queries, heads, d], dense, = softmax(scale q k') v; plus, where they are given, factor
// [queries] onto that and a term like y. d is a multiple of 8. Keys and values are those of
// `key_batch`, which divides the batch: each of theirs serves as many neighbours.
struct AttentionCall {
    Heads query{}, key{}, value{};
    std::int64_t batch = 0, key_batch = 0, heads = 0, queries = 0, keys = 0, d = 0;
    float scale = 1;
    const bf16* add_to = nullptr;
    const float* factor = nullptr;
    bf16* y = nullptr;
};

void attention(const AttentionCall& call);

} // namespace likeness::kernels
