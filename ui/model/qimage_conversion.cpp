#include "ui/model/qimage_conversion.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace likeness {

namespace {

constexpr int kTileSide = 160; // twice the strip's tile, for dense screens

std::uint8_t valueAt(const Image& image, std::size_t index) {
    switch (image.type) {
    case PixelType::u8:
        return image.u8()[index];
    case PixelType::u16:
        return static_cast<std::uint8_t>((image.u16()[index] + 128U) / 257U);
    case PixelType::f32:
        return static_cast<std::uint8_t>(
            std::lround(std::clamp(image.f32()[index], 0.0F, 1.0F) * 255.0F));
    }
    return 0;
}

QImage::Format formatOf(const Image& image) {
    return image.channels == 4 ? QImage::Format_RGBA8888 : QImage::Format_RGB888;
}

} // namespace

QImage toQImage(const Image& image) {
    if (image.width < 1 || image.height < 1) {
        return {};
    }
    QImage result(image.width, image.height, formatOf(image));
    const int channels = image.channels == 4 ? 4 : 3;
    const auto row_values = static_cast<std::size_t>(image.width) * image.channels;
    for (int y = 0; y < image.height; ++y) {
        std::uint8_t* to = result.scanLine(y);
        const std::size_t start = static_cast<std::size_t>(y) * row_values;
        if (image.type == PixelType::u8 && image.channels == channels) {
            std::memcpy(to, image.u8() + start, row_values);
            continue;
        }
        for (int x = 0; x < image.width; ++x) {
            for (int c = 0; c < channels; ++c) {
                const int from = image.channels == 1 ? 0 : c;
                to[x * channels + c] =
                    valueAt(image, start + static_cast<std::size_t>(x) * image.channels + from);
            }
        }
    }
    // The raster engine draws these formats without converting them at every paint.
    return std::move(result).convertToFormat(channels == 4 ? QImage::Format_ARGB32_Premultiplied
                                                           : QImage::Format_RGB32);
}

namespace {

QImage shrunk(const QImage& whole, int side) {
    if (std::min(whole.width(), whole.height()) <= side) {
        return whole;
    }
    return whole.scaled(side, side, Qt::KeepAspectRatioByExpanding, Qt::SmoothTransformation);
}

} // namespace

QImage toThumbnail(const Image& image, int side) {
    return shrunk(toQImage(image), side);
}

ScreenPicture toScreen(const Image& image) {
    const QImage whole = toQImage(image);
    return {.image = whole, .thumbnail = shrunk(whole, kTileSide)};
}

Image fromQImage(const QImage& image) {
    const bool alpha = image.hasAlphaChannel();
    const QImage rgb =
        image.convertToFormat(alpha ? QImage::Format_RGBA8888 : QImage::Format_RGB888);
    Image result = make_image(rgb.width(), rgb.height(), alpha ? 4 : 3);
    const auto row_bytes = static_cast<std::size_t>(result.width) * result.channels;
    for (int y = 0; y < result.height; ++y) {
        std::memcpy(result.u8() + static_cast<std::size_t>(y) * row_bytes, rgb.constScanLine(y),
                    row_bytes);
    }
    return result;
}

} // namespace likeness
