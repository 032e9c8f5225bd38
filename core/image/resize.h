#pragma once

#include "core/image/image.h"

namespace likeness {

// Pillow's resampling filters; bicubic has a = -0.5.
enum class Filter { box, bilinear, bicubic, lanczos };

// The picture at width x height, as PIL's Image.resize makes it: separable, antialiased when
// shrinking. u8 pictures of 1, 3 or 4 channels equal Pillow bit for bit (colour weighted by alpha
// where there is one); u16 and f32 use the same weights in double precision. Throws CheckFailed on
// a size below 1.
Image resize(const Image& image, int width, int height, Filter filter);

// A rectangle of pixels.
struct Window {
    int left = 0;
    int top = 0;
    int width = 0;
    int height = 0;

    bool operator==(const Window&) const = default;
};

// The part `window` of what resize() would give; only that part is computed. Throws CheckFailed
// when it reaches outside of width x height.
Image resize_window(const Image& image, int width, int height, Filter filter, const Window& window);

} // namespace likeness
