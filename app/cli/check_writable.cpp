#include "app/cli/output_paths.h"
#include "core/base/wording.h"

#include <cerrno>

#include <fmt/format.h>
#include <unistd.h>

namespace likeness::cli {

namespace fs = std::filesystem;

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
