#pragma once

#include "core/kernels/attention.h"

namespace likeness::kernels {

// y = softmax(scale q k') v over [batch, heads, tokens, d], d a multiple of 8: from its gradient
// those of the three, [batch, tokens, heads, d], dense.
struct AttentionGradientCall {
    Heads query{}, key{}, value{};
    Heads y{}, gradient{};
    std::int64_t batch = 0, heads = 0, queries = 0, keys = 0, d = 0;
    float scale = 1;
    bf16* of_query = nullptr;
    bf16* of_key = nullptr;
    bf16* of_value = nullptr;
};

void attention_gradient(const AttentionGradientCall& call);

} // namespace likeness::kernels
