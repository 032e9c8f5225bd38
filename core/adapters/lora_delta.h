#pragma once

#include "core/adapters/lora_file.h"
#include "core/base/message.h"

#include <vector>

namespace likeness {

// Why that module cannot be added to a layer with a weight of that shape and that bias, with the
// shapes; empty where it can. Nothing is computed, and no number of the file is trusted.
Message lora_misfit(const LoraModule& module, const std::vector<int64_t>& weight,
                    const Tensor& bias);

// What one file adds to one layer.
struct LoraPiece {
    const LoraFile* file = nullptr;
    const LoraModule* module = nullptr;
    double scale = 0; // without alpha / rank
};

// W + the sum of scale_i * delta_i in float32, then in the weight's own dtype (checkpoints.md 9.2);
// for a DoRA delta is m (W + d) / |W + d| - W, the length over what its magnitude counts. The
// pieces fit (lora_misfit). `weight` is not changed.
Tensor merged_weight(const Tensor& weight, const std::vector<LoraPiece>& pieces);

// The same of its bias; undefined where no piece has one.
Tensor merged_bias(const Tensor& bias, const std::vector<LoraPiece>& pieces);

} // namespace likeness
