#pragma once

#include "core/checkpoint/safetensors_header.h"
#include "core/inspect/inspect.h"

#include <filesystem>

namespace likeness {

// What a single file of tensors, or an index and its shards, is; told from names and shapes.
ModelReport inspect_file(const std::filesystem::path& path);

// What an adapter's header tells of it.
AdapterReport inspect_adapter(const SafetensorsHeader& header);

} // namespace likeness
