#pragma once

#include "core/request/model_folder.h"
#include "core/weights/weights.h"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace likeness {

// Writes a diffusers folder of the model at `path`, which is not there yet. The tensors of these
// components are asked for one component at a time ("unet" -> {"conv_in.weight": ...}), and replace
// the model's own. What is read of the rest of a folder is copied, not linked: the copy stays what
// it is whatever becomes of the model. Other variants of weights, which are not read, stay behind.
// Of a single file all components must be named; what a folder has beside them is written as its
// family's. Throws Error{write_failed}, and {file_missing} without CLIP's vocabulary.
void write_model_copy(const ModelFolder& folder, const std::vector<std::string>& components,
                      const std::function<TensorMap(const std::string&)>& tensors_of,
                      const std::filesystem::path& path);

} // namespace likeness
