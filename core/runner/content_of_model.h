#pragma once

#include "core/request/model_folder.h"

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace likeness {

// The files that hold the weights of its UNet, VAE and text encoders.
std::set<std::filesystem::path> weight_files(const ModelFolder& folder);

// SHA-256 over the content of all files of weights that a training over that model reads (its UNet,
// VAE and text encoders, and `others`, such as an adapter): what was trained over it belongs to
// this content. Files that are known by their size and time are not read again. `check` is called
// every few megabytes and may throw. Files that are not there count as such.
std::string content_of_model(const ModelFolder& folder,
                             const std::vector<std::filesystem::path>& others = {},
                             const std::function<void()>& check = {});

} // namespace likeness
