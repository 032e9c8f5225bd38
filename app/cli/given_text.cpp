#include "app/cli/given_text.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"

#include <iostream>

namespace likeness::cli {

std::string given_text(const std::string& path, std::uint64_t limit, const char* what) {
    if (path != "-") {
        return read_text_file(path, limit);
    }
    std::string text;
    char buffer[4096];
    while (std::cin.read(buffer, sizeof buffer), std::cin.gcount() > 0) {
        text.append(buffer, static_cast<std::size_t>(std::cin.gcount()));
        if (text.size() > limit) {
            throw Error(ErrorCode::file_too_large,
                        message("{} on standard input was not read: it is longer than {}.", what,
                                byte_words(limit)));
        }
    }
    return text;
}

} // namespace likeness::cli
