#pragma once

#include "core/image/image.h"

#include <cstddef>
#include <span>

namespace likeness {

// An f32 picture of linear light to sRGB's curve, clamped to 0..1 (NaN becomes 0); alpha is only
// clamped.
void encode_srgb(Image& image);

// The other way, for an f32 picture.
void decode_srgb(Image& image);

// Clamps every value of an f32 picture to 0..1; NaN becomes 0.
void clamp_unit(Image& image);

// Divides the colours of an RGBA picture by their alpha; where it is 0 they become 0.
void divide_by_alpha(Image& image);

// Whether the profile's own header is sound and it describes pictures of that many channels.
// Anything else is dropped by the readers: the picture then counts as sRGB.
bool is_icc_profile(std::span<const std::byte> profile, int channels);

} // namespace likeness
