#include "core/model_library/scan.h"

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/base/wording.h"
#include "core/inspect/licence.h"
#include "core/model_library/classify.h"
#include "core/request/weights_file.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr int kMostDepth = 24;
constexpr std::size_t kPiece = 4U << 20U; // bytes hashed between two looks at whether to go on

class Scanner {
public:
    Scanner(EntryCache& cache, const ScanWatch& watch) : cache_(cache), watch_(watch) {}

    void look_through(const fs::path& root) {
        std::error_code problem;
        if (!fs::is_directory(root, problem)) {
            scan_.problems.push_back(
                problem && problem != std::errc::no_such_file_or_directory
                    ? message("The folder {} could not be looked into: {}.",
                              in_quotes(root.string()), system_words(problem))
                    : message("There is no folder {}.", in_quotes(root.string())));
            return;
        }
        root_ = root;
        visit(root, 0);
    }

    Scan take() { return std::move(scan_); }

private:
    // Names of what lies in it, in order; nothing where it cannot be read.
    std::vector<fs::path> content_of(const fs::path& folder) {
        std::vector<fs::path> found;
        std::error_code problem;
        for (fs::directory_iterator at(folder, problem), end; !problem && at != end;
             at.increment(problem)) {
            found.push_back(at->path());
            check();
        }
        if (problem) {
            scan_.problems.push_back(message("The folder {} could not be looked into: {}.",
                                             in_quotes(folder.string()), system_words(problem)));
        }
        std::ranges::sort(found);
        return found;
    }

    bool is_new(const fs::path& folder) {
        struct stat found {};

        return ::stat(folder.c_str(), &found) == 0 &&
               visited_.emplace(found.st_dev, found.st_ino).second;
    }

    void visit(const fs::path& folder, int depth) {
        check();
        if (depth > kMostDepth || !is_new(folder)) {
            return;
        }
        std::error_code ignored;
        if (fs::is_regular_file(folder / "model_index.json", ignored)) {
            if (is_wanted(folder)) {
                add(classify_model_folder(folder));
            }
            return;
        }
        const std::string component = take_component(folder);
        for (const fs::path& path : content_of(folder)) {
            if (path.filename().string().starts_with(".")) {
                continue;
            }
            const auto status = fs::status(path, ignored);
            if (fs::is_directory(status)) {
                visit(path, depth + 1);
            } else if (fs::is_regular_file(status) && is_model_name(path) &&
                       (component.empty() || !is_of(path, component))) {
                add_file(path, path, [&] { return classify_file(path); });
            }
        }
    }

    // Whether a file is one of the variants of a component's weights.
    static bool is_of(const fs::path& file, const std::string& base) {
        const std::string name = file.filename().string();
        return name.starts_with(base + ".") || name.starts_with("pytorch_model.");
    }

    // Adds what the folder itself is where it is a component's; gives the base name of its weights,
    // else nothing.
    std::string take_component(const fs::path& folder) {
        std::error_code ignored;
        if (!fs::is_regular_file(folder / "config.json", ignored)) {
            return {};
        }
        for (const char* base : {"model", "diffusion_pytorch_model"}) {
            fs::path weights;
            try {
                weights = weights_file(folder, base);
            } catch (const Error&) {
                continue; // of the other kind, or none
            }
            add_file(folder, weights, [&] { return classify_component_folder(folder, weights); });
            return base;
        }
        return {};
    }

    // The file that stands for `path`; from the cache where it is still the same. What could not
    // be read is looked at anew each time.
    template <typename Classify>
    void add_file(const fs::path& path, const fs::path& file, const Classify& classify) {
        const auto mark = is_wanted(path) ? mark_of(file) : std::nullopt;
        if (!mark) {
            return; // nobody wants it, or it went meanwhile
        }
        std::optional<LibraryEntry> entry = cache_.entry(file, *mark);
        if (!entry) {
            entry = classify();
            if (entry->problem.empty() || entry->problem.verbatim) {
                cache_.keep(file, *mark, *entry);
            }
        }
        entry->path = path;
        entry->content = file;
        add(std::move(*entry));
    }

    void add(LibraryEntry entry) {
        if (entry.licence.empty()) {
            entry.licence = licence_of_card(entry.path, root_);
        }
        if (entry.sha256.empty() && !entry.content.empty()) {
            if (const auto mark = mark_of(entry.content)) {
                entry.sha256 = cache_.sha256(entry.content, *mark);
            }
        }
        scan_.entries.push_back(std::move(entry));
        if (watch_.on_entry) {
            watch_.on_entry(scan_.entries.back());
        }
        if (watch_.on_progress) {
            watch_.on_progress(scan_.entries.size());
        }
        check();
    }

    bool is_wanted(const fs::path& path) const {
        return !watch_.is_wanted || watch_.is_wanted(path);
    }

    void check() const {
        if (watch_.check) {
            watch_.check();
        }
    }

    EntryCache& cache_;
    const ScanWatch& watch_;
    fs::path root_;
    std::set<std::pair<dev_t, ino_t>> visited_;
    Scan scan_;
};

// An open file that is closed whatever happens.
struct Descriptor {
    explicit Descriptor(const fs::path& file)
        : number(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}

    ~Descriptor() {
        if (number >= 0) {
            ::close(number);
        }
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int number;
};

} // namespace

Scan scan_models(std::span<const fs::path> roots, EntryCache& cache, const ScanWatch& watch) {
    Scanner scanner(cache, watch);
    for (const fs::path& root : roots) {
        scanner.look_through(root);
    }
    cache.save();
    return scanner.take();
}

std::string content_hash(const LibraryEntry& entry, EntryCache& cache,
                         const std::function<void()>& check) {
    const auto mark = mark_of(entry.content);
    if (!mark) {
        return {};
    }
    if (std::string known = cache.sha256(entry.content, *mark); !known.empty()) {
        return known;
    }
    const Descriptor file(entry.content);
    if (file.number < 0) {
        return {};
    }
    ::posix_fadvise(file.number, 0, 0, POSIX_FADV_SEQUENTIAL);
    Sha256 hash;
    std::vector<std::byte> piece(kPiece);
    std::uint64_t read = 0;
    while (true) {
        if (check) {
            check();
        }
        const ssize_t got = ::read(file.number, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        hash.add(std::span(piece).first(static_cast<std::size_t>(got)));
        read += static_cast<std::uint64_t>(got);
    }
    if (read != mark->bytes || mark_of(entry.content) != mark) {
        return {}; // it is being written: the next scan finds another file
    }
    std::string hex = hash.hex();
    cache.keep_hash(entry.content, *mark, hex);
    return hex;
}

} // namespace likeness
