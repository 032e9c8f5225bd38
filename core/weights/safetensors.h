#pragma once

#include "core/weights/weights.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace likeness {

// One entry of a safetensors header.
struct TensorEntry {
    std::string name{};
    std::string dtype{}; // as the file spells it: "F16"
    std::vector<int64_t> shape{};
    std::uint64_t begin = 0; // bytes from the start of the file
    std::uint64_t end = 0;
};

struct SafetensorsHeader {
    std::map<std::string, TensorEntry> tensors{};
    std::map<std::string, std::string> metadata{};
};

// Parses and checks a header by the rules of the format (every number checked before it is used,
// nothing allocated from the file's word). `start` are the file's first bytes, at least 8 + header
// length of them; `file_size` is the true size. Throws Error naming `file` and the rule that was
// broken; a pickle, a Git LFS pointer and an HTML page are told by name.
SafetensorsHeader parse_safetensors_header(std::span<const std::byte> start,
                                           std::uint64_t file_size, const std::string& file);

// An open safetensors file, or several shards of one. Tensors are read with pread when taken; a
// file that changes meanwhile is an Error{file_changed}.
class SafetensorsFile : public WeightSource {
public:
    // A single file, or an index file (`*.index.json`) whose shards lie beside it.
    static std::shared_ptr<SafetensorsFile> open(const std::filesystem::path& path);
    ~SafetensorsFile() override;

    std::optional<std::vector<int64_t>> shape(const std::string& name) const override;
    Tensor take(const std::string& name) override;
    std::vector<std::string> names() const override;

    const std::map<std::string, TensorEntry>& entries() const { return entries_; }

    const std::map<std::string, std::string>& metadata() const { return metadata_; }

private:
    SafetensorsFile() = default;
    struct Shard;
    void add_shard(const std::filesystem::path& path);

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
