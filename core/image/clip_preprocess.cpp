#include "core/image/clip_preprocess.h"

#include "core/image/encoder_view.h"

namespace likeness {

Image clip_preprocess(const Image& image, const ClipPreprocess& config) {
    return encoder_pixels(image, {}, config);
}

std::vector<float> clip_pixel_values(const Image& image, const ClipPreprocess& config) {
    return normalised(clip_preprocess(image, config), config);
}

} // namespace likeness
