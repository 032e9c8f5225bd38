#pragma once

#include "app/starter/draw.h"
#include "app/starter/picture_set.h"

namespace likeness::starter {

// Pictures as the image encoder gets them in training: cut to 0.7-1.0 of their side, lightly
// tinted, 30 % of them with a flat background, shrunk to `side` and normalised as the preprocessor
// config of CLIP says. indices int64 [B] -> [B, 3, side, side].
Tensor reference_views(Draw& draw, const PictureSet& set, const Tensor& indices, std::int64_t side);

// Without any of that but the shrinking. pictures [B, 3, S, S] in -1..1.
Tensor plain_views(const Tensor& pictures, std::int64_t side);

} // namespace likeness::starter
