#include "core/imageio/orientation.h"

#include <cstring>
#include <utility>

namespace likeness {

Image upright(Image image, int orientation) {
    if (orientation < 2 || orientation > 8) {
        return image;
    }
    // EXIF 2.3, 4.6.4 A: which corner the stored first row and column lie at.
    const bool swaps = orientation >= 5;
    const bool mirrors_x =
        orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    const bool mirrors_y =
        orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    const int width = swaps ? image.height : image.width;
    const int height = swaps ? image.width : image.height;
    Image result = make_image(width, height, image.channels, image.type);
    result.icc_profile = std::move(image.icc_profile);
    const std::size_t pixel = value_size(image.type) * static_cast<std::size_t>(image.channels);
    std::byte* to = result.bytes.data();
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x, to += pixel) {
            const int along_x = swaps ? y : x;
            const int along_y = swaps ? x : y;
            const int from_x = mirrors_x ? image.width - 1 - along_x : along_x;
            const int from_y = mirrors_y ? image.height - 1 - along_y : along_y;
            const std::size_t from =
                static_cast<std::size_t>(from_y) * static_cast<std::size_t>(image.width) +
                static_cast<std::size_t>(from_x);
            std::memcpy(to, image.bytes.data() + from * pixel, pixel);
        }
    }
    return result;
}

} // namespace likeness
