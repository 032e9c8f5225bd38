#pragma once

#include "core/library/database.h"
#include "core/library/picture_record.h"

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

using PictureId = std::int64_t;

enum class PictureOrder { newest, oldest, most_stars };

// Which pictures are wanted, and in which order; a default field wants all.
struct PictureFilter {
    std::string words{}; // each of them must stand in what search_words() gives
    int stars = 0;       // at least
    std::string album{};
    std::string model{};   // as the request names it
    std::int64_t from = 0; // created in [from, until), milliseconds since 1970
    std::int64_t until = std::numeric_limits<std::int64_t>::max();
    bool trashed = false;
    PictureOrder order = PictureOrder::newest; // most_stars: the newest first among equals

    bool operator==(const PictureFilter&) const = default;
};

// What a list of pictures shows before it reads more.
struct PictureRow {
    PictureId id = 0;
    std::string file{}; // as in PictureRecord
    std::int64_t created = 0;
    int stars = 0;

    bool operator==(const PictureRow&) const = default;
};

// The pictures of a folder in SQLite, for finding them fast. Holds nothing that the folder does not
// hold too. Throws what Database throws.
class PictureIndex {
public:
    explicit PictureIndex(const std::filesystem::path& file);

    // SQLite's own look at the file; false: it is damaged.
    bool sound();

    // Writes a record over the one of the same file; `changed` is when its sidecar was (any number
    // that differs when it was written again).
    PictureId put(const PictureRecord& record, std::int64_t changed);
    void move(PictureId id, const std::string& file); // to the trash or back
    void remove(const std::string& file);

    std::vector<PictureRow> rows(const PictureFilter& filter) const;
    std::vector<PictureId> find(const PictureFilter& filter) const; // the same, only ids
    std::optional<PictureRecord> record(PictureId id) const;
    bool empty() const; // the trash counts too

    // Names with how many pictures outside the trash they hold.
    std::map<std::string, std::int64_t> albums() const;

    // By file, when each sidecar was changed.
    std::map<std::string, std::int64_t> changes() const;

    Database& database() { return database_; }

private:
    Database database_;
};

} // namespace likeness
