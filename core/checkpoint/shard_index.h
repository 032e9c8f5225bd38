#pragma once

#include "core/checkpoint/safetensors_header.h"

#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace likeness {

constexpr std::size_t kMostTensorsOfShards = 100'000; // of all together, as of one file

// The file and the folder it lies in, as messages name it: components of a model carry the same
// file names.
std::string file_and_folder(const std::filesystem::path& path);

// What an index (`*.safetensors.index.json`) says: which of the files beside it holds a tensor.
struct ShardIndex {
    std::filesystem::path path{};
    std::map<std::string, std::string> weight_map{}; // tensor -> file name

    std::set<std::string> shards() const;

    // Throws Error{file_damaged} where the files hold other tensors (-> file name) than it says.
    void check(const std::map<std::string, std::string>& held) const;
};

// Throws Error{file_damaged} for what is no such index, or names more than this program reads.
ShardIndex load_shard_index(const std::filesystem::path& path);

// The header of a file (load_safetensors_header), or the headers of all shards of an index as one.
SafetensorsHeader load_header(const std::filesystem::path& path);

} // namespace likeness
