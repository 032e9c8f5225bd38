#pragma once

#include "core/checkpoint/safetensors_header.h"
#include "core/weights/weights.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// An open safetensors file, or several shards of one. Tensors are read with pread when taken; a
// file that changes meanwhile is an Error{file_changed}. A pickle (.ckpt, .bin) reads as its
// safetensors form, which is made in the cache when the first tensor is taken.
class SafetensorsFile : public WeightSource {
public:
    // A single file, or an index file (`*.index.json`) whose shards lie beside it.
    static std::shared_ptr<SafetensorsFile> open(const std::filesystem::path& path);
    ~SafetensorsFile() override;

    std::optional<std::vector<int64_t>> shape(const std::string& name) const override;
    Tensor take(const std::string& name) override;
    Tensor take_in_pieces(const std::string& name, const std::function<void()>& between) override;
    // Rows [first, first + count) of a tensor, counted along its first dimension.
    Tensor take_rows(const std::string& name, int64_t first, int64_t count);
    std::vector<std::string> names() const override;

    const std::map<std::string, TensorEntry>& entries() const { return entries_; }

    const std::map<std::string, std::string>& metadata() const { return metadata_; }

private:
    SafetensorsFile() = default;
    struct Shard;
    void add_shard(const std::filesystem::path& path);
    void add_pickle(const std::filesystem::path& path);
    void add(std::unique_ptr<Shard> shard, SafetensorsHeader header);

    std::vector<std::unique_ptr<Shard>> shards_;
    std::map<std::string, TensorEntry> entries_;
    std::map<std::string, std::size_t> shard_of_;
    std::map<std::string, std::string> metadata_;
};

// Reads a whole file into memory.
TensorMap load_safetensors(const std::filesystem::path& path);

// Writes atomically; header padded to 8 bytes, tensors ordered as the reference writer does.
void save_safetensors(const std::filesystem::path& path, const TensorMap& tensors,
                      const std::map<std::string, std::string>& metadata = {});

} // namespace likeness
