#include "core/request/training_crop.h"

#include "core/image/convert.h"
#include "core/image/resize.h"

#include <algorithm>
#include <cmath>

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

TrainingCrop training_crop(const Image& image, int resolution, int factor) {
    const PictureSize size = training_size(image.width, image.height, resolution, factor);
    const Window part = centred_part(image, size.width, size.height);
    return {.x = part.left,
            .y = part.top,
            .width = part.width,
            .height = part.height,
            .trained_width = size.width,
            .trained_height = size.height};
}

} // namespace likeness
