#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace likeness {

enum class PixelType { u8, u16, f32 };

// A picture in memory: rows from top to bottom, channels interleaved (R, G, B, A or grey), no
// padding between rows. u8 and u16 are display-referred (sRGB unless `icc_profile` says otherwise);
// f32 is 0..1 in the same encoding.
struct Image {
    int width = 0;
    int height = 0;
    int channels = 3; // 1 grey, 3 RGB, 4 RGBA (alpha not premultiplied)
    PixelType type = PixelType::u8;
    std::vector<std::byte> bytes{}; // width * height * channels * size of one value
    std::vector<std::byte> icc_profile{};

    bool operator==(const Image&) const = default;

    std::uint8_t* u8() { return reinterpret_cast<std::uint8_t*>(bytes.data()); }

    const std::uint8_t* u8() const { return reinterpret_cast<const std::uint8_t*>(bytes.data()); }

    float* f32() { return reinterpret_cast<float*>(bytes.data()); }

    const float* f32() const { return reinterpret_cast<const float*>(bytes.data()); }

    std::uint16_t* u16() { return reinterpret_cast<std::uint16_t*>(bytes.data()); }

    const std::uint16_t* u16() const {
        return reinterpret_cast<const std::uint16_t*>(bytes.data());
    }
};

using ImagePtr = std::shared_ptr<const Image>;

// Bytes of one value: 1, 2 or 4.
std::size_t value_size(PixelType type);

// A black picture of that size. Throws CheckFailed on a size below 1.
Image make_image(int width, int height, int channels = 3, PixelType type = PixelType::u8);

} // namespace likeness
