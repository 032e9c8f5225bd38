#include "core/library/sitting.h"

#include "core/base/atomic_file.h"
#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kContents = "contents";
constexpr std::string_view kLock = "lock";
constexpr std::string_view kEnded = "ended";
constexpr std::string_view kSettled = "settled";
constexpr std::string_view kBegin = "edits-";
constexpr std::string_view kEnd = ".json";
constexpr std::int64_t kYoungSeconds =
    24 * 3600;                              // a content that a program may still be about to name
constexpr std::int64_t kMakingSeconds = 60; // a folder whose program has not locked it yet
constexpr std::uint64_t kMostContentBytes = 1ULL << 30;

struct Generation {
    int number = 0;
    fs::path path{};
};

// Newest first.
std::vector<Generation> generations(const fs::path& folder) {
    std::vector<Generation> found;
    std::error_code failed;
    for (fs::directory_iterator entry(folder, failed), last; !failed && entry != last;
         entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        if (!name.starts_with(kBegin) || !name.ends_with(kEnd)) {
            continue;
        }
        const char* from = name.data() + kBegin.size();
        const char* to = name.data() + name.size() - kEnd.size();
        int number = 0;
        const auto [read_to, problem] = std::from_chars(from, to, number);
        if (problem == std::errc{} && read_to == to && number > 0) {
            found.push_back({number, entry->path()});
        }
    }
    std::ranges::sort(found, std::greater{}, &Generation::number);
    return found;
}

std::int64_t changed_at(const fs::path& path) {
    struct stat found {};

    return ::stat(path.c_str(), &found) == 0 ? std::int64_t{found.st_mtim.tv_sec} : 0;
}

// -1: another program holds it, or there is none.
int lock_of(const fs::path& folder, int flags) {
    const int lock =
        ::open((folder / kLock).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0666);
    if (lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) != 0) {
        ::close(lock);
        return -1;
    }
    return lock;
}

bool is_running(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::exists(folder / kLock, ignored)) {
        return false;
    }
    const int lock = lock_of(folder, 0);
    if (lock >= 0) {
        ::close(lock);
    }
    return lock < 0;
}

std::vector<fs::path> folders(const fs::path& sessions) {
    std::vector<fs::path> found;
    std::error_code failed;
    for (fs::directory_iterator entry(sessions, failed), last; !failed && entry != last;
         entry.increment(failed)) {
        std::error_code ignored;
        if (entry->path().filename() != kContents && !entry->is_symlink(ignored) &&
            entry->is_directory(ignored)) {
            found.push_back(entry->path());
        }
    }
    return found;
}

std::optional<Project> read_generation(const fs::path& path) {
    try {
        return project_from_json(read_text_file(path, ProjectLimits{}.header_bytes),
                                 path.filename().string());
    } catch (const Error&) {
        return std::nullopt; // the one before it is asked then
    }
}

} // namespace

std::string ContentStore::put(std::span<const std::byte> bytes) const {
    const std::string name = sha256(bytes);
    std::error_code missing;
    if (fs::file_size(path_of(name), missing) != bytes.size() || missing) {
        make_folder(folder_);
        write_file_atomically(path_of(name), bytes);
    }
    return name;
}

std::vector<std::byte> ContentStore::bytes(const std::string& name) const {
    return read_file(path_of(name), kMostContentBytes);
}

bool ContentStore::has(const std::string& name) const {
    std::error_code ignored;
    return is_content_name(name) && fs::is_regular_file(path_of(name), ignored);
}

fs::path ContentStore::path_of(const std::string& name) const {
    LIKENESS_CHECK(is_content_name(name), "a content is called by its hash");
    return folder_ / name;
}

ContentStore content_store(const fs::path& sessions) {
    return ContentStore(sessions / kContents);
}

Sitting::Sitting(fs::path sessions) : sessions_(std::move(sessions)) {}

Sitting::~Sitting() {
    if (lock_ >= 0) {
        ::close(lock_);
    }
}

void Sitting::make() {
    using namespace std::chrono;
    make_folder(sessions_);
    const auto now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    for (int attempt = 0; folder_.empty(); ++attempt) {
        const fs::path folder = sessions_ / fmt::format("{}-{}-{}", now, ::getpid(), attempt);
        std::error_code problem;
        if (fs::create_directory(folder, problem)) {
            folder_ = folder;
        } else if (problem) {
            throw Error(ErrorCode::write_failed,
                        message("The folder of this sitting could not be made: {}.",
                                system_words(problem)));
        }
    }
    lock_ = lock_of(folder_, O_CREAT);
}

void Sitting::keep(const Project& project) {
    if (folder_.empty()) {
        make();
    }
    const int next = generation_ + 1;
    write_file_atomically(folder_ / fmt::format("{}{}{}", kBegin, next, kEnd), to_json(project));
    generation_ = next;
    for (const Generation& old : generations(folder_)) {
        if (old.number <= next - kGenerations) {
            std::error_code ignored;
            fs::remove(old.path, ignored);
        }
    }
}

void Sitting::end() {
    if (is_kept()) {
        write_file_atomically(folder_ / kEnded, std::string_view());
    }
}

std::vector<EarlierSitting> earlier_sittings(const fs::path& sessions) {
    std::vector<EarlierSitting> found;
    for (const fs::path& folder : folders(sessions)) {
        const std::vector<Generation> kept = generations(folder);
        if (kept.empty() || is_running(folder)) {
            continue;
        }
        std::error_code ignored;
        found.push_back({.folder = folder,
                         .kept = changed_at(kept.front().path),
                         .ended = fs::exists(folder / kEnded, ignored),
                         .settled = fs::exists(folder / kSettled, ignored)});
    }
    std::ranges::sort(found, [](const EarlierSitting& a, const EarlierSitting& b) {
        return std::pair(a.kept, a.folder) > std::pair(b.kept, b.folder);
    });
    return found;
}

std::optional<Project> last_kept(const fs::path& folder) {
    for (const Generation& generation : generations(folder)) {
        if (auto project = read_generation(generation.path)) {
            return project;
        }
    }
    return std::nullopt;
}

void settle_sitting(const fs::path& folder) {
    write_file_atomically(folder / kSettled, std::string_view());
}

void remove_sitting(const fs::path& folder) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
}

void sweep_sittings(const fs::path& sessions, std::int64_t now) {
    std::set<std::string> named;
    std::error_code ignored;
    for (const fs::path& folder : folders(sessions)) {
        const std::vector<Generation> kept = generations(folder);
        const bool unlocked = !is_running(folder);
        const bool settled = fs::exists(folder / kSettled, ignored);
        const std::int64_t age = now - changed_at(kept.empty() ? folder : folder / kSettled);
        if (unlocked && (kept.empty() ? age > kMakingSeconds : settled && age > kKeptSeconds)) {
            remove_sitting(folder);
            continue;
        }
        for (const Generation& generation : kept) {
            if (const auto project = read_generation(generation.path)) {
                for (const std::string& content : contents_of(*project)) {
                    named.insert(content);
                }
            }
        }
        remove_stale_parts(folder);
    }
    std::error_code failed;
    const fs::path contents = sessions / kContents;
    for (fs::directory_iterator entry(contents, failed), last; !failed && entry != last;
         entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        if (is_content_name(name) && !named.contains(name) &&
            now - changed_at(entry->path()) > kYoungSeconds) {
            fs::remove(entry->path(), ignored);
        }
    }
    remove_stale_parts(contents);
}

} // namespace likeness
