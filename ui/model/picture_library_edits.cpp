#include "core/base/error.h"
#include "ui/model/picture_library.h"

#include <algorithm>
#include <iterator>
#include <span>

// What is done with pictures of the library: stars, albums, the trash.

namespace likeness {

namespace {

std::vector<PictureId> saved(const QList<PictureId>& ids) {
    std::vector<PictureId> result;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(result),
                 [](PictureId id) { return id > 0; });
    return result;
}

// A change of thousands lets a search in between.
template <typename Act>
void inPieces(std::span<const PictureId> ids, const Act& act) {
    constexpr std::size_t kPiece = 50;
    for (; !ids.empty(); ids = ids.subspan(std::min(kPiece, ids.size()))) {
        act(ids.first(std::min(kPiece, ids.size())));
    }
}

// Each that can be moved; then throws where some could not.
void moveAll(Library& library, std::span<const PictureId> ids, MoveReport& report,
             MoveReport (Library::*way)(std::span<const PictureId>)) {
    inPieces(ids, [&](std::span<const PictureId> piece) {
        const MoveReport one = (library.*way)(piece);
        report.moved.insert(report.moved.end(), one.moved.begin(), one.moved.end());
        report.problems.insert(report.problems.end(), one.problems.begin(), one.problems.end());
    });
    if (!report.problems.empty()) {
        throw Error(ErrorCode::write_failed, joined(report.problems, "\n"));
    }
}

} // namespace

void PictureLibrary::setStars(const QList<PictureId>& ids, int stars) {
    std::ranges::for_each(ids, [this](PictureId id) { hold(id); });
    const QSet<qint64> wanted(ids.begin(), ids.end());
    for (PictureRow& each : rows_) {
        each.stars = each.id > 0 && wanted.contains(each.id) ? stars : each.stars;
    }
    Q_EMIT dataChanged(index(0), index(rowCount() - 1), {StarsRole});
    change(tr("The stars were not kept"), [ids = saved(ids), stars](Library& library) {
        inPieces(ids, [&](auto piece) { library.set_stars(piece, stars); });
    });
}

void PictureLibrary::addToAlbum(const QList<PictureId>& ids, const QString& album) {
    std::ranges::for_each(ids, [this](PictureId id) { hold(id); });
    change(tr("The pictures were not put into the album %1").arg(album),
           [ids = saved(ids), name = album.toStdString()](Library& library) {
               inPieces(ids, [&](auto piece) { library.add_to_album(piece, name); });
           });
}

void PictureLibrary::removeFromAlbum(const QList<PictureId>& ids, const QString& album) {
    change(tr("The pictures were not taken out of the album %1").arg(album),
           [ids = saved(ids), name = album.toStdString()](Library& library) {
               inPieces(ids, [&](auto piece) { library.remove_from_album(piece, name); });
           });
}

void PictureLibrary::trash(const QList<PictureId>& ids) {
    std::ranges::for_each(ids, [this](PictureId id) { hold(id); });
    const std::vector<PictureId> wanted = saved(ids);
    if (wanted.empty()) {
        return;
    }
    const auto report = std::make_shared<MoveReport>();
    change(
        tr("Not all pictures were moved to the trash"),
        [wanted, report](Library& library) { moveAll(library, wanted, *report, &Library::trash); },
        wanted,
        [this, report] {
            if (!report->moved.empty()) {
                Q_EMIT trashedPictures({report->moved.begin(), report->moved.end()});
            }
        });
    Q_EMIT changed();
}

void PictureLibrary::restore(const QList<PictureId>& ids) {
    if (filter_.trashed) {
        removeRows(ids);
    }
    change(tr("Not all pictures came back from the trash"), [ids = saved(ids)](Library& library) {
        MoveReport report;
        moveAll(library, ids, report, &Library::restore);
    });
}

void PictureLibrary::emptyTrash() {
    change(tr("The trash was not emptied"), [](Library& library) {
        const auto rows = library.rows({.trashed = true});
        library.empty_trash();
        for (const PictureRow& each : rows) {
            removeThumbnail(library.folder(), each.file);
        }
    });
}

} // namespace likeness
