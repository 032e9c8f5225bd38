#pragma once

#include "core/image/image.h"

namespace likeness {

// Pillow's resampling filters; bicubic has a = -0.5.
enum class Filter { box, bilinear, bicubic, lanczos };

// The picture at width x height, as PIL's Image.resize makes it: separable, antialiased when
// shrinking. u8 pictures of 1, 3 or 4 channels equal Pillow bit for bit (colour weighted by alpha
// where there is one); u16 and f32 use the same weights without the fixed point. Throws CheckFailed
// on a size below 1.
Image resize(const Image& image, int width, int height, Filter filter);

} // namespace likeness
