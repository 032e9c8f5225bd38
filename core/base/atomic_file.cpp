#include "core/base/atomic_file.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/wording.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <random>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

// `.<name>.lk<16 hex digits>.part`: hidden, beside its target, and told from everybody else's
// files.
constexpr std::string_view kMark = ".lk";
constexpr std::string_view kEnding = ".part";
constexpr std::size_t kRandomDigits = 16;
constexpr std::size_t kLongestFileName = 255; // bytes; NAME_MAX of the file systems we meet
constexpr int kAttempts = 16;
constexpr long kStaleAfterSeconds = 60;

std::string temporary_name(const std::string& name) {
    std::random_device source;
    const std::uint64_t number = (std::uint64_t{source()} << 32) | std::uint64_t{source()};
    const std::size_t own = 1 + kMark.size() + kRandomDigits + kEnding.size();
    return fmt::format(".{}{}{:016x}{}", name.substr(0, kLongestFileName - own), kMark, number,
                       kEnding);
}

bool is_temporary_name(const std::string& name) {
    const std::size_t own = kMark.size() + kRandomDigits + kEnding.size();
    if (name.size() < own + 2 || name.front() != '.' || !name.ends_with(kEnding)) {
        return false;
    }
    const std::string_view tail = std::string_view(name).substr(name.size() - own);
    const std::string_view digits = tail.substr(kMark.size(), kRandomDigits);
    return tail.starts_with(kMark) &&
           digits.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

fs::path folder_of(const fs::path& path) {
    const fs::path folder = path.parent_path();
    return folder.empty() ? fs::path(".") : folder;
}

// What a link points to, so that the link stays and its target is replaced.
fs::path resolved(const fs::path& path) {
    std::error_code ignored;
    if (!fs::is_symlink(path, ignored)) {
        return path;
    }
    std::error_code failed;
    const fs::path target = fs::weakly_canonical(path, failed);
    return failed ? path : target;
}

[[noreturn]] void fail_write(const fs::path& path, const Message& why) {
    throw Error(ErrorCode::write_failed,
                message("The file {} could not be written: {}.\nNothing was changed on the "
                        "disk.",
                        in_quotes(path.native()), why));
}

// Why a write failed, with the numbers that help: space on the disk, the folder.
Message write_words(const fs::path& path, int error_number, std::uint64_t wanted) {
    const fs::path folder = folder_of(path);
    switch (error_number) {
    case ENOSPC:
    case EDQUOT: {
        struct statvfs disk {};

        if (::statvfs(folder.c_str(), &disk) == 0) {
            const std::uint64_t free_bytes =
                std::uint64_t{disk.f_bavail} * std::uint64_t{disk.f_frsize};
            return message("the disk is full ({} needed, {} free)", byte_words(wanted),
                           byte_words(free_bytes));
        }
        return message("the disk is full ({} needed)", byte_words(wanted));
    }
    case EFBIG:
        return message("{} is more than this system allows in one file", byte_words(wanted));
    case ENOENT:
    case ENOTDIR:
        return message("there is no folder {}", in_quotes(folder.native()));
    case EACCES:
    case EPERM:
    case EROFS:
        return message("there is no permission to write in {}", in_quotes(folder.native()));
    default:
        return system_words(error_number);
    }
}

void sync_folder(const fs::path& path) {
    const int folder = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) {
        return; // a folder that may be written but not read: the file's own fsync stands
    }
    ::fsync(folder);
    ::close(folder);
}

// Only a plain file may be replaced: a rename over a device or a folder would destroy or fail.
void check_target(const fs::path& path, const struct stat& target) {
    if (S_ISDIR(target.st_mode)) {
        fail_write(path, message("a folder of this name is there"));
    }
    if (!S_ISREG(target.st_mode)) {
        fail_write(path, message("it is a device or a pipe, not a file"));
    }
}

} // namespace

AtomicFile::AtomicFile(const fs::path& path) : path_(resolved(path)) {
    if (path_.filename().empty() || path_.filename() == "." || path_.filename() == "..") {
        fail_write(path, message("this is the name of a folder"));
    }
    if (path_.filename().native().size() > kLongestFileName) {
        fail_write(path, message("the name has {} bytes, at most {} are possible",
                                 path_.filename().native().size(), kLongestFileName));
    }

    struct stat target {};

    const bool replaces = ::stat(path_.c_str(), &target) == 0;
    if (replaces) {
        check_target(path, target);
    }
    for (int attempt = 0; descriptor_ < 0; ++attempt) {
        temporary_ = folder_of(path_) / temporary_name(path_.filename().native());
        descriptor_ =
            ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (descriptor_ < 0 && (errno != EEXIST || attempt == kAttempts)) {
            const int error_number = errno;
            temporary_.clear();
            fail_write(path, write_words(path_, error_number, 0));
        }
    }
    // The lock tells the sweep that somebody is still writing; it goes with the descriptor.
    ::flock(descriptor_, LOCK_EX | LOCK_NB);
    if (replaces) {
        // Best effort: who may read the file stays as it was.
        if (::fchmod(descriptor_, target.st_mode & 0777U) != 0) {
            errno = 0;
        }
    }
}

AtomicFile::~AtomicFile() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
    if (!temporary_.empty()) {
        ::unlink(temporary_.c_str());
    }
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    LIKENESS_CHECK(descriptor_ >= 0, "written after commit");
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t wrote = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            const int error_number = wrote < 0 ? errno : ENOSPC;
            fail_write(path_, write_words(path_, error_number, bytes.size() - done));
        }
        done += static_cast<std::size_t>(wrote);
    }
}

void AtomicFile::commit() {
    LIKENESS_CHECK(descriptor_ >= 0, "committed twice");
    if (::fsync(descriptor_) != 0) {
        fail_write(path_, write_words(path_, errno, 0));
    }
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
        fail_write(path_, write_words(path_, errno, 0));
    }
    temporary_.clear();
    const int descriptor = descriptor_;
    descriptor_ = -1;
    ::close(descriptor);
    sync_folder(path_);
}

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

void write_file_atomically(const fs::path& path, std::string_view text) {
    write_file_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

void make_folder(const fs::path& path) {
    std::error_code problem;
    fs::create_directories(path, problem);
    if (problem) {
        throw Error(ErrorCode::write_failed,
                    message("The folder {} could not be made: {}.", in_quotes(path.string()),
                            system_words(problem)));
    }
}

std::size_t remove_stale_parts(const fs::path& folder) {
    std::size_t removed = 0;
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
         entry.increment(failed)) {
        if (!is_temporary_name(entry->path().filename().native())) {
            continue;
        }
        const int file =
            ::open(entry->path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
        if (file < 0) {
            continue;
        }

        struct stat found {};

        const bool stale = ::fstat(file, &found) == 0 && S_ISREG(found.st_mode) &&
                           ::time(nullptr) - found.st_mtim.tv_sec > kStaleAfterSeconds &&
                           ::flock(file, LOCK_EX | LOCK_NB) == 0;
        if (stale && ::unlink(entry->path().c_str()) == 0) {
            ++removed;
        }
        ::close(file);
    }
    return removed;
}

} // namespace likeness
