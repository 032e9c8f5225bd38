#pragma once

#include "core/models/autoencoder_kl.h"

namespace likeness {

// What vae.decode(latents) gives, in a part of its memory and several times its time. All from the
// last upsampler on, where the large activations are, is done tile by tile with a border as wide as
// the convolutions reach. The norms there have the statistics of the whole picture, for which each
// of them takes a pass over all tiles; so the tiles are exactly the picture's and have no seams.
// `side` is that of a tile before the upsampler.
Tensor decode_in_tiles(const AutoencoderKL& vae, const Tensor& latents,
                       const BetweenLayers& between = {}, int64_t side = 64);

} // namespace likeness
