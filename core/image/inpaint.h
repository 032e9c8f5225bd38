#pragma once

#include "core/image/image.h"

#include <array>

namespace likeness {

// `image` with that many columns and rows around it (left, top, right, bottom) in the colours of
// its edge; any type and channels.
Image extend_edges(const Image& image, const std::array<int, 4>& pad);

// A grey u8 mask: white from one half on, black below.
Image binarise(const Image& mask);

// A grey u8 mask of black and white whose white reaches `pixels` further in all eight directions
// (Pillow's MaxFilter(2 pixels + 1)).
Image grow_mask(const Image& mask, int pixels);

// A grey u8 mask blurred so that an edge fades over `pixels` to both sides of it; what is further
// away keeps its value exactly.
Image feather_mask(const Image& mask, int pixels);

// `above` over `below` where the grey u8 mask is white, mixed in between, rounded; u8 pictures of
// one size and count of channels. Where the mask is 0 or 255 a pixel is one of the two exactly.
Image composite(const Image& below, const Image& above, const Image& mask);

} // namespace likeness
