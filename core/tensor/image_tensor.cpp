#include "core/tensor/image_tensor.h"

#include "core/base/check.h"

#include <ATen/ops/empty.h>

#include <cstring>

namespace likeness {

namespace {

// [H, W, C] bytes of the picture as a tensor of its own.
Tensor bytes_of(const Image& image) {
    LIKENESS_CHECK(image.type == PixelType::u8, "u8 pixels are needed");
    Tensor bytes = at::empty({image.height, image.width, image.channels}, at::kByte);
    std::memcpy(bytes.data_ptr(), image.bytes.data(), image.bytes.size());
    return bytes;
}

} // namespace

Tensor image_to_tensor(const Image& image) {
    LIKENESS_CHECK(image.channels == 3, image.channels, " channels");
    return bytes_of(image).permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div(255.0).contiguous();
}

Image tensor_to_image(const Tensor& pixels) {
    LIKENESS_CHECK(pixels.dim() == 4 && pixels.size(0) == 1 && pixels.size(1) == 3,
                   "pixels: ", pixels.sizes());
    const Tensor bytes = pixels[0]
                             .to(at::kCPU, at::kFloat)
                             .clamp(0, 1)
                             .mul(255)
                             .round()
                             .permute({1, 2, 0})
                             .to(at::kByte)
                             .contiguous();
    Image image = make_image(static_cast<int>(pixels.size(3)), static_cast<int>(pixels.size(2)));
    std::memcpy(image.bytes.data(), bytes.data_ptr(), image.bytes.size());
    return image;
}

Tensor mask_to_tensor(const Image& mask) {
    LIKENESS_CHECK(mask.channels == 1, mask.channels, " channels");
    return bytes_of(mask)
        .permute({2, 0, 1})
        .unsqueeze(0)
        .to(at::kFloat)
        .div(255.0)
        .ge(0.5)
        .to(at::kFloat);
}

} // namespace likeness
