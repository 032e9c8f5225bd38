#pragma once

#include "core/image/image.h"
#include "core/request/training_check.h"
#include "core/request/training_request.h"
#include "core/request/validate.h"

namespace likeness {

// A size in pixels.
struct PictureSize {
    int width = 0;
    int height = 0;

    auto operator<=>(const PictureSize&) const = default;
};

// The side of the square that pictures are trained at: the request's, or the model's own.
int training_resolution(const TrainingRequest& request, const ModelTraits& traits);

// The size a picture is trained at: of its proportions as nearly as sides in steps of an eighth of
// the resolution allow, of at most resolution^2 pixels, no side more than twice the other. Sides
// are multiples of `factor`, the pixels a latent.
PictureSize training_size(int width, int height, int resolution, int factor);

// The picture, or a mask of it, at that size: cut in the middle to its proportions.
Image cut_for_training(const Image& image, const PictureSize& size);

// What of a picture of that size that is.
TrainingCrop training_crop(const PictureSize& picture, int resolution, int factor);

// The size of what is learned from, whole: `image` may be a smaller copy of it.
PictureSize whole_size(const TrainingPicture& picture);

// What a training keeps of a picture in memory: one of over a megapixel made smaller, to no less
// than twice what is trained of it and 512 pixels a side; any other as it is.
Image kept_for_training(Image image, int resolution, int factor);

} // namespace likeness
