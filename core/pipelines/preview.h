#pragma once

#include "core/image/image.h"
#include "core/models/autoencoder_kl.h"

namespace likeness {

// A linear map from latents to colours, fitted to one autoencoder: rgb = latents . weight + bias.
// Cheap enough for every step, and right for every VAE, published or not.
struct PreviewMap {
    Tensor weight{}; // [latent_channels, 3] float32
    Tensor bias{};   // [3]
};

// Least squares over what the VAE's encoder makes of a few soft colour fields. Takes about as long
// as encoding one picture.
PreviewMap fit_preview(const AutoencoderKL& vae, const WeightOptions& options);

// One pixel per latent.
ImagePtr make_preview(const PreviewMap& map, const Tensor& latents);

} // namespace likeness
