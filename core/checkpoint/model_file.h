#pragma once

#include "core/checkpoint/tensor_places.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace likeness {

enum class ModelFamily { sd15, sd2, sdxl, sdxl_refiner };

// As JSON and the command line spell it, and as people read it.
const char* to_string(ModelFamily family);
const char* family_words(ModelFamily family);

// A component of a model file: its tensors under diffusers' names, and the config that belongs to
// them. No tensors: the file does not bring it.
struct FileComponent {
    TensorPlaces places{};
    nlohmann::json config{};
};

// A whole model in one file with the original repositories' names, as its header tells it. The
// component's names are those of a diffusers folder: unet, vae, text_encoder, text_encoder_2.
struct ModelFile {
    ModelFamily family = ModelFamily::sd15;
    std::map<std::string, FileComponent> components{};
    nlohmann::json scheduler{};         // scheduler_config.json
    std::vector<std::string> unknown{}; // tensors that belong to no component and to no known extra
};

// Whether those tensors are a model with the original names.
bool is_model_file(const SafetensorsHeader& header);

// Tells the family and finds every component's tensors. Throws Error{model_mismatch} for a family
// that this program does not know, and for a UNet that comes without its text encoder.
ModelFile read_model_file(const std::filesystem::path& path, const SafetensorsHeader& header);

// A VAE alone in a file, with the original names or diffusers'. nullopt where it holds none.
// `family` gives its scale, which tensors do not tell; the file's name may say that it bears
// float16.
std::optional<FileComponent> read_vae_file(const std::filesystem::path& path,
                                           const SafetensorsHeader& header, ModelFamily family);

// CLIP's image side alone in a file, or in a file of the whole CLIP.
std::optional<FileComponent> read_image_encoder_file(const SafetensorsHeader& header);

} // namespace likeness
