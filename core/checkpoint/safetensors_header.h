#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
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

    // Whether any tensor's name starts so.
    bool any_starts(std::string_view start) const;
};

// Bytes of one value of that dtype; 0 where this program does not read it.
constexpr std::uint64_t dtype_bytes(std::string_view dtype) {
    struct Row {
        std::string_view dtype;
        std::uint64_t bytes;
    };

    constexpr Row kRows[] = {{"BOOL", 1}, {"U8", 1},   {"I8", 1},  {"F8_E5M2", 1},
                             {"I16", 2},  {"F16", 2},  {"I32", 4}, {"F8_E4M3", 1},
                             {"F32", 4},  {"BF16", 2}, {"F64", 8}, {"I64", 8}};
    for (const Row& row : kRows) {
        if (row.dtype == dtype) {
            return row.bytes;
        }
    }
    return 0;
}

// Parses and checks a header by the rules of the format (every number checked before it is used,
// nothing allocated from the file's word). `start` are the file's first bytes, at least 8 + header
// length of them; `file_size` is the true size. Throws Error naming `file` and the rule that was
// broken; a pickle, a Git LFS pointer and an HTML page are told by name.
SafetensorsHeader parse_safetensors_header(std::span<const std::byte> start,
                                           std::uint64_t file_size, const std::string& file);

// The first bytes of a file, as many as parse_safetensors_header wants. `read` fills a span from an
// offset on.
using ReadAt = std::function<void(std::span<std::byte> target, std::uint64_t offset)>;
std::vector<std::byte> safetensors_start(std::uint64_t file_size, const ReadAt& read);

// The header of one file, no tensor's values. Of a pickle it is the one that its safetensors form
// has, told without converting it. Throws Error as above, and for what is missing, no regular file
// or cannot be read.
SafetensorsHeader load_safetensors_header(const std::filesystem::path& path);

// The values of one small tensor as numbers; empty where it has more than `most` of them, is absent
// or holds no floating-point numbers.
std::vector<double> load_small_tensor(const std::filesystem::path& path,
                                      const SafetensorsHeader& header, const std::string& name,
                                      std::size_t most);

} // namespace likeness
