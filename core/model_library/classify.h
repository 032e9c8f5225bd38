#pragma once

#include "core/model_library/entry.h"

#include <filesystem>
#include <string>

namespace likeness {

// Whether a file's name is one that models have (.safetensors, .ckpt, .pt, .pth, .bin) and that
// stands for itself: a shard belongs to its index.
bool is_model_name(const std::filesystem::path& file);

// What a folder is called: its own name, or that of the model where it is a snapshot in the cache
// of Hugging Face's libraries ("runwayml/stable-diffusion-v1-5").
std::string name_of_folder(const std::filesystem::path& folder);

// What a file is, by its header. Never throws for what is in it: a file that cannot be read is an
// entry with a problem. An old pickle is named as such and not looked into.
LibraryEntry classify_file(const std::filesystem::path& file);

// A diffusers folder with model_index.json, by its configs and the names in it.
LibraryEntry classify_model_folder(const std::filesystem::path& folder);

// A component's folder (config.json and the weights beside it), as published image encoders, VAEs
// and TAESDs are; `other` for the rest.
LibraryEntry classify_component_folder(const std::filesystem::path& folder,
                                       const std::filesystem::path& weights);

} // namespace likeness
