#include "ui/model/picture_library.h"

#include "core/base/error.h"
#include "core/imageio/load.h"
#include "ui/model/paths.h"
#include "ui/model/words.h"

#include <QDateTime>
#include <QFileInfo>
#include <QLocale>
#include <QMimeData>
#include <QSet>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace likeness {

namespace {

constexpr int kMostRuns = 64; // of rows that come or go one by one; more is another list

LibraryPicture readPicture(const Library& library, PictureId id) {
    const auto record = library.record(id);
    if (!record) {
        throw Error(ErrorCode::file_missing,
                    message("The picture is not in the library any more."));
    }
    LibraryPicture picture{.id = id, .created = record->created};
    picture.result.request = record->request;
    picture.result.image =
        std::make_shared<const Image>(load_image(library.folder() / record->file));
    picture.screen = toScreen(*picture.result.image);
    return picture;
}

} // namespace

QList<PictureId> picturesIn(const QByteArray& dragged) {
    QList<PictureId> ids;
    for (const QByteArray& word : dragged.split(' ')) {
        if (const PictureId id = word.toLongLong(); id != 0) {
            ids.append(id);
        }
    }
    return ids;
}

PictureLibrary::PictureLibrary(const QString& folder, QObject* parent)
    : QAbstractListModel(parent), folder_(folder) {
    if (folder_.isEmpty()) {
        temporary_.emplace();
        folder_ = temporary_->path();
    }
    connect(&thumbnails_, &Thumbnails::ready, this, [this](qint64 id) {
        if (const int row = rowOf(id); row >= 0) {
            Q_EMIT dataChanged(index(row), index(row));
        }
    });
    open();
}

PictureLibrary::~PictureLibrary() {
    stop_.request_stop();
}

void PictureLibrary::open() {
    work(
        [this](Opened& opened) {
            return [this, library = opened.library] {
                if (!library_) {
                    library_ = library;
                    thumbnails_.setLibrary(library_);
                    search();
                    scan();
                }
            };
        },
        [this](const QString& reason) {
            Q_EMIT noticed({.title = tr("The library in %1 was not opened").arg(folder_),
                            .reason = reason + '\n' +
                                      tr("Pictures are made all the same and stay in memory.")});
        });
}

// Runs `act` on the library, in order, and what it returns back here. Opens the library where that
// did not succeed before.
void PictureLibrary::work(const Act& act, const OnFailed& failed) {
    work_.run([act, failed, opened = opened_, folder = toPath(folder_)]() -> std::function<void()> {
        std::function<void()> done;
        const QString reason = reasonOf([&] {
            if (!opened->library) {
                opened->library = std::make_shared<Library>(
                    std::filesystem::path(folder),
                    [](const std::filesystem::path& path) { return read_embedded_request(path); },
                    EmptyIndex::leave);
            }
            done = act(*opened);
        });
        if (reason.isEmpty()) {
            return done;
        }
        return [failed, reason] { failed(reason); };
    });
}

// A change that the list shows already, or will after a search; `what` heads the notice of a
// failure. What is leaving goes from the list at once, and comes back where the change fails;
// `then` comes when it is over, either way.
void PictureLibrary::change(const QString& what, const std::function<void(Library&)>& act,
                            const std::vector<PictureId>& leaving,
                            const std::function<void()>& then) {
    ++changes_;
    leaving_.insert(leaving.begin(), leaving.end());
    removeRows({leaving.begin(), leaving.end()});
    const auto done = [this, leaving, then] {
        std::ranges::for_each(leaving, [this](PictureId id) { leaving_.erase(id); });
        if (then) {
            then();
        }
        ++changes_;
        search();
    };
    work(
        [act, done](Opened& opened) {
            act(*opened.library);
            return done;
        },
        [this, what, done](const QString& reason) {
            Q_EMIT noticed({.title = what, .reason = reason});
            done();
        });
}

void PictureLibrary::scan() {
    if (!library_) {
        return;
    }
    reads_.run([this, library = library_, stop = stop_.get_token()]() -> std::function<void()> {
        ScanReport report;
        QString reason = reasonOf([&] { report = library->scan(stop); });
        if (reason.isEmpty()) {
            reason = inWords(joined(report.problems, "\n"));
        }
        return [this, reason] {
            ++changes_;
            search();
            if (!reason.isEmpty()) {
                Q_EMIT noticed({.severity = Notice::Severity::warning,
                                .title = tr("Not everything in the library could be read"),
                                .reason = reason});
            }
        };
    });
}

int PictureLibrary::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

const PictureRow* PictureLibrary::row(int number) const {
    return number < 0 || number >= rowCount() ? nullptr : &rows_[static_cast<std::size_t>(number)];
}

PictureId PictureLibrary::idAt(int number) const {
    const PictureRow* there = row(number);
    return there ? there->id : 0;
}

const ResultImage* PictureLibrary::at(int number) const {
    const PictureId id = idAt(number);
    if (const Unsaved* there = unsaved(id)) {
        return &there->picture.result;
    }
    const auto known = std::ranges::find(recent_, id, &LibraryPicture::id);
    return known == recent_.end() ? nullptr : &known->result;
}

PictureId PictureLibrary::idOf(const ResultImage& picture) const {
    for (const LibraryPicture& each : recent_) {
        if (each.result.image == picture.image) {
            return each.id;
        }
    }
    const auto found = std::ranges::find_if(
        unsaved_, [&](const Unsaved& each) { return each.picture.result.image == picture.image; });
    return found == unsaved_.end() ? 0 : found->picture.id;
}

int PictureLibrary::rowOf(PictureId id) const {
    const auto found = std::ranges::find(rows_, id, &PictureRow::id);
    return found == rows_.end() ? -1 : static_cast<int>(found - rows_.begin());
}

QString PictureLibrary::pathOf(PictureId id) const {
    const PictureRow* there = row(rowOf(id));
    return there && id > 0 ? folder_ + '/' + QString::fromStdString(there->file) : QString();
}

QString PictureLibrary::words(const PictureRow& row) const {
    return tr("%1, %2").arg(
        QLocale().toString(QDateTime::fromMSecsSinceEpoch(row.created), QLocale::ShortFormat),
        row.id < 0       ? tr("not on the disk")
        : row.stars == 1 ? tr("1 star")
                         : tr("%1 stars").arg(row.stars));
}

QVariant PictureLibrary::data(const QModelIndex& index, int role) const {
    const PictureRow* picture = index.isValid() ? row(index.row()) : nullptr;
    if (!picture) {
        return {};
    }
    switch (role) {
    case IdRole:
        return QVariant::fromValue<qint64>(picture->id);
    case StarsRole:
        return picture->stars;
    case SavedRole:
        return picture->id > 0;
    case Qt::DecorationRole:
        if (const PictureTile* tile = thumbnails_.tile(picture->id)) {
            return tile->image;
        }
        return {};
    case Qt::AccessibleTextRole:
        return tr("Picture of %1").arg(words(*picture));
    case Qt::ToolTipRole: {
        const PictureTile* tile = thumbnails_.tile(picture->id);
        const QString first = tile ? tile->prompt.left(200).toHtmlEscaped() : QString();
        const QString second = tile ? tr("seed %1, %2 x %3")
                                          .arg(tile->seed)
                                          .arg(tile->size.width())
                                          .arg(tile->size.height())
                                    : QString();
        return QStringLiteral("<qt>%1<br>%2<br>%3</qt>").arg(first, second, words(*picture));
    }
    default:
        return {};
    }
}

Qt::ItemFlags PictureLibrary::flags(const QModelIndex& index) const {
    const Qt::ItemFlags flags = QAbstractListModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList PictureLibrary::mimeTypes() const {
    return {QLatin1String(kLibraryMimeType), QStringLiteral("text/uri-list")};
}

QMimeData* PictureLibrary::mimeData(const QModelIndexList& indexes) const {
    QByteArrayList ids;
    QList<QUrl> urls;
    for (const QModelIndex& index : indexes) {
        const PictureId id = idAt(index.row());
        hold(id); // it is dragged somewhere
        ids.append(QByteArray::number(static_cast<qint64>(id)));
        if (const QString path = pathOf(id); !path.isEmpty()) {
            urls.append(QUrl::fromLocalFile(path));
        }
    }
    if (ids.isEmpty()) {
        return nullptr;
    }
    auto* data = new QMimeData;
    data->setData(QLatin1String(kLibraryMimeType), ids.join(' '));
    if (!urls.isEmpty()) {
        data->setUrls(urls);
    } else if (const Unsaved* picture = unsaved(idAt(indexes.front().row()))) {
        data->setImageData(picture->picture.screen.image);
    }
    return data;
}

void PictureLibrary::setFilter(const PictureFilter& filter) {
    if (filter != filter_) {
        filter_ = filter;
        ++changes_;
        search();
    }
}

// Asks the index what the filter wants; the newest question wins.
void PictureLibrary::search() {
    if (!library_) {
        Q_EMIT changed();
        return;
    }
    if (searching_) {
        search_again_ = true;
        return;
    }
    searching_ = true;

    struct Answer {
        std::vector<PictureRow> rows{};
        std::map<std::string, std::int64_t> albums{};
        int trashed = 0;
    };

    reads_.run([this, library = library_, filter = filter_,
                changes = changes_]() -> std::function<void()> {
        std::optional<Answer> answer;
        const QString reason = reasonOf([&] {
            answer = Answer{.rows = library->rows(filter),
                            .albums = library->albums(),
                            .trashed = static_cast<int>(library->find({.trashed = true}).size())};
        });
        return [this, answer = std::move(answer), reason, changes]() mutable {
            searching_ = false;
            const bool stale = std::exchange(search_again_, false) || changes != changes_;
            if (stale) {
                search();
                return;
            }
            if (!answer) {
                Q_EMIT noticed({.title = tr("The library was not searched"), .reason = reason});
                return;
            }
            albums_ = std::move(answer->albums);
            trashed_ = answer->trashed;
            show(std::move(answer->rows));
            Q_EMIT changed();
        };
    });
}

// Shows another list with as few changes as there are, so that the selection and the place in it
// stay.
void PictureLibrary::show(std::vector<PictureRow> rows) {
    std::erase_if(rows, [this](const PictureRow& each) { return leaving_.contains(each.id); });
    if (!filter_.trashed) {
        std::vector<PictureRow> first;
        for (const Unsaved& each : unsaved_) {
            first.push_back({.id = each.picture.id, .created = each.picture.created});
        }
        rows.insert(rows.begin(), first.begin(), first.end());
    }
    QSet<qint64> there, wanted;
    for (const PictureRow& each : rows_) {
        there.insert(each.id);
    }
    for (const PictureRow& each : rows) {
        wanted.insert(each.id);
    }
    QList<PictureId> gone;
    std::vector<PictureId> staying, staying_there;
    for (const PictureRow& each : rows_) {
        if (wanted.contains(each.id)) {
            staying.push_back(each.id);
        } else {
            gone.append(each.id);
        }
    }
    for (const PictureRow& each : rows) {
        if (there.contains(each.id)) {
            staying_there.push_back(each.id);
        }
    }
    const auto coming = rows.size() - staying_there.size();
    if (staying != staying_there || gone.size() > kMostRuns || coming > kMostRuns) {
        return showAnew(std::move(rows));
    }
    removeRows(gone);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const int number = static_cast<int>(i);
        if (!there.contains(rows[i].id)) {
            beginInsertRows({}, number, number);
            rows_.insert(rows_.begin() + number, rows[i]);
            endInsertRows();
        } else if (rows_[i] != rows[i]) {
            rows_[i] = rows[i];
            Q_EMIT dataChanged(index(number), index(number));
        }
    }
}

void PictureLibrary::showAnew(std::vector<PictureRow> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
}

void PictureLibrary::removeRows(const QList<PictureId>& ids) {
    if (ids.size() > kMostRuns) {
        const QSet<qint64> gone(ids.begin(), ids.end());
        std::vector<PictureRow> rows = rows_;
        std::erase_if(rows, [&](const PictureRow& each) { return gone.contains(each.id); });
        return showAnew(std::move(rows));
    }
    for (const PictureId id : ids) {
        if (const int number = rowOf(id); number >= 0) {
            beginRemoveRows({}, number, number);
            rows_.erase(rows_.begin() + number);
            endRemoveRows();
        }
    }
}

PictureLibrary::Reader PictureLibrary::reader(PictureId id) const {
    hold(id);
    if (const Unsaved* there = unsaved(id)) {
        return [picture = there->picture] { return picture; };
    }
    const auto known = std::ranges::find(recent_, id, &LibraryPicture::id);
    if (known != recent_.end()) {
        return [picture = *known] { return picture; };
    }
    return [library = library_, id] {
        if (!library) {
            throw Error(ErrorCode::file_missing, message("The library is not open yet."));
        }
        return readPicture(*library, id);
    };
}

void PictureLibrary::load(PictureId id, const OnLoaded& loaded, const OnRefused& refused) {
    hold(id);
    const auto known = std::ranges::find(recent_, id, &LibraryPicture::id);
    if (known != recent_.end()) {
        const LibraryPicture picture = *known;
        remember(picture);
        return loaded(picture);
    }
    if (const Unsaved* there = unsaved(id)) {
        return loaded(LibraryPicture(there->picture));
    }
    const QString name = QFileInfo(pathOf(id)).fileName();
    reads_.run([this, name, loaded, refused, read = reader(id)]() -> std::function<void()> {
        LibraryPicture picture;
        const QString reason = reasonOf([&] { picture = read(); });
        if (!reason.isEmpty()) {
            return [refused, refusal = Refusal{name, reason}] { refused(refusal); };
        }
        return [this, loaded, picture] {
            remember(picture);
            loaded(picture);
        };
    });
}

} // namespace likeness
