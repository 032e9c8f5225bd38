#pragma once

#include "core/pickle/run_converter.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <sys/stat.h>

namespace likeness {

// Where converted files lie: `$XDG_CACHE_HOME/likeness/converted`, else below ~/.cache. Throws
// Error{write_failed} where neither is set.
std::filesystem::path conversion_folder();

// What a file was when its content was hashed.
struct FileStamp {
    std::uint64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::uint64_t inode = 0;

    bool operator==(const FileStamp&) const = default;
};

FileStamp stamp_of(const struct stat& file);

// The SHA-256 of that file that was written down for it, if it is still the same.
std::optional<std::string> known_hash(const std::filesystem::path& path, const FileStamp& stamp);
void remember_hash(const std::filesystem::path& path, const FileStamp& stamp,
                   const std::string& hash);

// Reads a whole open file. `name` is for messages.
std::string hash_of(int descriptor, const std::string& name, const StillWanted& still_wanted);

} // namespace likeness
