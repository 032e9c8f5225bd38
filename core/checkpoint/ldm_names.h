#pragma once

#include "core/checkpoint/tensor_places.h"

namespace likeness {

// The names of the original repositories (latent-diffusion, OpenCLIP), as single files have them,
// translated to those of diffusers and transformers (checkpoints.md 2.2). `prefix` is what the
// component's tensors begin with in the file, its dot included.

// "model.diffusion_model.". How many resnets a level has is read off its sampler's place.
TensorPlaces ldm_unet_places(const SafetensorsHeader& header, const std::string& prefix);

// "first_stage_model.", "vae.", or "" for a file that holds a VAE alone.
TensorPlaces ldm_vae_places(const SafetensorsHeader& header, const std::string& prefix);

// CLIP-L as transformers names it below "cond_stage_model.transformer." or
// "conditioner.embedders.0.transformer."; text_model. may be missing.
TensorPlaces ldm_clip_text_places(const SafetensorsHeader& header, const std::string& prefix);

// OpenCLIP's text side ("conditioner.embedders.1.model."). SD 2.x reads the last but one layer and
// no projection: both are left out of it.
enum class OpenClipLayers { all, but_the_last };
TensorPlaces open_clip_text_places(const SafetensorsHeader& header, const std::string& prefix,
                                   OpenClipLayers layers);

// OpenCLIP's image side ("visual.").
TensorPlaces open_clip_vision_places(const SafetensorsHeader& header, const std::string& prefix);

} // namespace likeness
