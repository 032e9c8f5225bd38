#include "core/pickle/conversion_cache.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/pickle/byte_source.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <vector>

#include <fmt/format.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kPiece = 4U << 20U;
constexpr std::uint64_t kMostRecord = 512; // bytes

fs::path record_of(const fs::path& path) {
    const std::string whole = fs::absolute(path).lexically_normal().native();
    return conversion_folder() / "hashes" / sha256(std::as_bytes(std::span(whole)));
}

} // namespace

fs::path conversion_folder() {
    const auto set = [](const char* name) {
        const char* value = std::getenv(name);
        return value != nullptr ? fs::path(value) : fs::path();
    };
    if (const fs::path cache = set("XDG_CACHE_HOME"); cache.is_absolute()) {
        return cache / "likeness" / "converted";
    }
    if (const fs::path home = set("HOME"); home.is_absolute()) {
        return home / ".cache" / "likeness" / "converted";
    }
    throw Error(
        ErrorCode::write_failed,
        message("There is no folder for converted files: neither XDG_CACHE_HOME nor HOME is "
                "set."));
}

FileStamp stamp_of(const struct stat& file) {
    return {.size = static_cast<std::uint64_t>(file.st_size),
            .seconds = file.st_mtim.tv_sec,
            .nanoseconds = file.st_mtim.tv_nsec,
            .inode = file.st_ino};
}

std::optional<std::string> known_hash(const fs::path& path, const FileStamp& stamp) {
    try {
        std::istringstream record(read_text_file(record_of(path), kMostRecord));
        FileStamp then;
        std::string hash;
        record >> then.size >> then.seconds >> then.nanoseconds >> then.inode >> hash;
        const bool sound =
            hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == std::string::npos;
        return sound && then == stamp ? std::optional(hash) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt;
    }
}

void remember_hash(const fs::path& path, const FileStamp& stamp, const std::string& hash) {
    const fs::path record = record_of(path);
    make_folder(record.parent_path());
    write_file_atomically(record, fmt::format("{} {} {} {} {}\n", stamp.size, stamp.seconds,
                                              stamp.nanoseconds, stamp.inode, hash));
}

std::string hash_of(int descriptor, const std::string& name, const StillWanted& still_wanted) {
    const DescriptorBytes source(descriptor, name);
    Sha256 hash;
    std::vector<std::byte> piece(std::min(kPiece, source.size()));
    for (std::uint64_t at = 0; at < source.size(); at += piece.size()) {
        if (still_wanted) {
            still_wanted();
        }
        const auto part =
            std::span(piece).first(std::min<std::uint64_t>(piece.size(), source.size() - at));
        source.read(part, at);
        hash.add(part);
    }
    return hash.hex();
}

} // namespace likeness
