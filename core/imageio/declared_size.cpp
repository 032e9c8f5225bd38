#include "core/imageio/declared_size.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace likeness {

namespace {

std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::int64_t little(std::string_view text, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = count; i-- > 0;) {
        value = (value << 8) | static_cast<unsigned char>(text[at + i]);
    }
    return value;
}

std::int64_t big(std::string_view text, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
        value = (value << 8) | static_cast<unsigned char>(text[at + i]);
    }
    return value;
}

// IHDR, which is always the first chunk.
std::optional<PixelSize> png_size(std::string_view text) {
    if (text.size() < 24 || text.substr(12, 4) != "IHDR") {
        return std::nullopt;
    }
    return PixelSize{big(text, 16, 4), big(text, 20, 4)};
}

// The old header has 16-bit sizes, all others 32-bit ones; a negative height means top to bottom.
std::optional<PixelSize> bmp_size(std::string_view text) {
    if (text.size() < 26) {
        return std::nullopt;
    }
    if (little(text, 14, 4) == 12) {
        return PixelSize{little(text, 18, 2), little(text, 20, 2)};
    }
    const auto height = static_cast<std::int32_t>(little(text, 22, 4));
    return PixelSize{little(text, 18, 4), std::abs(std::int64_t{height})};
}

// The logical screen behind the signature.
std::optional<PixelSize> gif_size(std::string_view text) {
    if (text.size() < 10) {
        return std::nullopt;
    }
    return PixelSize{little(text, 6, 2), little(text, 8, 2)};
}

// The first chunk: VP8X with 24-bit sizes less one, VP8 or VP8L with 14-bit ones (RFC 6386, 9.1;
// RFC 9649, 2 and 3).
std::optional<PixelSize> webp_size(std::string_view text) {
    if (text.size() < 30) {
        return std::nullopt;
    }
    const std::string_view type = text.substr(12, 4);
    if (type == "VP8X") {
        return PixelSize{little(text, 24, 3) + 1, little(text, 27, 3) + 1};
    }
    if (type == "VP8L") {
        const std::int64_t bits = little(text, 21, 4);
        return PixelSize{(bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1};
    }
    if (type == "VP8 ") {
        return PixelSize{little(text, 26, 2) & 0x3FFF, little(text, 28, 2) & 0x3FFF};
    }
    return std::nullopt;
}

// 'ispe' boxes hold flags, width and height of each item (ISO/IEC 23008-12, 6.5.3). The box of
// boxes lies at the front.
std::optional<PixelSize> heif_size(std::string_view text) {
    constexpr std::size_t kProbe = 1U << 20;
    text = text.substr(0, kProbe);
    std::optional<PixelSize> largest;
    for (std::size_t at = text.find("ispe"); at != std::string_view::npos && text.size() - at >= 16;
         at = text.find("ispe", at + 4)) {
        const PixelSize size{big(text, at + 8, 4), big(text, at + 12, 4)};
        largest = PixelSize{std::max(size.width, largest ? largest->width : 0),
                            std::max(size.height, largest ? largest->height : 0)};
    }
    return largest;
}

} // namespace

std::optional<PixelSize> declared_size(PictureKind kind, std::span<const std::byte> bytes) {
    switch (kind) {
    case PictureKind::png:
        return png_size(text_of(bytes));
    case PictureKind::bmp:
        return bmp_size(text_of(bytes));
    case PictureKind::gif:
        return gif_size(text_of(bytes));
    case PictureKind::webp:
        return webp_size(text_of(bytes));
    case PictureKind::heif:
        return heif_size(text_of(bytes));
    default:
        return std::nullopt;
    }
}

bool exr_header_fits(std::span<const std::byte> bytes) {
    const std::string_view text = text_of(bytes);
    std::size_t at = 8; // magic number and version
    while (at < text.size() && text[at] != '\0') {
        for (int name = 0; name < 2; ++name) { // the attribute's name, its type
            const std::size_t end = text.find('\0', at);
            if (end == std::string_view::npos) {
                return false;
            }
            at = end + 1;
        }
        if (text.size() - at < 4) {
            return false;
        }
        const std::int64_t length = little(text, at, 4);
        at += 4;
        if (static_cast<std::uint64_t>(length) > text.size() - at) {
            return false;
        }
        at += static_cast<std::size_t>(length);
    }
    return at < text.size();
}

} // namespace likeness
