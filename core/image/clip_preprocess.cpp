#include "core/image/clip_preprocess.h"

#include "core/base/check.h"
#include "core/image/convert.h"
#include "core/image/resize.h"

#include <algorithm>
#include <cstdint>

namespace likeness {

namespace {

// Rounds towards minus infinity, as Python's // 2.
int half_floor(int value) {
    return value >= 0 ? value / 2 : -((1 - value) / 2);
}

// Where the crop of `crop` pixels lies on an axis of `size`, and which part of it has pixels.
struct CropAxis {
    CropAxis(int size, int crop_size)
        : start(half_floor(size - crop_size)), first(std::max(0, start)),
          count(std::min(size, start + crop_size) - first) {}

    int start;
    int first;
    int count;
};

} // namespace

Image clip_preprocess(const Image& image, const ClipPreprocess& config) {
    LIKENESS_CHECK(config.shortest_edge > 0 && config.crop_size > 0, config.shortest_edge, ", ",
                   config.crop_size);
    LIKENESS_CHECK(image.width > 0 && image.height > 0, "an empty picture");
    const auto [shorter, longer] = std::minmax(image.width, image.height);
    const int new_short = config.shortest_edge;
    const auto new_long =
        static_cast<int>(static_cast<double>(std::int64_t{new_short} * longer) / shorter);
    const int width = image.width <= image.height ? new_short : new_long;
    const int height = image.width <= image.height ? new_long : new_short;

    // Only the pixels the crop keeps are resized: a 1 x 30000 picture must not become 224 x
    // 6720000.
    const CropAxis x(width, config.crop_size);
    const CropAxis y(height, config.crop_size);
    Image result = resize_window(over_white(image), width, height, Filter::bicubic,
                                 {x.first, y.first, x.count, y.count});
    result.icc_profile.clear();
    return crop(result, x.start - x.first, y.start - y.first, config.crop_size, config.crop_size);
}

std::vector<float> clip_pixel_values(const Image& image, const ClipPreprocess& config) {
    const Image pixels = clip_preprocess(image, config);
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

} // namespace likeness
