#include "core/checkpoint/load_header.h"

#include "core/base/error.h"
#include "core/base/wording.h"
#include "core/checkpoint/shard_index.h"

#include <algorithm>
#include <set>

namespace likeness {

namespace {

constexpr std::size_t kMaxShards = 1'000;
constexpr std::size_t kMaxTensors = 100'000; // of all shards together, as of one file

[[noreturn]] void refuse(const std::filesystem::path& path, const Message& why) {
    throw Error(ErrorCode::file_damaged,
                message("{} could not be opened: {}.\nDownload the model again.",
                        path.filename().string(), why));
}

} // namespace

SafetensorsHeader load_header(const std::filesystem::path& path) {
    if (path.extension() != ".json") {
        return load_safetensors_header(path);
    }
    const ShardIndex index = load_shard_index(path);
    std::set<std::string> shards;
    for (const auto& [name, shard] : index) {
        shards.insert(shard);
    }
    if (shards.size() > kMaxShards) {
        refuse(path, message("it names {} files; this program reads up to {}", shards.size(),
                             kMaxShards));
    }
    SafetensorsHeader all;
    ShardIndex held;
    for (const std::string& shard : shards) {
        SafetensorsHeader header = load_safetensors_header(path.parent_path() / shard);
        for (const auto& [name, entry] : header.tensors) {
            if (!held.emplace(name, shard).second) {
                refuse(path.parent_path() / shard,
                       message("its tensor {} is in another of the model's files too",
                               in_quotes(name)));
            }
        }
        if (held.size() > kMaxTensors) {
            throw Error(ErrorCode::file_too_large,
                        message("{} could not be opened: the model's files name more than {} "
                                "tensors.",
                                path.filename().string(), kMaxTensors));
        }
        all.tensors.merge(header.tensors);
        all.metadata.merge(header.metadata);
    }
    const auto differs = [](const ShardIndex& others) {
        return [&others](const auto& item) {
            const auto found = others.find(item.first);
            return found == others.end() || found->second != item.second;
        };
    };
    if (const auto wrong = std::ranges::find_if(index, differs(held)); wrong != index.end()) {
        refuse(path, message("it says that {} holds the tensor {}, which is not so", wrong->second,
                             in_quotes(wrong->first)));
    }
    if (const auto extra = std::ranges::find_if(held, differs(index)); extra != held.end()) {
        refuse(path, message("it does not name the tensor {}, which its files hold",
                             in_quotes(extra->first)));
    }
    return all;
}

} // namespace likeness
