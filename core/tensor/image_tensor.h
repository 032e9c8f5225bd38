#pragma once

#include "core/image/image.h"
#include "core/tensor/tensor.h"

namespace likeness {

// An RGB u8 picture as [1, 3, H, W] float32 in 0..1, and back: clamped, times 255, rounded half to
// even (diffusers' VaeImageProcessor). The picture must have three channels of u8.
Tensor image_to_tensor(const Image& image);
Image tensor_to_image(const Tensor& pixels);

// A grey u8 picture as [1, 1, H, W], binarised at one half (diffusers' IPAdapterMaskProcessor).
Tensor mask_to_tensor(const Image& mask);

} // namespace likeness
