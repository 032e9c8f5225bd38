#pragma once

#include "core/weights/weights.h"

namespace likeness {

// Writes a mean and a deviation of each latent channel ([latent_channels] each) into an
// AutoencoderKL's `quant_conv` and `post_quant_conv`, both 1x1 and affine: encoded latents then
// have mean 0 and deviation 1, decoded pictures are the same as before. Returns the changed copy of
// the weights.
TensorMap fold_latent_statistics(TensorMap autoencoder, const Tensor& mean,
                                 const Tensor& deviation);

} // namespace likeness
