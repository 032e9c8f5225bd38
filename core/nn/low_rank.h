#pragma once

#include "core/tensor/tensor.h"

namespace likeness {

// What a LoRA that is being trained adds beside a layer's weight, scale * up(down(x)) (arXiv
// 2106.09685); computed in the layer's dtype.
struct LowRank {
    Tensor down{}; // [rank, in], of a convolution [rank, in, k, k]
    Tensor up{};   // [out, rank], of a convolution [out, rank, 1, 1]
    double scale = 1;
};

} // namespace likeness
