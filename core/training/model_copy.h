#pragma once

#include "core/request/model_folder.h"
#include "core/weights/weights.h"

#include <filesystem>
#include <map>
#include <string>

namespace likeness {

// Why no folder can be made of that model; empty where one can.
Message why_no_copy(const ModelFolder& folder);

// Writes the model's folder anew at `path`, which is not there yet, with these components' tensors
// in the place of its own ("unet": {"conv_in.weight": ...}). What is read of the rest is copied,
// not linked: the copy stays what it is whatever becomes of the model. Other variants of weights,
// which are not read, stay behind. Throws Error{write_failed}.
void write_model_copy(const ModelFolder& folder, const std::map<std::string, TensorMap>& components,
                      const std::filesystem::path& path);

} // namespace likeness
