#pragma once

#include "core/image/image.h"
#include "core/image/resize.h"

#include <span>
#include <vector>

namespace likeness {

// Three channels of the same type: grey is repeated, alpha is dropped without compositing (PIL's
// convert("RGB")).
Image to_rgb(const Image& image);

// One channel of the same type: ITU-R 601 luma, rounded as PIL's convert("L") does; alpha is
// dropped.
Image to_grey(const Image& image);

// Eight bits a value: u16 to the nearest, f32 clamped to 0..1 and rounded half to even; NaN becomes
// 0.
Image to_u8(const Image& image);

// What networks read: u8 and RGB.
Image to_rgb_u8(const Image& image);

// u8 and RGB, what is transparent laid onto white: how transformers' convert_to_rgb (from 5.0 on)
// and Pillow's alpha_composite see a cut-out product.
Image over_white(const Image& image);

// The part of `image` that begins at (left, top); what lies outside of the picture is 0.
Image crop(const Image& image, int left, int top, int width, int height);

// `image` with that many rows and columns of zeros around it.
Image pad(const Image& image, int left, int top, int right, int bottom);

// The largest centred part of the picture with the proportions width : height.
Window centred_part(const Image& image, int width, int height);

// That part as a picture of its own.
Image crop_to_aspect(const Image& image, int width, int height);

// `image` in the middle of a square of zeros, so that a centre crop keeps all of it.
Image pad_to_square(const Image& image);

// [channels, height, width] in 0..1 from any picture.
std::vector<float> to_planar(const Image& image);

// A u8 picture from [channels, height, width] in 0..1: clamped, times 255, rounded half to even (as
// diffusers does). Throws CheckFailed when the count of values does not match.
Image from_planar(std::span<const float> values, int width, int height, int channels);

} // namespace likeness
