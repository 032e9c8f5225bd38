#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>

namespace likeness {

// A file as it was when it was read: another one under its path has another stamp.
struct FileStamp {
    std::filesystem::file_time_type time{};
    std::uintmax_t size = 0;

    auto operator<=>(const FileStamp&) const = default;
};

// Of a file that is not there some stamp of its own; who opens it tells.
FileStamp stamp_of(const std::filesystem::path& path);

// Of each of those.
using FileStamps = std::map<std::filesystem::path, FileStamp>;

FileStamps stamps_of(const std::set<std::filesystem::path>& paths);

// Notices files that were replaced.
class SeenFiles {
public:
    // Whether another file lay under that path when it was asked about last.
    bool is_replaced(const std::filesystem::path& path);

private:
    std::map<std::filesystem::path, FileStamp> seen_;
};

} // namespace likeness
