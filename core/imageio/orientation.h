#pragma once

#include "core/image/image.h"

namespace likeness {

// The picture turned upright, by EXIF's orientation 1..8; any other number counts as 1.
Image upright(Image image, int orientation);

} // namespace likeness
