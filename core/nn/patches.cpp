#include "core/nn/patches.h"

#include "core/kernels/convolution.h"
#include "core/nn/kernel_tensors.h"

#include <algorithm>

namespace likeness {

Tensor rows_of(const Tensor& x) {
    return x.defined() ? x.permute({0, 2, 3, 1}).flatten(0, 2) : x;
}

void over_patches(const Tensor& x, const PatchShape& shape,
                  const std::function<void(int64_t, const Tensor&)>& see) {
    if (shape.kernel == 1) {
        see(0, rows_of(x));
        return;
    }
    // What is gathered at once: small enough to stay in a cache, large enough for the kernel.
    constexpr int64_t kPlacesAtOnce = 2048;
    const int64_t in = x.size(1), width = shape.side(x.size(3));
    const int64_t height = shape.side(x.size(2)), lines = x.size(0) * height;
    const int64_t at_once = std::clamp<int64_t>(kPlacesAtOnce / width, 1, lines);
    const Tensor gathered = at::empty({at_once * width, 9 * in}, x.options());
    for (int64_t begin = 0; begin < lines; begin += at_once) {
        const int64_t end = std::min(lines, begin + at_once);
        kernels::patches({.x = bits(x),
                          .height = x.size(2),
                          .width = x.size(3),
                          .in = in,
                          .stride = shape.stride,
                          .padding = shape.padding,
                          .height_out = height,
                          .width_out = width,
                          .begin = begin,
                          .end = end,
                          .y = room(gathered)});
        see(begin * width, gathered.slice(0, 0, (end - begin) * width));
    }
}

Tensor between_places(const Tensor& x, int64_t height, int64_t width) {
    if (x.size(2) == height && x.size(3) == width) {
        return x;
    }
    Tensor wide = empty_picture(x.size(0), x.size(1), height, width).zero_();
    wide.slice(2, 0, height, 2).slice(3, 0, width, 2).copy_(x);
    return wide;
}

} // namespace likeness
