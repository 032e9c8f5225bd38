#include "core/pickle/conversion.h"

#include "core/base/atomic_file.h"
#include "core/base/wording.h"
#include "core/pickle/byte_source.h"
#include "core/pickle/conversion_cache.h"
#include "core/pickle/pickle_file.h"
#include "core/pickle/refusal.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMostStart = 8 + (16U << 20U); // bytes of a header that is read

// The file and the folder it lies in: components of a model carry the same file names.
std::string shown(const fs::path& path) {
    const auto folder = path.parent_path().filename();
    return folder.empty() ? path.filename().string() : (folder / path.filename()).string();
}

// An open pickle, and what it was when it was opened.
class Pickle {
public:
    explicit Pickle(const fs::path& path) : path_(path), name_(shown(path)) {
        descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        if (descriptor_ < 0) {
            const int reason = errno;
            throw Error(reason == ENOENT || reason == ENOTDIR ? ErrorCode::file_missing
                                                              : ErrorCode::file_unreadable,
                        message("{} could not be opened: {}.", name_, system_words(reason)),
                        path.string());
        }
        if (::fstat(descriptor_, &opened_) != 0 || !S_ISREG(opened_.st_mode)) {
            ::close(descriptor_);
            throw Error(ErrorCode::file_unreadable,
                        message("{} could not be opened: it is not a regular file.", name_),
                        path.string());
        }
    }

    ~Pickle() { ::close(descriptor_); }

    Pickle(const Pickle&) = delete;
    Pickle& operator=(const Pickle&) = delete;

    int descriptor() const { return descriptor_; }

    const std::string& name() const { return name_; }

    std::uint64_t size() const { return static_cast<std::uint64_t>(opened_.st_size); }

    FileStamp stamp() const { return stamp_of(opened_); }

    void check_unchanged() const {
        struct stat now {};

        if (::fstat(descriptor_, &now) != 0 || stamp_of(now) != stamp()) {
            throw Error(ErrorCode::file_changed,
                        message("{} was changed while it was read.\nWait until it is written, then "
                                "open it again.",
                                name_),
                        path_.string());
        }
    }

private:
    fs::path path_;
    std::string name_;
    int descriptor_ = -1;

    struct stat opened_ {};
};

ConverterAnswer convert(const Pickle& pickle, const fs::path& target,
                        const StillWanted& still_wanted) {
    AtomicFile file(target);

    struct statvfs disk {};

    if (::fstatvfs(file.descriptor(), &disk) == 0) {
        const std::uint64_t there = std::uint64_t{disk.f_bavail} * std::uint64_t{disk.f_frsize};
        if (there < pickle.size()) {
            throw Error(
                ErrorCode::write_failed,
                message("{} could not be converted: the disk is full ({} needed, {} free).\n"
                        "Make room, or set XDG_CACHE_HOME to a folder on another disk.",
                        pickle.name(), byte_words(pickle.size()), byte_words(there)));
        }
    }
    const ConverterAnswer answer = run_converter({.task = "convert",
                                                  .source = pickle.descriptor(),
                                                  .target = file.descriptor(),
                                                  .name = pickle.name()},
                                                 still_wanted);
    pickle.check_unchanged();
    file.commit();
    return answer;
}

} // namespace

bool is_pickle_file(const fs::path& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        return false;
    }

    struct stat found {};

    std::array<std::byte, 16> start{};
    const bool regular = ::fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
    const ssize_t got = regular ? ::pread(descriptor, start.data(), start.size(), 0) : -1;
    ::close(descriptor);
    return got > 0 && is_pickle(std::span(start).first(static_cast<std::size_t>(got)));
}

PickleStart pickle_start(const fs::path& path) {
    const Pickle pickle(path);
    const int memory = ::memfd_create("likeness-header", MFD_CLOEXEC);
    if (memory < 0) {
        throw Error(ErrorCode::internal,
                    message("{} could not be opened: {}.", pickle.name(), system_words(errno)));
    }
    try {
        const ConverterAnswer answer = run_converter({.task = "list",
                                                      .source = pickle.descriptor(),
                                                      .target = memory,
                                                      .name = pickle.name()},
                                                     {});
        pickle.check_unchanged();
        const DescriptorBytes written(memory, pickle.name());
        if (written.size() > kMostStart) {
            too_large_pickle(pickle.name(),
                             message("its names take {}", byte_words(written.size())));
        }
        PickleStart start{.bytes = std::string(written.size(), '\0'), .file_size = answer.bytes};
        written.read(std::as_writable_bytes(std::span(start.bytes)), 0);
        ::close(memory);
        return start;
    } catch (...) {
        ::close(memory);
        throw;
    }
}

std::optional<fs::path> found_conversion(const fs::path& path) {
    struct stat found {};

    if (::stat(path.c_str(), &found) != 0) {
        return std::nullopt;
    }
    try {
        if (const auto hash = known_hash(path, stamp_of(found))) {
            const fs::path file = conversion_folder() / (*hash + ".safetensors");
            std::error_code ignored;
            return fs::is_regular_file(file, ignored) ? std::optional(file) : std::nullopt;
        }
    } catch (const Error&) {
        // no place for a cache: nothing was found in it
    }
    return std::nullopt;
}

fs::path converted_pickle(const fs::path& path, const StillWanted& still_wanted) {
    if (const auto found = found_conversion(path)) {
        return *found;
    }
    const Pickle pickle(path);
    const fs::path folder = conversion_folder();
    make_folder(folder);
    remove_stale_parts(folder);
    const auto known = known_hash(path, pickle.stamp());
    const std::string hash =
        known ? *known : hash_of(pickle.descriptor(), pickle.name(), still_wanted);
    pickle.check_unchanged();
    const fs::path file = folder / (hash + ".safetensors");
    std::error_code ignored;
    if (!fs::is_regular_file(file, ignored)) {
        convert(pickle, file, still_wanted);
    }
    remember_hash(path, pickle.stamp(), hash);
    return file;
}

ConverterAnswer convert_pickle(const fs::path& path, const fs::path& target,
                               const StillWanted& still_wanted) {
    return convert(Pickle(path), target, still_wanted);
}

} // namespace likeness
