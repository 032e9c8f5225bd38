#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace likeness {

// Reads a regular file of at most `limit` bytes. A FIFO, a folder, a missing or a too large file is
// an Error of its own.
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t limit);
std::string read_text_file(const std::filesystem::path& path, std::uint64_t limit);

} // namespace likeness
