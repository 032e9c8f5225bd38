#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

namespace likeness::test {

// A safetensors file as bytes: the header's length, the header, the data.
inline std::string file_bytes(const std::string& header, const std::string& data = {}) {
    std::string bytes;
    for (int i = 0; i < 8; ++i) {
        bytes += static_cast<char>(static_cast<std::uint64_t>(header.size()) >> (8 * i) & 0xffU);
    }
    return bytes + header + data;
}

inline void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

} // namespace likeness::test
