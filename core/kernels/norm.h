#pragma once

#include "core/kernels/bfloat16.h"

namespace likeness::kernels {

enum class Then { nothing, silu };

// y [pictures, places, first_channels + second_channels] = the group norm of x, whose channels are
// those of `first` and then those of `second` (which may be missing), each lying channels last on
// its own; weight and bias [channels]. Without `second`, y may be `first`.
struct GroupNormCall {
    const bf16* first = nullptr;
    const bf16* second = nullptr;
    std::int64_t first_channels = 0, second_channels = 0;
    std::int64_t pictures = 0, places = 0, groups = 1;
    const bf16* weight = nullptr;
    const bf16* bias = nullptr;
    float eps = 0;
    Then then = Then::nothing;
    bf16* y = nullptr;
    float* statistics = nullptr; // [pictures, groups, 2]: mean and 1 / deviation, where wanted
};

void group_norm(const GroupNormCall& call);

// From the gradient of its result that of x, both like y, to call.y. The call is of one tensor and
// with the statistics of the one that was made.
void group_norm_gradient(const GroupNormCall& call, const bf16* gradient);

// Rows of `channels` (a multiple of 16).
struct LayerNormCall {
    const bf16* x = nullptr;
    std::int64_t rows = 0, channels = 0;
    const bf16* weight = nullptr;
    const bf16* bias = nullptr;
    float eps = 0;
    bf16* y = nullptr;
};

void layer_norm(const LayerNormCall& call);

// From the gradient of its result that of x, to call.y.
void layer_norm_gradient(const LayerNormCall& call, const bf16* gradient);

} // namespace likeness::kernels
