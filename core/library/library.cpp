#include "core/library/library.h"

#include "core/base/atomic_file.h"
#include "core/base/check.h"
#include "core/base/error.h"
#include "core/base/local_time.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/request/json.h"
#include "core/request/resolve.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <set>

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr const char* kIndexFile = "index.sqlite";
constexpr std::uint64_t kMostSidecarBytes = 1U << 20U;
constexpr int kMostFolders = 8;     // of a path within the library
constexpr std::size_t kPiece = 100; // pictures of one transaction
constexpr int kMostNames = 10'000;  // tried for a free one
constexpr std::string_view kEndings[] = {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".exr", ".webp"};

bool is_picture(const fs::path& path) {
    return std::ranges::find(kEndings, folded(path.extension().string())) != std::end(kEndings);
}

// When a file was last written, as a number; 0: it is not there.
std::int64_t changed_at(const fs::path& path) {
    std::error_code missing;
    const auto time = fs::last_write_time(path, missing);
    return missing ? 0 : static_cast<std::int64_t>(time.time_since_epoch().count());
}

bool is_gone(const fs::path& path) {
    std::error_code ignored;
    return fs::status(path, ignored).type() == fs::file_type::not_found;
}

std::int64_t created_at(const fs::path& path) {
    using namespace std::chrono;
    std::error_code missing;
    const auto time = fs::last_write_time(path, missing);
    return missing
               ? 0
               : duration_cast<milliseconds>(file_clock::to_sys(time).time_since_epoch()).count();
}

std::string to_trash(const std::string& file) {
    return std::string(kTrashFolder) + "/" + file;
}

std::string out_of_trash(const std::string& file) {
    return file.substr(kTrashFolder.size() + 1);
}

// In one go, and never over a file that is there.
void move_file(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) {
        return;
    }
    auto problem = std::error_code(errno, std::generic_category());
    if (problem == std::errc::invalid_argument && !fs::exists(to)) {
        fs::rename(from, to, problem); // a file system that cannot promise it
    }
    if (problem == std::errc::file_exists || problem == std::errc::invalid_argument) {
        throw Error(ErrorCode::file_exists, message("{} was not moved: {} is there already.",
                                                    from.filename().string(), to.string()));
    }
    if (problem) {
        throw Error(ErrorCode::write_failed, message("{} was not moved to {}: {}.", from.string(),
                                                     to.string(), system_words(problem)));
    }
}

// Every picture and every sidecar below, by name within the library; no links, nothing hidden.
struct Listing {
    std::vector<std::string> pictures{};
    std::set<std::string> sidecars{}; // named by their picture
    std::vector<fs::path> folders{};
    bool whole = true; // false: not everything could be looked at
};

Listing list(const fs::path& folder, std::vector<Message>& problems) {
    Listing listing{.folders = {folder}};
    std::error_code problem, gone; // `gone`: of one entry, which somebody may just have removed
    fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied,
                                           problem);
    for (; !problem && entry != fs::recursive_directory_iterator(); entry.increment(problem)) {
        const auto name = entry->path().filename().string();
        const bool hidden = name.starts_with('.'), link = entry->is_symlink(gone);
        if (entry->is_directory(gone)) {
            if (hidden || link || entry.depth() >= kMostFolders) {
                entry.disable_recursion_pending();
            } else {
                listing.folders.push_back(entry->path());
            }
        }
        if (hidden || link || !entry->is_regular_file(gone)) {
            continue;
        }
        const auto file = entry->path().lexically_relative(folder).generic_string();
        if (is_picture(name)) {
            listing.pictures.push_back(file);
        } else if (entry->path().extension() == ".json" && is_picture(entry->path().stem())) {
            listing.sidecars.insert(file.substr(0, file.size() - 5));
        }
    }
    if (problem) {
        listing.whole = false;
        problems.push_back(
            message("{} could not be read: {}.", folder.string(), system_words(problem)));
    }
    return listing;
}

std::unique_ptr<PictureIndex> open_index(const fs::path& file) {
    try {
        auto index = std::make_unique<PictureIndex>(file);
        if (index->sound()) {
            return index;
        }
    } catch (const Error& error) {
        if (error.code != ErrorCode::file_damaged) {
            throw;
        }
    }
    move_aside(file);
    return std::make_unique<PictureIndex>(file);
}

} // namespace

Library::Library(fs::path folder, ReadRequest read_request, EmptyIndex empty)
    : folder_(std::move(folder)), read_request_(std::move(read_request)) {
    make_folder(folder_ / kTrashFolder);
    index_ = open_index(folder_ / kIndexFile);
    if (empty == EmptyIndex::scan && index_->empty()) {
        scan();
    }
}

fs::path Library::place(const GenerationRequest& request, std::int64_t created,
                        const std::string& ending) {
    const std::lock_guard lock(mutex_);
    const std::tm local = local_time(created / 1000);
    const std::string day = fmt::format("{:%Y-%m-%d}", local);
    const std::string name = fmt::format("{:%H%M%S}-seed{}", local, request.seed);
    make_folder(folder_ / day);
    for (int n = 1; n < kMostNames; ++n) {
        const auto file = n == 1 ? fmt::format("{}/{}{}", day, name, ending)
                                 : fmt::format("{}/{}-{}{}", day, name, n, ending);
        const bool taken = fs::exists(folder_ / file) || fs::exists(folder_ / to_trash(file)) ||
                           fs::exists(sidecar_of(folder_ / file));
        if (!taken) {
            return folder_ / file;
        }
    }
    throw Error(ErrorCode::write_failed,
                message("No free name was found in {}.", (folder_ / day).string()));
}

PictureId Library::add(const fs::path& picture, PictureRecord record) {
    const std::lock_guard lock(mutex_);
    if (!fs::is_regular_file(picture)) {
        throw Error(ErrorCode::file_missing,
                    message("{} is not there; it was not taken in.", picture.string()));
    }
    record.file = picture.lexically_relative(folder_).generic_string();
    LIKENESS_CHECK(!record.file.empty() && !record.file.starts_with(".."), record.file);
    record.request = without_pixels(std::move(record.request));
    const auto sidecar = sidecar_of(picture);
    write_file_atomically(sidecar, to_json(record));
    Transaction transaction(index_->database());
    const PictureId id = index_->put(record, changed_at(sidecar));
    transaction.commit();
    return id;
}

std::vector<PictureId> Library::find(const PictureFilter& filter) const {
    const std::lock_guard lock(mutex_);
    return index_->find(filter);
}

std::vector<PictureRow> Library::rows(const PictureFilter& filter) const {
    const std::lock_guard lock(mutex_);
    return index_->rows(filter);
}

std::optional<PictureRecord> Library::record(PictureId id) const {
    const std::lock_guard lock(mutex_);
    return index_->record(id);
}

std::optional<fs::path> Library::path_of(PictureId id) const {
    const auto found = record(id);
    return found ? std::optional(folder_ / found->file) : std::nullopt;
}

std::map<std::string, std::int64_t> Library::albums() const {
    const std::lock_guard lock(mutex_);
    return index_->albums();
}

PictureRecord Library::known(PictureId id) const {
    auto found = index_->record(id);
    if (!found) {
        throw Error(ErrorCode::file_missing,
                    message("The picture is not in the library any more."));
    }
    return *std::move(found);
}

void Library::rewrite(std::span<const PictureId> ids,
                      const std::function<void(PictureRecord&)>& edit) {
    const std::lock_guard lock(mutex_);
    Transaction transaction(index_->database());
    for (const PictureId id : ids) {
        auto record = known(id);
        edit(record);
        const auto sidecar = sidecar_of(folder_ / record.file);
        write_file_atomically(sidecar, to_json(record));
        index_->put(record, changed_at(sidecar));
    }
    transaction.commit();
}

void Library::set_stars(std::span<const PictureId> ids, int stars) {
    rewrite(ids,
            [stars](PictureRecord& record) { record.stars = std::clamp(stars, 0, kMostStars); });
}

void Library::add_to_album(std::span<const PictureId> ids, const std::string& album) {
    rewrite(ids, [&album](PictureRecord& record) {
        const auto place = std::ranges::lower_bound(record.albums, album);
        if (place == record.albums.end() || *place != album) {
            record.albums.insert(place, album);
        }
    });
}

void Library::remove_from_album(std::span<const PictureId> ids, const std::string& album) {
    rewrite(ids, [&album](PictureRecord& record) { std::erase(record.albums, album); });
}

void Library::carry_one(PictureId id, bool into_trash) {
    const auto record = known(id);
    if (record.trashed() == into_trash) {
        return;
    }
    const auto file = into_trash ? to_trash(record.file) : out_of_trash(record.file);
    const auto from = folder_ / record.file, to = folder_ / file;
    if (is_gone(from) && is_gone(to)) { // else a move was cut off
        index_->remove(record.file);
        throw Error(ErrorCode::file_missing, message("{} is not there any more.", record.file));
    }
    make_folder(to.parent_path());
    if (!is_gone(from)) {
        move_file(from, to); // where the picture lies decides; scan() lets its sidecar follow
    }
    if (fs::exists(sidecar_of(from))) {
        move_file(sidecar_of(from), sidecar_of(to));
    }
    index_->move(id, file);
}

MoveReport Library::carry(std::span<const PictureId> ids, bool into_trash) {
    const std::lock_guard lock(mutex_);
    MoveReport report;
    for (const PictureId id : ids) {
        try {
            carry_one(id, into_trash);
            report.moved.push_back(id);
        } catch (const Error& error) {
            report.problems.push_back(error.message);
        }
    }
    return report;
}

MoveReport Library::trash(std::span<const PictureId> ids) {
    return carry(ids, true);
}

MoveReport Library::restore(std::span<const PictureId> ids) {
    return carry(ids, false);
}

// Whether the picture is gone now.
bool Library::erase(PictureId id) {
    const auto record = known(id);
    std::error_code missing;
    fs::remove(folder_ / record.file, missing);
    fs::remove(sidecar_of(folder_ / record.file), missing);
    if (fs::exists(folder_ / record.file)) {
        return false;
    }
    index_->remove(record.file);
    return true;
}

void Library::remove(std::span<const PictureId> ids) {
    const std::lock_guard lock(mutex_);
    for (const PictureId id : ids) {
        if (!erase(id)) {
            throw Error(ErrorCode::write_failed, message("{} was not removed.", known(id).file));
        }
    }
}

std::size_t Library::empty_trash() {
    const std::lock_guard lock(mutex_);
    const auto trashed = index_->find({.trashed = true});
    return static_cast<std::size_t>(
        std::ranges::count_if(trashed, [this](PictureId id) { return erase(id); }));
}

// What a picture's sidecar says; nullopt where it has none, or a damaged one, which is told.
std::optional<PictureRecord> Library::from_sidecar(const std::string& file,
                                                   std::vector<Message>& problems) const {
    const auto sidecar = sidecar_of(folder_ / file);
    try {
        return fs::exists(sidecar) ? std::optional(record_from_json(
                                         read_text_file(sidecar, kMostSidecarBytes), file))
                                   : std::nullopt;
    } catch (const Error& error) {
        if (error.code != ErrorCode::file_damaged) {
            throw;
        }
        problems.push_back(error.message);
        return std::nullopt;
    }
}

// What the picture itself says, which becomes its sidecar; nullopt for a stranger's.
std::optional<PictureRecord> Library::from_request(const std::string& file) const {
    const auto picture = folder_ / file, sidecar = sidecar_of(picture);
    const auto request = read_request_ ? read_request_(picture) : std::nullopt;
    if (!request) {
        return std::nullopt;
    }
    PictureRecord record{.file = file, .created = created_at(picture)};
    record.request = request_from_json(*request);
    record.width = record.request.width.value_or(0);
    record.height = record.request.height.value_or(0);
    if (fs::exists(sidecar)) {
        auto aside = sidecar;
        aside += ".damaged";
        std::error_code problem;
        fs::rename(sidecar, aside, problem);
        if (problem) {
            throw Error(ErrorCode::write_failed, message("{} was not moved aside: {}.",
                                                         sidecar.string(), system_words(problem)));
        }
    }
    write_file_atomically(sidecar, to_json(record));
    return record;
}

// Whether the picture is the library's.
bool Library::take_in(const std::string& file, std::vector<Message>& problems) {
    try {
        auto record = from_sidecar(file, problems);
        if (!record) {
            record = from_request(file);
        }
        if (record) {
            index_->put(*record, changed_at(sidecar_of(folder_ / file)));
        }
        return record.has_value();
    } catch (const Error& error) {
        problems.push_back(error.message);
        return false;
    }
}

// A move that was cut off left the sidecar behind: it follows its picture.
void Library::follow_picture(const std::string& file) {
    const std::lock_guard lock(mutex_);
    const bool in_trash = PictureRecord{.file = file}.trashed();
    const auto from = folder_ / file;
    const auto to = folder_ / (in_trash ? out_of_trash(file) : to_trash(file));
    if (!fs::exists(from) && fs::exists(to) && fs::exists(sidecar_of(from)) &&
        !fs::exists(sidecar_of(to))) {
        move_file(sidecar_of(from), sidecar_of(to));
    }
}

// The lock is held for one piece at a time, so what was listed is looked at again under it: a
// picture may have been taken in, moved or removed meanwhile.
ScanReport Library::scan(const std::stop_token& stop) {
    ScanReport report;
    std::map<std::string, std::int64_t> known;
    {
        const std::lock_guard lock(mutex_);
        known = index_->changes();
    }
    const auto listing = list(folder_, report.problems);
    std::ranges::for_each(listing.folders, remove_stale_parts);
    const std::set<std::string> there(listing.pictures.begin(), listing.pictures.end());
    for (const std::string& file : listing.sidecars) {
        if (!there.contains(file)) {
            follow_picture(file);
        }
    }
    for (std::size_t i = 0; i < listing.pictures.size(); i += kPiece) {
        if (stop.stop_requested()) {
            return report;
        }
        const std::lock_guard lock(mutex_);
        Transaction transaction(index_->database());
        for (std::size_t j = i; j < std::min(i + kPiece, listing.pictures.size()); ++j) {
            const auto& file = listing.pictures[j];
            const auto row = known.find(file);
            const auto changed = changed_at(sidecar_of(folder_ / file));
            if (row != known.end() && changed != 0 && row->second == changed) {
                known.erase(row);
                ++report.pictures;
            } else if (fs::exists(folder_ / file) && take_in(file, report.problems)) {
                report.added += row == known.end() ? 1 : 0;
                known.erase(file);
                ++report.pictures;
            }
        }
        transaction.commit();
    }
    if (listing.whole) {
        const std::lock_guard lock(mutex_);
        Transaction transaction(index_->database());
        for (const auto& [file, changed] : known) {
            const bool unreadable = fs::exists(folder_ / file) && there.contains(file);
            if (unreadable || !fs::exists(folder_ / file)) {
                index_->remove(file);
                ++report.removed;
            }
        }
        transaction.commit();
    }
    return report;
}

} // namespace likeness
