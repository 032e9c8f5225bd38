#include "core/base/read_file.h"

#include "core/base/error.h"
#include "core/base/wording.h"

#include <cerrno>
#include <cstddef>
#include <new>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace likeness {

namespace {

class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}

    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number() const { return number_; }

private:
    int number_;
};

[[noreturn]] void fail_open(const std::filesystem::path& path, int error_number) {
    if (error_number == ENOENT || error_number == ENOTDIR) {
        throw Error(ErrorCode::file_missing,
                    message("There is no file {}.\nCheck the name and the folder.",
                            in_quotes(path.native())));
    }
    throw Error(ErrorCode::file_unreadable,
                message("The file {} cannot be opened: {}.", in_quotes(path.native()),
                        system_words(error_number)));
}

Message kind_words(mode_t mode) {
    if (S_ISDIR(mode)) {
        return message("a folder");
    }
    if (S_ISFIFO(mode)) {
        return message("a pipe");
    }
    if (S_ISSOCK(mode)) {
        return message("a socket");
    }
    return message("a device");
}

bool same_file(const struct stat& a, const struct stat& b) {
    return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
           a.st_mtim.tv_nsec == b.st_mtim.tv_nsec && a.st_ino == b.st_ino;
}

// Fills `bytes` (a vector or a string) with the whole file.
template <typename Bytes>
Bytes read_whole(const std::filesystem::path& path, std::uint64_t limit) {
    // O_NONBLOCK: opening a pipe without a writer must not freeze us.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
    if (file.number() < 0) {
        fail_open(path, errno);
    }

    struct stat before {};

    if (::fstat(file.number(), &before) != 0) {
        fail_open(path, errno);
    }
    if (!S_ISREG(before.st_mode)) {
        throw Error(
            ErrorCode::file_unreadable,
            message("{} is {}, not a file.", in_quotes(path.native()), kind_words(before.st_mode)));
    }
    const auto size = static_cast<std::uint64_t>(before.st_size);
    if (size > limit) {
        throw Error(ErrorCode::file_too_large,
                    message("The file {} is too large: {}, at most {} can be read here.",
                            in_quotes(path.native()), byte_words(size), byte_words(limit)));
    }
    Bytes bytes;
    try {
        bytes.resize(static_cast<std::size_t>(size));
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::out_of_memory, message("There is not enough memory to read {} ({}).",
                                                      in_quotes(path.native()), byte_words(size)));
    }
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t got = ::read(file.number(), bytes.data() + done, bytes.size() - done);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            throw Error(ErrorCode::file_unreadable,
                        message("The file {} cannot be read: {}.", in_quotes(path.native()),
                                system_words(errno)));
        }
        if (got == 0) {
            break;
        }
        done += static_cast<std::size_t>(got);
    }

    struct stat after {};

    if (::fstat(file.number(), &after) != 0 || done != bytes.size() || !same_file(before, after)) {
        throw Error(ErrorCode::file_changed,
                    message("The file {} changed while it was read.\nTry again when the "
                            "program that writes it has finished.",
                            in_quotes(path.native())));
    }
    return bytes;
}

} // namespace

std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t limit) {
    return read_whole<std::vector<std::byte>>(path, limit);
}

std::string read_text_file(const std::filesystem::path& path, std::uint64_t limit) {
    return read_whole<std::string>(path, limit);
}

bool is_there(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

bool is_folder(const std::filesystem::path& path) {
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored);
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code problem;
    for (std::filesystem::directory_iterator entry(folder, problem), end; !problem && entry != end;
         entry.increment(problem)) {
        files.push_back(entry->path());
    }
    return files;
}

} // namespace likeness
