#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace likeness {

// Which file of a model that is kept in several holds a tensor: tensor -> file name.
using ShardIndex = std::map<std::string, std::string>;

// Reads the `weight_map` of an index (model.safetensors.index.json, pytorch_model.bin.index.json).
// Its files are plain names in its own folder, of safetensors files or pickles. Throws
// Error{file_damaged} naming `file` and what is wrong with it.
ShardIndex parse_shard_index(std::string_view text, const std::string& file);

// The same of a file of at most 16 MiB.
ShardIndex load_shard_index(const std::filesystem::path& path);

} // namespace likeness
