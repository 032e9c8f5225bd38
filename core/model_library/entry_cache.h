#pragma once

#include "core/model_library/entry.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace likeness {

// A file as a folder tells it. Another size or time: another file.
struct FileMark {
    std::uint64_t bytes = 0;
    std::int64_t modified = 0; // nanoseconds

    bool operator==(const FileMark&) const = default;
};

// nullopt where there is no regular file.
std::optional<FileMark> mark_of(const std::filesystem::path& file);

// What was found out about files, and their hashes, kept in one file in the cache folder
// ($XDG_CACHE_HOME/likeness/model-library.json). A file that is damaged, or was written by another
// version, counts as empty; it is made anew.
class EntryCache {
public:
    // Without a file nothing is kept.
    EntryCache() = default;
    explicit EntryCache(std::filesystem::path file);

    // Where it lies for this person; empty where there is no cache folder.
    static std::filesystem::path default_file();

    std::optional<LibraryEntry> entry(const std::filesystem::path& file,
                                      const FileMark& mark) const;
    void keep(const std::filesystem::path& file, const FileMark& mark, const LibraryEntry& entry);

    std::string sha256(const std::filesystem::path& file, const FileMark& mark) const; // or empty
    void keep_hash(const std::filesystem::path& file, const FileMark& mark,
                   const std::string& sha256);

    // Writes what is new, whole or not at all. A cache that cannot be written is none: the files
    // are looked at again next time.
    void save();

private:
    struct Row {
        FileMark mark{};
        std::optional<LibraryEntry> entry{};
        std::string sha256{};
    };

    Row& row(const std::filesystem::path& file, const FileMark& mark);
    const Row* find(const std::filesystem::path& file, const FileMark& mark) const;

    std::filesystem::path file_;
    std::map<std::string, Row> rows_; // by absolute path
    bool changed_ = false;
};

} // namespace likeness
