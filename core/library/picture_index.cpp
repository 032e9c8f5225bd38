#include "core/library/picture_index.h"

#include "core/base/error.h"
#include "core/request/json.h"

#include <sstream>

#include <fmt/format.h>

namespace likeness {

namespace {

constexpr const char* kTables = R"sql(
CREATE TABLE IF NOT EXISTS pictures (
    id INTEGER PRIMARY KEY,
    file TEXT NOT NULL UNIQUE,
    trashed INTEGER NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    stars INTEGER NOT NULL,
    model TEXT NOT NULL,
    words TEXT NOT NULL,
    record TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS newest ON pictures (trashed, created DESC, id DESC);
CREATE TABLE IF NOT EXISTS albums (
    album TEXT NOT NULL,
    picture INTEGER NOT NULL REFERENCES pictures (id) ON DELETE CASCADE,
    PRIMARY KEY (album, picture)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS albums_of ON albums (picture);
)sql";

const char* order_by(PictureOrder order) {
    switch (order) {
    case PictureOrder::oldest:
        return " ORDER BY created, id";
    case PictureOrder::most_stars:
        return " ORDER BY stars DESC, created DESC, id DESC";
    case PictureOrder::newest:
        break;
    }
    return " ORDER BY created DESC, id DESC";
}

} // namespace

PictureIndex::PictureIndex(const std::filesystem::path& file) : database_(file) {
    database_.run(kTables);
}

bool PictureIndex::sound() {
    Statement look(database_, "PRAGMA quick_check");
    return look.step() && look.text(0) == "ok";
}

PictureId PictureIndex::put(const PictureRecord& record, std::int64_t changed) {
    Statement put(
        database_,
        "INSERT INTO pictures (file, trashed, created, changed, stars, model, words, "
        "record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (file) DO UPDATE SET "
        "trashed = ?2, created = ?3, changed = ?4, stars = ?5, model = ?6, words = ?7, "
        "record = ?8 RETURNING id");
    put.bind(1, record.file)
        .bind(2, record.trashed() ? 1 : 0)
        .bind(3, record.created)
        .bind(4, changed)
        .bind(5, record.stars)
        .bind(6, record.request.model)
        .bind(7, search_words(record))
        .bind(8, to_json(record))
        .step();
    const PictureId id = put.number(0);
    put.finish();
    Statement(database_, "DELETE FROM albums WHERE picture = ?1").bind(1, id).finish();
    Statement join(database_, "INSERT INTO albums (album, picture) VALUES (?1, ?2)");
    for (const std::string& album : record.albums) {
        join.bind(1, album).bind(2, id).finish();
    }
    return id;
}

void PictureIndex::move(PictureId id, const std::string& file) {
    const PictureRecord there{.file = file};
    Statement(database_, "UPDATE pictures SET file = ?1, trashed = ?2 WHERE id = ?3")
        .bind(1, file)
        .bind(2, there.trashed() ? 1 : 0)
        .bind(3, id)
        .finish();
}

void PictureIndex::remove(const std::string& file) {
    Statement(database_, "DELETE FROM pictures WHERE file = ?1").bind(1, file).finish();
}

std::vector<PictureRow> PictureIndex::rows(const PictureFilter& filter) const {
    std::istringstream split(folded(filter.words));
    std::vector<std::string> words;
    for (std::string word; split >> word;) {
        words.push_back(word);
    }
    constexpr int kFirstWord = 7;
    std::string sql = "SELECT id, file, created, stars FROM pictures WHERE trashed = ?1 AND "
                      "stars >= ?2 AND created >= ?3 AND created < ?4";
    if (!filter.model.empty()) {
        sql += " AND model = ?5";
    }
    if (!filter.album.empty()) {
        sql += " AND id IN (SELECT picture FROM albums WHERE album = ?6)";
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
        sql += fmt::format(" AND instr(words, ?{}) > 0", kFirstWord + i);
    }
    Statement find(database_, sql + order_by(filter.order));
    find.bind(1, filter.trashed ? 1 : 0)
        .bind(2, filter.stars)
        .bind(3, filter.from)
        .bind(4, filter.until);
    if (!filter.model.empty()) {
        find.bind(5, filter.model);
    }
    if (!filter.album.empty()) {
        find.bind(6, filter.album);
    }
    for (std::size_t i = 0; i < words.size(); ++i) {
        find.bind(kFirstWord + static_cast<int>(i), words[i]);
    }
    std::vector<PictureRow> found;
    while (find.step()) {
        found.push_back({.id = find.number(0),
                         .file = find.text(1),
                         .created = find.number(2),
                         .stars = static_cast<int>(find.number(3))});
    }
    return found;
}

std::vector<PictureId> PictureIndex::find(const PictureFilter& filter) const {
    std::vector<PictureId> ids;
    for (const PictureRow& row : rows(filter)) {
        ids.push_back(row.id);
    }
    return ids;
}

std::optional<PictureRecord> PictureIndex::record(PictureId id) const {
    Statement get(database_, "SELECT record, file FROM pictures WHERE id = ?1");
    if (!get.bind(1, id).step()) {
        return std::nullopt;
    }
    return record_from_json(get.text(0), get.text(1));
}

bool PictureIndex::empty() const {
    return !Statement(database_, "SELECT 1 FROM pictures LIMIT 1").step();
}

std::map<std::string, std::int64_t> PictureIndex::albums() const {
    Statement count(database_, "SELECT album, count(*) FROM albums JOIN pictures ON picture = id "
                               "WHERE trashed = 0 GROUP BY album");
    std::map<std::string, std::int64_t> counts;
    while (count.step()) {
        counts[count.text(0)] = count.number(1);
    }
    return counts;
}

std::map<std::string, std::int64_t> PictureIndex::changes() const {
    Statement list(database_, "SELECT file, changed FROM pictures");
    std::map<std::string, std::int64_t> changes;
    while (list.step()) {
        changes[list.text(0)] = list.number(1);
    }
    return changes;
}

} // namespace likeness
