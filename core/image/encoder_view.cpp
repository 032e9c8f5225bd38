#include "core/image/encoder_view.h"

#include "core/base/check.h"
#include "core/image/convert.h"
#include "core/image/resize.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace likeness {

namespace {

// Rounds towards minus infinity, as Python's // 2.
int half_floor(int value) {
    return value >= 0 ? value / 2 : -((1 - value) / 2);
}

// Python's round(): half to even, whatever the rounding mode.
int round_half_even(double value) {
    const double below = std::floor(value);
    const double rest = value - below;
    const bool up = rest > 0.5 || (rest == 0.5 && std::fmod(below, 2) != 0);
    return static_cast<int>(below) + (up ? 1 : 0);
}

// How a picture is laid onto the encoder's square: resized to width x height, of which `window` is
// kept and put at (left, top).
struct Placement {
    int width = 0;
    int height = 0;
    Window window{};
    int left = 0;
    int top = 0;
};

// Where the crop of `crop` pixels lies on an axis of `size`, and which part of it has pixels.
struct CropAxis {
    CropAxis(int size, int crop_size)
        : start(half_floor(size - crop_size)), first(std::max(0, start)),
          count(std::min(size, start + crop_size) - first) {}

    int start;
    int first;
    int count;
};

Placement cropped(int width, int height, const ClipPreprocess& config) {
    const auto [shorter, longer] = std::minmax(width, height);
    const int new_short = config.shortest_edge;
    const auto new_long =
        static_cast<int>(static_cast<double>(std::int64_t{new_short} * longer) / shorter);
    const int new_width = width <= height ? new_short : new_long;
    const int new_height = width <= height ? new_long : new_short;
    // Only the pixels the crop keeps are resized: a 1 x 30000 picture must not become 224 x
    // 6720000.
    const CropAxis x(new_width, config.crop_size);
    const CropAxis y(new_height, config.crop_size);
    return {.width = new_width,
            .height = new_height,
            .window = {x.first, y.first, x.count, y.count},
            .left = x.first - x.start,
            .top = y.first - y.start};
}

// Pillow's ImageOps.contain and pad.
Placement padded(int width, int height, int side) {
    int new_width = side;
    int new_height = side;
    if (width > height) {
        new_height = std::max(1, round_half_even(static_cast<double>(height) / width * side));
    } else if (width < height) {
        new_width = std::max(1, round_half_even(static_cast<double>(width) / height * side));
    }
    return {.width = new_width,
            .height = new_height,
            .window = {0, 0, new_width, new_height},
            .left = round_half_even((side - new_width) * 0.5),
            .top = round_half_even((side - new_height) * 0.5)};
}

Placement placement_of(int width, int height, EncoderFit fit, const ClipPreprocess& config) {
    const int side = config.crop_size;
    switch (fit) {
    case EncoderFit::crop:
        return cropped(width, height, config);
    case EncoderFit::squash:
        return {.width = side, .height = side, .window = {0, 0, side, side}};
    case EncoderFit::pad:
        return padded(width, height, side);
    }
    return cropped(width, height, config);
}

Window pixels_of(const Image& image, const PictureShare& share) {
    const auto axis = [](int size, double start, double length) {
        const auto first =
            static_cast<int>(std::clamp<long>(std::lround(start * size), 0, size - 1));
        const auto end = static_cast<int>(
            std::clamp<long>(std::lround((start + length) * size), first + 1, size));
        return std::pair(first, end - first);
    };
    const auto [left, width] = axis(image.width, share.left, share.width);
    const auto [top, height] = axis(image.height, share.top, share.height);
    return {left, top, width, height};
}

Image part_of(const Image& image, const PictureShare& share) {
    const Window window = pixels_of(image, share);
    return crop(image, window.left, window.top, window.width, window.height);
}

// `image` laid onto a square of side `side` and colour `fill`.
Image place(const Image& image, const Placement& at, int side,
            const std::array<std::uint8_t, 3>& fill) {
    const Image small = resize_window(image, at.width, at.height, Filter::bicubic, at.window);
    const auto channels = static_cast<std::size_t>(small.channels);
    Image square = make_image(side, side, small.channels);
    for (std::size_t i = 0; i < square.bytes.size(); ++i) {
        square.u8()[i] = fill[i % channels];
    }
    for (int y = 0; y < small.height; ++y) {
        const std::size_t to = static_cast<std::size_t>((at.top + y) * side + at.left) * channels;
        const std::size_t count = static_cast<std::size_t>(small.width) * channels;
        std::memcpy(square.bytes.data() + to,
                    small.bytes.data() + static_cast<std::size_t>(y) * count, count);
    }
    return square;
}

std::array<std::uint8_t, 3> mean_colour(const ClipPreprocess& config) {
    std::array<std::uint8_t, 3> colour{};
    for (std::size_t c = 0; c < 3; ++c) {
        const double value = std::clamp(config.image_mean[c], 0.0, 1.0) * 255;
        colour[c] = static_cast<std::uint8_t>(round_half_even(value));
    }
    return colour;
}

// Pillow's Image.composite of `pixels` over one colour.
void blend(Image& pixels, const Image& mask, const std::array<std::uint8_t, 3>& colour) {
    for (std::size_t i = 0; i < mask.bytes.size(); ++i) {
        const unsigned share = mask.u8()[i];
        for (std::size_t c = 0; c < 3; ++c) {
            std::uint8_t& value = pixels.u8()[3 * i + c];
            const unsigned sum = colour[c] * (255U - share) + value * share + 128U;
            value = static_cast<std::uint8_t>(((sum >> 8U) + sum) >> 8U);
        }
    }
}

} // namespace

Image encoder_pixels(const Image& image, const EncoderView& view, const ClipPreprocess& config) {
    LIKENESS_CHECK(config.shortest_edge > 0 && config.crop_size > 0, config.shortest_edge, ", ",
                   config.crop_size);
    LIKENESS_CHECK(image.width > 0 && image.height > 0, "an empty picture");
    const int side = config.crop_size;
    const std::array<std::uint8_t, 3> mean = mean_colour(config);
    const bool whole = view.crop == PictureShare{};
    const Image part = over_white(whole ? image : part_of(image, view.crop));
    const Placement at = placement_of(part.width, part.height, view.fit, config);
    // Where a small picture leaves room in a crop, transformers puts zeros.
    const bool neutral = view.fit == EncoderFit::pad;
    Image pixels = place(part, at, side, neutral ? mean : std::array<std::uint8_t, 3>{});
    if (view.look_mask) {
        const Image mask = to_grey(to_u8(*view.look_mask));
        blend(pixels, place(whole ? mask : part_of(mask, view.crop), at, side, {255, 255, 255}),
              mean);
    }
    return pixels;
}

std::vector<float> normalised(const Image& pixels, const ClipPreprocess& config) {
    const std::size_t count = pixels.bytes.size() / 3;
    std::vector<float> values(3 * count);
    for (std::size_t c = 0; c < 3; ++c) {
        // numpy's order: v * (1 / 255) in double, the rest in float32.
        const auto mean = static_cast<float>(config.image_mean[c]);
        const auto deviation = static_cast<float>(config.image_std[c]);
        for (std::size_t i = 0; i < count; ++i) {
            const auto unit = static_cast<float>(pixels.u8()[i * 3 + c] * (1.0 / 255.0));
            values[c * count + i] = (unit - mean) / deviation;
        }
    }
    return values;
}

PictureShare looked_at(int width, int height, const EncoderView& view,
                       const ClipPreprocess& config) {
    PictureShare seen = view.crop;
    if (view.fit != EncoderFit::crop || width <= 0 || height <= 0) {
        return seen;
    }
    const double part_width = seen.width * width, part_height = seen.height * height;
    const double side = std::min(part_width, part_height) * config.crop_size / config.shortest_edge;
    const double seen_width = std::min(side, part_width) / width;
    const double seen_height = std::min(side, part_height) / height;
    seen.left += (seen.width - seen_width) / 2;
    seen.top += (seen.height - seen_height) / 2;
    seen.width = seen_width;
    seen.height = seen_height;
    return seen;
}

} // namespace likeness
