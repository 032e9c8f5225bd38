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

// Whether something of that name can be reached, and whether it is a folder. What the system
// refuses (a link to itself, a name that is too long) is not there; nothing is thrown.
bool is_there(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);

// What lies in a folder, in no order; nothing of what cannot be read.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder);

} // namespace likeness
