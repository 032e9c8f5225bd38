#include "core/image/convert.h"

#include "core/base/check.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace likeness {

namespace {

std::size_t pixel_count(const Image& image) {
    return static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
}

// Clamped, times 255, rounded half to even in float32: numpy's (x * 255).round(). NaN becomes 0.
std::uint8_t byte_of(float value) {
    const float inside = value > 0.0F ? std::min(value, 1.0F) : 0.0F;
    return static_cast<std::uint8_t>(std::nearbyintf(inside * 255.0F));
}

template <typename T>
T luma(const T* rgb) {
    if constexpr (std::is_floating_point_v<T>) {
        return static_cast<T>(0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]);
    } else {
        // Pillow's 16-bit weights of 0.299, 0.587 and 0.114.
        return static_cast<T>((std::uint64_t{rgb[0]} * 19595 + std::uint64_t{rgb[1]} * 38470 +
                               std::uint64_t{rgb[2]} * 7471 + 0x8000) >>
                              16);
    }
}

template <typename T>
void fill_grey(const Image& image, Image& result) {
    const auto* from = reinterpret_cast<const T*>(image.bytes.data());
    auto* to = reinterpret_cast<T*>(result.bytes.data());
    for (std::size_t i = 0; i < pixel_count(image); ++i, from += image.channels) {
        to[i] = luma(from);
    }
}

// The value at `index` as 0..1.
float unit_value(const Image& image, std::size_t index) {
    switch (image.type) {
    case PixelType::u8:
        return static_cast<float>(image.u8()[index]) / 255.0F;
    case PixelType::u16:
        return static_cast<float>(image.u16()[index]) / 65535.0F;
    case PixelType::f32:
        return image.f32()[index];
    }
    return 0.0F;
}

} // namespace

Image to_rgb(const Image& image) {
    if (image.channels == 3) {
        return image;
    }
    LIKENESS_CHECK(image.channels == 1 || image.channels == 4, image.channels, " channels");
    Image result = make_image(image.width, image.height, 3, image.type);
    // A profile of a grey picture says nothing about RGB.
    if (image.channels == 4) {
        result.icc_profile = image.icc_profile;
    }
    const std::size_t size = value_size(image.type);
    const std::size_t in_step = size * static_cast<std::size_t>(image.channels);
    const std::byte* from = image.bytes.data();
    std::byte* to = result.bytes.data();
    for (std::size_t i = 0; i < pixel_count(image); ++i, from += in_step, to += 3 * size) {
        if (image.channels == 4) {
            std::memcpy(to, from, 3 * size);
        } else {
            std::memcpy(to, from, size);
            std::memcpy(to + size, from, size);
            std::memcpy(to + 2 * size, from, size);
        }
    }
    return result;
}

Image to_grey(const Image& image) {
    if (image.channels == 1) {
        return image;
    }
    LIKENESS_CHECK(image.channels == 3 || image.channels == 4, image.channels, " channels");
    Image result = make_image(image.width, image.height, 1, image.type);
    switch (image.type) {
    case PixelType::u8:
        fill_grey<std::uint8_t>(image, result);
        break;
    case PixelType::u16:
        fill_grey<std::uint16_t>(image, result);
        break;
    case PixelType::f32:
        fill_grey<float>(image, result);
        break;
    }
    return result;
}

Image to_u8(const Image& image) {
    if (image.type == PixelType::u8) {
        return image;
    }
    Image result = make_image(image.width, image.height, image.channels);
    result.icc_profile = image.icc_profile;
    std::uint8_t* to = result.u8();
    for (std::size_t i = 0; i < result.bytes.size(); ++i) {
        if (image.type == PixelType::u16) {
            to[i] = static_cast<std::uint8_t>((image.u16()[i] * 255U + 32767U) / 65535U);
        } else {
            to[i] = byte_of(image.f32()[i]);
        }
    }
    return result;
}

Image to_rgb_u8(const Image& image) {
    return to_u8(to_rgb(image));
}

Image over_white(const Image& image) {
    const Image source = to_u8(image);
    Image result = to_rgb(source);
    if (source.channels != 4) {
        return result;
    }
    // Pillow's fixed point with 7 fractional bits, its division by 255 included.
    constexpr std::uint32_t kBits = 7;
    const std::size_t count = result.bytes.size() / 3;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint32_t alpha = source.u8()[4 * i + 3];
        const std::uint32_t part = alpha << kBits, rest = (255U << kBits) - part;
        for (std::size_t c = 0; c < 3; ++c) {
            const std::uint32_t sum =
                source.u8()[4 * i + c] * part + 255U * rest + (0x80U << kBits);
            result.u8()[3 * i + c] = static_cast<std::uint8_t>((((sum >> 8) + sum) >> 8) >> kBits);
        }
    }
    return result;
}

Image crop(const Image& image, int left, int top, int width, int height) {
    Image result = make_image(width, height, image.channels, image.type);
    result.icc_profile = image.icc_profile;
    const std::size_t pixel = value_size(image.type) * static_cast<std::size_t>(image.channels);
    const int first_x = std::max(0, left);
    const int end_x = static_cast<int>(
        std::min<std::int64_t>(image.width, std::int64_t{left} + std::int64_t{width}));
    if (first_x >= end_x) {
        return result;
    }
    for (int y = 0; y < height; ++y) {
        const std::int64_t source_y = std::int64_t{top} + y;
        if (source_y < 0 || source_y >= image.height) {
            continue;
        }
        const std::size_t from =
            static_cast<std::size_t>(source_y) * static_cast<std::size_t>(image.width) +
            static_cast<std::size_t>(first_x);
        const std::size_t to = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                               static_cast<std::size_t>(first_x - left);
        std::memcpy(result.bytes.data() + to * pixel, image.bytes.data() + from * pixel,
                    static_cast<std::size_t>(end_x - first_x) * pixel);
    }
    return result;
}

Image pad(const Image& image, int left, int top, int right, int bottom) {
    LIKENESS_CHECK(left >= 0 && top >= 0 && right >= 0 && bottom >= 0, "negative padding");
    return crop(image, -left, -top, image.width + left + right, image.height + top + bottom);
}

Window centred_part(const Image& image, int width, int height) {
    LIKENESS_CHECK(width > 0 && height > 0, width, "x", height);
    const std::int64_t in_width = image.width;
    const std::int64_t in_height = image.height;
    std::int64_t out_width = in_width;
    std::int64_t out_height = in_height;
    if (in_width * height > in_height * width) {
        out_width = std::max<std::int64_t>(1, in_height * width / height);
    } else {
        out_height = std::max<std::int64_t>(1, in_width * height / width);
    }
    return {.left = static_cast<int>((in_width - out_width) / 2),
            .top = static_cast<int>((in_height - out_height) / 2),
            .width = static_cast<int>(out_width),
            .height = static_cast<int>(out_height)};
}

Image crop_to_aspect(const Image& image, int width, int height) {
    const Window part = centred_part(image, width, height);
    return crop(image, part.left, part.top, part.width, part.height);
}

Image pad_to_square(const Image& image) {
    const int side = std::max(image.width, image.height);
    return crop(image, -((side - image.width) / 2), -((side - image.height) / 2), side, side);
}

std::vector<float> to_planar(const Image& image) {
    const auto channels = static_cast<std::size_t>(image.channels);
    const std::size_t pixels = pixel_count(image);
    std::vector<float> values(channels * pixels);
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t i = 0; i < pixels; ++i) {
            values[c * pixels + i] = unit_value(image, i * channels + c);
        }
    }
    return values;
}

Image from_planar(std::span<const float> values, int width, int height, int channels) {
    Image image = make_image(width, height, channels);
    LIKENESS_CHECK(values.size() == image.bytes.size(), values.size(), " values for ", width, "x",
                   height, "x", channels);
    const std::size_t pixels = pixel_count(image);
    const auto count = static_cast<std::size_t>(channels);
    std::uint8_t* to = image.u8();
    for (std::size_t c = 0; c < count; ++c) {
        for (std::size_t i = 0; i < pixels; ++i) {
            to[i * count + c] = byte_of(values[c * pixels + i]);
        }
    }
    return image;
}

} // namespace likeness
