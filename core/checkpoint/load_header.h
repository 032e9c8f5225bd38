#pragma once

#include "core/checkpoint/safetensors_header.h"

#include <filesystem>

namespace likeness {

// The header of a file (load_safetensors_header); of an index (`*.index.json`) those of all its
// shards as one. Throws Error as that does, and where the shards hold other tensors than the index
// says.
SafetensorsHeader load_header(const std::filesystem::path& path);

} // namespace likeness
