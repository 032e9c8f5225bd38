#pragma once

#include "core/image/clip_preprocess.h"

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness {

// How an image encoder of that size wants its pictures: its own size and, from
// `preprocessor_config` (a file, or empty), its means and deviations; CLIP's where they are not
// told. Throws Error{model_mismatch} for a deviation that is not above zero.
ClipPreprocess preprocess_for(int image_size, const std::filesystem::path& preprocessor_config);

// The same for an encoder's folder, from its config.json; CLIP's own where nothing can be read.
ClipPreprocess preprocess_of(const std::filesystem::path& image_encoder,
                             const std::filesystem::path& preprocessor_config);

// ModelTraits::attention_blocks of a UNet's config; empty when it is not understood.
std::vector<std::string> attention_blocks(const nlohmann::json& unet);

} // namespace likeness
