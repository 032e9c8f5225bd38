#include "core/image/inpaint.h"

#include "core/base/check.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace likeness {

namespace {

void check_mask(const Image& mask) {
    LIKENESS_CHECK(mask.channels == 1 && mask.type == PixelType::u8, "a grey u8 mask is needed");
}

// Runs `filter(in, out, length)` over every row and then over every column of 16-bit values.
template <typename Filter>
void separably(std::vector<std::uint16_t>& values, int width, int height, Filter&& filter) {
    const auto columns = static_cast<std::size_t>(width);
    const auto rows = static_cast<std::size_t>(height);
    std::vector<std::uint16_t> in(std::max(columns, rows)), out(in.size());
    for (std::size_t y = 0; y < rows; ++y) {
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(y * columns), columns, in.begin());
        filter(in, out, width);
        std::copy_n(out.begin(), columns,
                    values.begin() + static_cast<std::ptrdiff_t>(y * columns));
    }
    for (std::size_t x = 0; x < columns; ++x) {
        for (std::size_t y = 0; y < rows; ++y) {
            in[y] = values[y * columns + x];
        }
        filter(in, out, height);
        for (std::size_t y = 0; y < rows; ++y) {
            values[y * columns + x] = out[y];
        }
    }
}

// The mean over [i - before, i + after]; ends repeat.
void box(const std::vector<std::uint16_t>& in, std::vector<std::uint16_t>& out, int length,
         int before, int after) {
    const auto at = [&](int i) {
        return std::uint32_t{in[static_cast<std::size_t>(std::clamp(i, 0, length - 1))]};
    };
    const auto count = static_cast<std::uint32_t>(before + after + 1);
    std::uint32_t sum = 0;
    for (int i = -before; i <= after; ++i) {
        sum += at(i);
    }
    for (int i = 0; i < length; ++i) {
        out[static_cast<std::size_t>(i)] = static_cast<std::uint16_t>((sum + count / 2) / count);
        sum += at(i + after + 1) - at(i - before);
    }
}

} // namespace

Image extend_edges(const Image& image, const std::array<int, 4>& pad) {
    const auto [left, top, right, bottom] = pad;
    LIKENESS_CHECK(left >= 0 && top >= 0 && right >= 0 && bottom >= 0, "negative canvas");
    Image out = make_image(image.width + left + right, image.height + top + bottom, image.channels,
                           image.type);
    out.icc_profile = image.icc_profile;
    const std::size_t pixel = static_cast<std::size_t>(image.channels) * value_size(image.type);
    const std::size_t in_row = pixel * static_cast<std::size_t>(image.width);
    const std::size_t out_row = pixel * static_cast<std::size_t>(out.width);
    for (int y = 0; y < out.height; ++y) {
        const auto from = static_cast<std::size_t>(std::clamp(y - top, 0, image.height - 1));
        const std::byte* row = image.bytes.data() + from * in_row;
        std::byte* to = out.bytes.data() + static_cast<std::size_t>(y) * out_row;
        for (int x = 0; x < left; ++x, to += pixel) {
            std::memcpy(to, row, pixel);
        }
        std::memcpy(to, row, in_row);
        to += in_row;
        for (int x = 0; x < right; ++x, to += pixel) {
            std::memcpy(to, row + in_row - pixel, pixel);
        }
    }
    return out;
}

Image binarise(const Image& mask) {
    check_mask(mask);
    Image out = mask;
    std::ranges::transform(out.bytes, out.bytes.begin(), [](std::byte value) {
        return std::to_integer<int>(value) >= 128 ? std::byte{255} : std::byte{0};
    });
    return out;
}

Image grow_mask(const Image& mask, int pixels) {
    check_mask(mask);
    if (pixels <= 0) {
        return mask;
    }
    std::vector<std::uint16_t> values(mask.u8(), mask.u8() + mask.bytes.size());
    separably(values, mask.width, mask.height, [pixels](const auto& in, auto& out, int length) {
        int next = 0; // where the next white may begin to reach
        for (int i = 0; i < length; ++i) {
            if (in[static_cast<std::size_t>(i)] == 255) {
                const int end = std::min(i + pixels + 1, length);
                for (int j = std::max(next, i - pixels); j < end; ++j) {
                    out[static_cast<std::size_t>(j)] = 255;
                }
                next = end;
            } else if (i >= next) {
                out[static_cast<std::size_t>(i)] = 0;
            }
        }
    });
    Image out = mask;
    std::ranges::copy(values, out.u8());
    return out;
}

Image feather_mask(const Image& mask, int pixels) {
    check_mask(mask);
    if (pixels <= 0) {
        return mask;
    }
    // Two boxes whose reaches add up to `pixels` on both sides; 255 * 257 = 65535 keeps fractions.
    std::vector<std::uint16_t> values;
    values.reserve(mask.bytes.size());
    for (const std::byte value : mask.bytes) {
        values.push_back(static_cast<std::uint16_t>(std::to_integer<int>(value) * 257));
    }
    const int one = pixels / 2;
    const int other = pixels - one;
    separably(values, mask.width, mask.height, [&](auto& in, auto& out, int length) {
        box(in, out, length, one, other);
        std::swap(in, out);
        box(in, out, length, other, one);
    });
    Image out = mask;
    std::ranges::transform(values, out.u8(), [](std::uint16_t value) {
        return static_cast<std::uint8_t>((value + 128) / 257);
    });
    return out;
}

Image composite(const Image& below, const Image& above, const Image& mask) {
    check_mask(mask);
    LIKENESS_CHECK(below.type == PixelType::u8 && above.type == PixelType::u8 &&
                       below.width == above.width && below.height == above.height &&
                       below.channels == above.channels && below.width == mask.width &&
                       below.height == mask.height,
                   "pictures of different kinds or sizes");
    Image out = below;
    const auto channels = static_cast<std::size_t>(below.channels);
    for (std::size_t i = 0; i < mask.bytes.size(); ++i) {
        const int share = mask.u8()[i];
        for (std::size_t c = i * channels; c < (i + 1) * channels; ++c) {
            const int sum = below.u8()[c] * (255 - share) + above.u8()[c] * share;
            out.u8()[c] = static_cast<std::uint8_t>((sum + 127) / 255);
        }
    }
    return out;
}

} // namespace likeness
