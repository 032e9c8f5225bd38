#pragma once

#include "core/models/autoencoder_kl.h"
#include "core/models/autoencoder_tiny.h"
#include "core/request/model_folder.h"

#include <memory>

namespace likeness {

// A linear map from latents to colours, fitted to one autoencoder: rgb = latents . weight + bias.
// Cheap enough for every step, and right for every VAE, published or not.
struct PreviewMap {
    Tensor weight{}; // [latent_channels, 3] float32, on the VAE's device
    Tensor bias{};   // [3]
};

// Least squares over what the VAE's encoder makes of a few soft colour fields. Takes about as long
// as encoding one picture.
PreviewMap fit_preview(const AutoencoderKL& vae, const WeightOptions& options,
                       const BetweenLayers& between = {});

// One pixel per latent: [1, 3, h, w], about 0..1.
Tensor draw_preview(const PreviewMap& map, const Tensor& latents);

// The picture as a TAESD draws it, full size: [1, 3, H, W] in 0..1.
Tensor draw_preview(const AutoencoderTiny& decoder, const Tensor& latents,
                    const WeightOptions& options);

// The TAESD that lies in the model's folder or beside it (`taesd*`, `taesdxl*` for SDXL); null
// where there is none that can be read and fits its latents.
std::shared_ptr<const AutoencoderTiny> load_preview_decoder(const ModelFolder& folder,
                                                            int64_t latent_channels,
                                                            const WeightOptions& options);

} // namespace likeness
