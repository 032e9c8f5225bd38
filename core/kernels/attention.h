#pragma once

#include "core/kernels/bfloat16.h"

namespace likeness::kernels {

// Where [batch, heads, tokens, d] lies; d is dense. Strides in elements.
struct Heads {
    const bf16* at = nullptr;
    std::int64_t batch_stride = 0, head_stride = 0, token_stride = 0;
};

// Keys and values with a softmax of their own. They are those of `key_batch`, which divides the
// batch: each of theirs serves as many neighbours.
struct Attended {
    Heads key{}, value{};
    std::int64_t key_batch = 0, keys = 0;
    const float* factor = nullptr; // [queries], onto what it gives
};

// y [batch, queries, heads, d], dense, = the sum of softmax(scale q k') v over all that is attended
// to. d is a multiple of 8.
struct AttentionCall {
    Heads query{};
    const Attended* attended = nullptr;
    std::int64_t attended_count = 0;
    std::int64_t batch = 0, heads = 0, queries = 0, d = 0;
    float scale = 1;
    bf16* y = nullptr;
};

void attention(const AttentionCall& call);

} // namespace likeness::kernels
