#pragma once

#include "core/image/clip_preprocess.h"

namespace likeness {

// How a picture that is no square becomes the encoder's square: its middle, all of it distorted, or
// all of it with neutral borders.
enum class EncoderFit { crop, squash, pad };

// A part of a picture in shares of its sides, from the top left corner.
struct PictureShare {
    double left = 0;
    double top = 0;
    double width = 1;
    double height = 1;

    bool operator==(const PictureShare&) const = default;
};

// What of a reference the image encoder looks at; the default is all of it, as transformers crops
// it.
struct EncoderView {
    EncoderFit fit = EncoderFit::crop;
    PictureShare crop{};  // cut out before `fit`; rounded to whole pixels
    ImagePtr look_mask{}; // white is looked at, black becomes the encoder's mean colour; any size

    bool operator==(const EncoderView&) const = default;
};

// The S x S u8 RGB picture the image encoder sees: the only place that makes it, for the networks
// and for the window. Transparency is laid onto white. `crop` is clip_preprocess; `squash` is
// Pillow's resize to S x S; `pad` is Pillow's ImageOps.pad with the mean colour (round(255 mean)),
// but never thinner than a pixel. The mask is resized as the picture is and blended as Pillow's
// Image.composite does, after resizing: what it costs does not depend on the picture's size.
Image encoder_pixels(const Image& image, const EncoderView& view, const ClipPreprocess& config);

// Those pixels normalised: [3, S, S] of (v / 255 - mean) / std, as transformers does it.
std::vector<float> normalised(const Image& pixels, const ClipPreprocess& config);

// Which part of a picture of that size the encoder sees.
PictureShare looked_at(int width, int height, const EncoderView& view,
                       const ClipPreprocess& config);

} // namespace likeness
