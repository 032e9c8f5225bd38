#include "app/cli/given_text.h"

#include "app/cli/interrupt.h"
#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"

#include <cerrno>
#include <cstddef>
#include <span>

#include <poll.h>
#include <unistd.h>

namespace likeness::cli {

namespace {

constexpr int kLookForInterrupt = 50; // milliseconds

// What comes next on standard input, 0 at its end; a wish to stop ends the wait.
std::size_t read_input(std::span<char> buffer) {
    for (;;) {
        check_interrupted();
        pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        if (::poll(&input, 1, kLookForInterrupt) <= 0) {
            continue;
        }
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR && errno != EAGAIN) {
            throw Error(ErrorCode::file_unreadable,
                        message("Standard input could not be read: {}.", system_words(errno)));
        }
    }
}

} // namespace

std::string given_text(const std::string& path, std::uint64_t limit, const char* what) {
    if (path != "-") {
        return read_text_file(path, limit);
    }
    std::string text;
    char buffer[4096];
    while (const std::size_t count = read_input(buffer)) {
        text.append(buffer, count);
        if (text.size() > limit) {
            throw Error(ErrorCode::file_too_large,
                        message("{} on standard input was not read: it is longer than {}.", what,
                                byte_words(limit)));
        }
    }
    return text;
}

} // namespace likeness::cli
