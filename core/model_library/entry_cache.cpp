#include "core/model_library/entry_cache.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/base/read_file.h"

#include <cstdlib>
#include <utility>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr int kVersion = 1;
constexpr std::uint64_t kMostBytes = 256U << 20U;
constexpr std::size_t kMostRows = 100'000;

std::string key_of(const fs::path& file) {
    std::error_code ignored;
    return fs::absolute(file, ignored).lexically_normal().string();
}

} // namespace

std::optional<FileMark> mark_of(const fs::path& file) {
    struct stat found {};

    if (::stat(file.c_str(), &found) != 0 || !S_ISREG(found.st_mode)) {
        return std::nullopt;
    }
    constexpr std::int64_t kSecond = 1'000'000'000;
    return FileMark{.bytes = static_cast<std::uint64_t>(found.st_size),
                    .modified = found.st_mtim.tv_sec * kSecond + found.st_mtim.tv_nsec};
}

fs::path EntryCache::default_file() {
    for (const auto& [name, below] : {std::pair("XDG_CACHE_HOME", ""), {"HOME", ".cache"}}) {
        const char* value = std::getenv(name);
        if (value != nullptr && fs::path(value).is_absolute()) {
            return fs::path(value) / below / "likeness" / "model-library.json";
        }
    }
    return {};
}

EntryCache::EntryCache(fs::path file) : file_(std::move(file)) {
    std::error_code ignored;
    if (file_.empty() || !fs::exists(file_, ignored)) {
        return;
    }
    try {
        const auto json = nlohmann::json::parse(read_text_file(file_, kMostBytes));
        if (json.at("version") != kVersion) {
            return;
        }
        for (const auto& [path, kept] : json.at("files").items()) {
            Row row{.mark = {.bytes = kept.at("bytes").get<std::uint64_t>(),
                             .modified = kept.at("modified").get<std::int64_t>()},
                    .sha256 = kept.value("sha256", std::string())};
            if (kept.contains("entry")) {
                row.entry = library_entry_from_json(kept.at("entry"));
            }
            rows_.emplace(path, std::move(row));
        }
    } catch (const Error&) {
        rows_.clear();
    } catch (const nlohmann::json::exception&) {
        rows_.clear();
    }
}

const EntryCache::Row* EntryCache::find(const fs::path& file, const FileMark& mark) const {
    const auto found = rows_.find(key_of(file));
    return found != rows_.end() && found->second.mark == mark ? &found->second : nullptr;
}

EntryCache::Row& EntryCache::row(const fs::path& file, const FileMark& mark) {
    changed_ = true;
    Row& found = rows_[key_of(file)];
    if (found.mark != mark) {
        found = Row{.mark = mark};
    }
    return found;
}

std::optional<LibraryEntry> EntryCache::entry(const fs::path& file, const FileMark& mark) const {
    const Row* found = find(file, mark);
    if (found == nullptr || !found->entry) {
        return std::nullopt;
    }
    LibraryEntry entry = *found->entry;
    entry.sha256 = found->sha256;
    return entry;
}

void EntryCache::keep(const fs::path& file, const FileMark& mark, const LibraryEntry& entry) {
    row(file, mark).entry = entry;
}

std::string EntryCache::sha256(const fs::path& file, const FileMark& mark) const {
    const Row* found = find(file, mark);
    return found == nullptr ? std::string() : found->sha256;
}

void EntryCache::keep_hash(const fs::path& file, const FileMark& mark, const std::string& sha256) {
    row(file, mark).sha256 = sha256;
}

void EntryCache::save() {
    if (file_.empty() || !changed_) {
        return;
    }
    if (rows_.size() > kMostRows) { // files that went long ago
        std::erase_if(rows_, [](const auto& item) { return !mark_of(item.first); });
    }
    nlohmann::json files = nlohmann::json::object();
    for (const auto& [path, row] : rows_) {
        nlohmann::json kept{{"bytes", row.mark.bytes}, {"modified", row.mark.modified}};
        if (!row.sha256.empty()) {
            kept["sha256"] = row.sha256;
        }
        if (row.entry) {
            kept["entry"] = to_json(*row.entry);
        }
        files[path] = std::move(kept);
    }
    const nlohmann::json json{{"version", kVersion}, {"files", std::move(files)}};
    try {
        make_folder(file_.parent_path());
        write_file_atomically(file_,
                              json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
        changed_ = false;
    } catch (const Error&) {
        return; // a full or read-only disk: the next look takes longer, that is all
    }
}

} // namespace likeness
