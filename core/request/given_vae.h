#pragma once

#include "core/request/generation_request.h"
#include "core/request/model_folder.h"

namespace likeness {

// The model with another VAE: a file that holds one alone or within a whole model, a diffusers
// `vae` folder, or a model's folder with one. Throws Error{not_a_checkpoint} for what holds none.
ModelFolder with_vae(ModelFolder model, const std::filesystem::path& vae);

// What a request runs: its model, with its VAE where it names one. Throws Error{model_incomplete}
// for a single file without a VAE.
ModelFolder model_of(const GenerationRequest& request);

} // namespace likeness
