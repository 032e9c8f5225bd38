#include "core/image/image.h"

#include "core/base/check.h"

namespace likeness {

std::size_t value_size(PixelType type) {
    switch (type) {
    case PixelType::u8:
        return 1;
    case PixelType::u16:
        return 2;
    case PixelType::f32:
        return 4;
    }
    return 1;
}

Image make_image(int width, int height, int channels, PixelType type) {
    LIKENESS_CHECK(width > 0 && height > 0 && channels > 0 && channels <= 8, width, "x", height,
                   "x", channels);
    Image image{.width = width, .height = height, .channels = channels, .type = type};
    image.bytes.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
                       static_cast<std::size_t>(channels) * value_size(type));
    return image;
}

} // namespace likeness
