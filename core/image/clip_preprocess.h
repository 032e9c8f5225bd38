#pragma once

#include "core/image/image.h"

#include <array>
#include <vector>

namespace likeness {

// The fields of preprocessor_config.json that CLIPImageProcessor uses; defaults are CLIP's own.
struct ClipPreprocess {
    int shortest_edge = 224; // size.shortest_edge: what the shorter side becomes
    int crop_size = 224;     // crop_size: side S of the square cut from the middle
    std::array<double, 3> image_mean{0.48145466, 0.4578275, 0.40821073};
    std::array<double, 3> image_std{0.26862954, 0.26130258, 0.27577711};

    bool operator==(const ClipPreprocess&) const = default;
};

// The S x S u8 RGB picture the image encoder sees, as transformers' PIL image processor makes it:
// transparency laid onto white,
// shorter side to `shortest_edge` by bicubic, longer side truncated, centre crop, zeros where the
// picture is smaller than the crop.
Image clip_preprocess(const Image& image, const ClipPreprocess& config = {});

// The same, normalised: [3, S, S] of (v / 255 - mean) / std.
std::vector<float> clip_pixel_values(const Image& image, const ClipPreprocess& config = {});

} // namespace likeness
