#pragma once

#include "core/tensor/tensor.h"

#include <functional>

namespace likeness {

// What a convolution reads for each place of its result, as rows: bfloat16 on the CPU. Kernels of
// 1x1, of stride 1 without padding, and of 3x3.
struct PatchShape {
    int64_t kernel = 3, stride = 1, padding = 1;

    // Of the result, for a side of what is read.
    int64_t side(int64_t length) const { return (length + 2 * padding - kernel) / stride + 1; }
};

// x [B, C, H, W], channels last, as [B * H * W, C]; undefined where that is.
Tensor rows_of(const Tensor& x);

// `see` gets the first place and what is read for it and for those after it, [places, kernel *
// kernel * C] of x [B, C, H, W], channels last: some lines at once, until all were seen. The rows
// are only there while it looks.
void over_patches(const Tensor& x, const PatchShape& shape,
                  const std::function<void(int64_t first, const Tensor& rows)>& see);

// x with zeros where a stride of two jumped over places, at that size.
Tensor between_places(const Tensor& x, int64_t height, int64_t width);

} // namespace likeness
