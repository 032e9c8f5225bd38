#include "core/request/training_crop.h"

#include "core/image/convert.h"
#include "core/image/resize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace likeness {

int training_resolution(const TrainingRequest& request, const ModelTraits& traits) {
    return request.resolution.value_or(std::min(traits.default_width, traits.default_height));
}

PictureSize training_size(int width, int height, int resolution, int factor) {
    const int step = std::max(factor, resolution / 8 / factor * factor);
    const double wanted = std::log(static_cast<double>(width) / height);
    const int area = resolution * resolution;
    PictureSize best{.width = resolution / factor * factor, .height = resolution / factor * factor};
    const auto distance = [wanted](const PictureSize& size) {
        return std::abs(std::log(static_cast<double>(size.width) / size.height) - wanted);
    };
    for (int w = step; w <= 2 * resolution; w += step) {
        const int h = area / w / step * step;
        const PictureSize size{.width = w, .height = h};
        const bool balanced = h >= step && w <= 2 * h && h <= 2 * w;
        if (balanced && distance(size) + 1e-9 < distance(best)) {
            best = size;
        }
    }
    return best;
}

Image cut_for_training(const Image& image, const PictureSize& size) {
    return resize(crop_to_aspect(image, size.width, size.height), size.width, size.height,
                  Filter::bilinear);
}

TrainingCrop training_crop(const PictureSize& picture, int resolution, int factor) {
    const PictureSize size = training_size(picture.width, picture.height, resolution, factor);
    const Image no_pixels{.width = picture.width, .height = picture.height};
    const Window part = centred_part(no_pixels, size.width, size.height);
    return {.x = part.left,
            .y = part.top,
            .width = part.width,
            .height = part.height,
            .trained_width = size.width,
            .trained_height = size.height};
}

PictureSize whole_size(const TrainingPicture& picture) {
    return picture.width > 0
               ? PictureSize{.width = picture.width, .height = picture.height}
               : PictureSize{.width = picture.image->width, .height = picture.image->height};
}

Image kept_for_training(Image image, int resolution, int factor) {
    constexpr std::int64_t kSmall = 1024 * 1024; // pixels: 3 MB
    constexpr double kLeastSide = 512;           // more than what an image encoder sees
    if (std::int64_t{image.width} * image.height <= kSmall) {
        return image;
    }
    const TrainingCrop crop =
        training_crop({.width = image.width, .height = image.height}, resolution, factor);
    const double share =
        std::max({2.0 * crop.trained_width / crop.width, 2.0 * crop.trained_height / crop.height,
                  kLeastSide / std::min(image.width, image.height)});
    const auto smaller = [share](int side) {
        return std::max(1, static_cast<int>(std::lround(share * side)));
    };
    return share < 1 ? resize(to_u8(image), smaller(image.width), smaller(image.height),
                              Filter::lanczos) // the sharpest: it is made smaller once more
                     : image;
}

} // namespace likeness
