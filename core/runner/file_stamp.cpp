#include "core/runner/file_stamp.h"

#include <utility>

namespace likeness {

FileStamp stamp_of(const std::filesystem::path& path) {
    std::error_code ignored;
    FileStamp stamp;
    stamp.time = std::filesystem::last_write_time(path, ignored);
    stamp.size = std::filesystem::file_size(path, ignored);
    return stamp;
}

FileStamps stamps_of(const std::set<std::filesystem::path>& paths) {
    FileStamps stamps;
    for (const std::filesystem::path& path : paths) {
        stamps[path] = stamp_of(path);
    }
    return stamps;
}

bool SeenFiles::is_replaced(const std::filesystem::path& path) {
    const FileStamp stamp = stamp_of(path);
    const auto [known, is_new] = seen_.try_emplace(path, stamp);
    return !is_new && std::exchange(known->second, stamp) != stamp;
}

} // namespace likeness
