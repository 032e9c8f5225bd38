#include "app/cli/output_paths.h"
#include "core/base/wording.h"

#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

namespace likeness::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLongestFileName = 255; // bytes; NAME_MAX of the file systems we meet

} // namespace

void check_writable(const fs::path& path, bool force, Problems& problems) {
    const fs::path parent = path.parent_path().empty() ? fs::path(".") : path.parent_path();
    std::error_code ignored;
    if (!fs::is_directory(parent, ignored)) {
        problems.add(fmt::format("{} cannot be written: there is no folder {}. Make it first.",
                                 in_quotes(path.string()), in_quotes(parent.string())),
                     ErrorCode::file_missing);
    } else if (fs::is_directory(path, ignored)) {
        problems.add(
            fmt::format("{} cannot be written: a folder has that name.", in_quotes(path.string())),
            ErrorCode::file_exists);
    } else if (path.filename().native().size() > kLongestFileName) {
        problems.add(fmt::format("{} cannot be written: the name has {} bytes, at most {} are "
                                 "possible.",
                                 in_quotes(path.string()), path.filename().native().size(),
                                 kLongestFileName),
                     ErrorCode::write_failed);
    } else if (fs::exists(path, ignored) && !fs::is_regular_file(path, ignored)) {
        problems.add(fmt::format("{} cannot be written: it is a device or a pipe, not a file.",
                                 in_quotes(path.string())),
                     ErrorCode::write_failed);
    } else if (fs::exists(path, ignored) && !force) {
        problems.add(fmt::format("{} is there already. Choose another name, or add --force to "
                                 "write over it.",
                                 in_quotes(path.string())),
                     ErrorCode::file_exists);
    } else if (::access(parent.c_str(), W_OK) != 0) {
        problems.add(fmt::format("{} cannot be written: {}.", in_quotes(path.string()),
                                 system_words(errno).text()),
                     ErrorCode::write_failed);
    }
}

} // namespace likeness::cli
