#include "core/imageio/colour.h"

#include "core/base/check.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

namespace likeness {

namespace {

float unit(float value) {
    return value > 0.0F ? std::min(value, 1.0F) : 0.0F;
}

// IEC 61966-2-1.
float to_srgb(float linear) {
    const float value = unit(linear);
    return value <= 0.0031308F ? 12.92F * value : 1.055F * std::pow(value, 1.0F / 2.4F) - 0.055F;
}

float to_linear(float encoded) {
    const float value = unit(encoded);
    return value <= 0.04045F ? value / 12.92F : std::pow((value + 0.055F) / 1.055F, 2.4F);
}

template <typename ForColour>
void map_values(Image& image, ForColour&& for_colour) {
    LIKENESS_CHECK(image.type == PixelType::f32, "not a float picture");
    const std::size_t count = image.bytes.size() / sizeof(float);
    for (std::size_t i = 0; i < count; ++i) {
        float& value = image.f32()[i];
        value = image.channels == 4 && i % 4 == 3 ? unit(value) : for_colour(value);
    }
}

template <typename T>
void divide(T* pixel, std::size_t pixels, double whole) {
    for (std::size_t i = 0; i < pixels; ++i, pixel += 4) {
        const double alpha = static_cast<double>(pixel[3]);
        for (int c = 0; c < 3; ++c) {
            if (!(alpha > 0)) {
                pixel[c] = T{0};
            } else if constexpr (std::is_floating_point_v<T>) {
                pixel[c] = static_cast<T>(pixel[c] / alpha);
            } else {
                pixel[c] = static_cast<T>(std::min(std::round(pixel[c] * whole / alpha), whole));
            }
        }
    }
}

} // namespace

void encode_srgb(Image& image) {
    map_values(image, to_srgb);
}

void decode_srgb(Image& image) {
    map_values(image, to_linear);
}

void clamp_unit(Image& image) {
    map_values(image, unit);
}

void divide_by_alpha(Image& image) {
    LIKENESS_CHECK(image.channels == 4, image.channels, " channels");
    const std::size_t pixels =
        static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
    switch (image.type) {
    case PixelType::u8:
        return divide(image.u8(), pixels, 255.0);
    case PixelType::u16:
        return divide(image.u16(), pixels, 65535.0);
    case PixelType::f32:
        return divide(image.f32(), pixels, 1.0);
    }
}

bool is_icc_profile(std::span<const std::byte> profile, int channels) {
    constexpr std::size_t kHeader = 128; // ICC.1:2010, 7.2
    if (profile.size() < kHeader + 4) {
        return false;
    }
    std::uint64_t size = 0;
    for (std::size_t i = 0; i < 4; ++i) {
        size = (size << 8) | std::to_integer<std::uint64_t>(profile[i]);
    }
    const std::string_view text(reinterpret_cast<const char*>(profile.data()), profile.size());
    return size == profile.size() && text.substr(36, 4) == "acsp" &&
           text.substr(16, 4) == (channels == 1 ? "GRAY" : "RGB ");
}

} // namespace likeness
