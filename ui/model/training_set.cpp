#include "ui/model/training_set.h"

#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/imageio/training_folder.h"
#include "core/request/proposed_training.h"
#include "ui/model/dataset_files.h"
#include "ui/model/kept_pictures.h"
#include "ui/model/paths.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/words.h"

#include <QDir>
#include <QFileInfo>
#include <QRectF>

#include <algorithm>
#include <memory>
#include <utility>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostPictures = 2000; // of a drop; more is a mistake of the hand
constexpr int kTile = 144;                  // pixels of a tile, for dense screens

QString captionBeside(const QString& path, QList<Refusal>& refusals) {
    QString caption;
    const QString reason =
        reasonOf([&] { caption = QString::fromStdString(caption_beside(toPath(path))); });
    if (!reason.isEmpty()) {
        refusals.append({QFileInfo(path).completeBaseName() + QStringLiteral(".txt"), reason});
    }
    return caption;
}

} // namespace

struct TrainingSet::Found {
    std::vector<DatasetPicture> pictures{};
    QHash<QString, ImagePtr> pasted{}; // by path: read already
    QList<Refusal> refusals{};
};

TrainingSet::TrainingSet(fs::path told, QObject* parent)
    : QAbstractListModel(parent), told_(std::move(told)) {}

TrainingSet::~TrainingSet() = default;

int TrainingSet::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(draft_.pictures.size());
}

QVariant TrainingSet::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const DatasetPicture& picture = draft_.pictures[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DecorationRole:
        return looks_.value(picture.id).thumbnail;
    case Qt::AccessibleTextRole:
        return picture.caption.isEmpty() ? picture.name : picture.name + ", " + picture.caption;
    case Qt::ToolTipRole: {
        if (looks_.value(picture.id).missing) {
            return tr("%1 is missing. It was %2")
                .arg(picture.name.toHtmlEscaped(), picture.path.toHtmlEscaped());
        }
        const QSize size = looks_.value(picture.id).size;
        const QString words = picture.caption.isEmpty() ? tr("no caption of its own")
                                                        : picture.caption.toHtmlEscaped();
        return size.isEmpty() ? tr("%1\n%2").arg(picture.name.toHtmlEscaped(), words)
                              : tr("%1, %2 x %3 px\n%4")
                                    .arg(picture.name.toHtmlEscaped())
                                    .arg(size.width())
                                    .arg(size.height())
                                    .arg(words);
    }
    case IdRole:
        return picture.id;
    case CaptionRole:
        return picture.caption;
    case CropRole:
        return crops_.value(picture.id);
    case MarkedRole:
        return marked_.contains(picture.id);
    case MissingRole:
        return looks_.value(picture.id).missing;
    default:
        return {};
    }
}

int TrainingSet::rowOf(quint64 id) const {
    const auto found = std::ranges::find(draft_.pictures, id, &DatasetPicture::id);
    return found == draft_.pictures.end() ? -1 : static_cast<int>(found - draft_.pictures.begin());
}

const DatasetPicture* TrainingSet::picture(quint64 id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : &draft_.pictures[static_cast<std::size_t>(row)];
}

QImage TrainingSet::thumbnail(quint64 id) const {
    return looks_.value(id).thumbnail;
}

QSize TrainingSet::size(quint64 id) const {
    return looks_.value(id).size;
}

std::string TrainingSet::content(quint64 id) const {
    const DatasetPicture* kept = picture(id);
    const std::string read = looks_.value(id).content;
    return read.empty() && kept ? kept->content : read;
}

QList<quint64> TrainingSet::missing() const {
    QList<quint64> ids;
    for (const DatasetPicture& each : draft_.pictures) {
        if (looks_.value(each.id).missing) {
            ids.append(each.id);
        }
    }
    return ids;
}

void TrainingSet::setFixed(bool fixed) {
    if (std::exchange(fixed_, fixed) != fixed) {
        Q_EMIT fixedChanged();
    }
}

void TrainingSet::setDraft(TrainingDraft draft) {
    std::erase_if(draft.pictures,
                  [this](const DatasetPicture& picture) { return looks_.value(picture.id).bad; });
    for (DatasetPicture& picture : draft.pictures) {
        if (picture.id == 0) {
            picture.id = next_id_++;
        }
    }
    if (draft == draft_) {
        return;
    }
    const bool same = std::ranges::equal(draft.pictures, draft_.pictures, {}, &DatasetPicture::id,
                                         &DatasetPicture::id);
    if (same) {
        draft_ = std::move(draft);
        if (rowCount() > 0) {
            Q_EMIT dataChanged(index(0), index(rowCount() - 1));
        }
    } else {
        beginResetModel();
        draft_ = std::move(draft);
        crops_.clear();
        marked_.clear();
        endResetModel();
    }
    Q_EMIT changed();
    if (!same) {
        Q_EMIT picturesChanged();
        readMissing();
    }
}

void TrainingSet::edit(const std::function<void(TrainingDraft&)>& edit) {
    if (fixed_) {
        return;
    }
    TrainingDraft draft = draft_;
    edit(draft);
    TrainingRequest& request = draft.request;
    const TrainingRequest& before = draft_.request;
    if (request.method != before.method || request.model != before.model ||
        request.as_lora != before.as_lora) {
        request = proposed_anew(before, request);
    }
    if (!request.train_text_encoder) {
        request.text_encoder_learning_rate.reset(); // there is none
    }
    setDraft(std::move(draft));
}

void TrainingSet::setCaption(quint64 id, const QString& caption) {
    edit([&](TrainingDraft& draft) {
        const auto found = std::ranges::find(draft.pictures, id, &DatasetPicture::id);
        if (found != draft.pictures.end()) {
            found->caption = caption;
        }
    });
}

void TrainingSet::writeCaptions() {
    edit([](TrainingDraft& draft) {
        const QString own = draft.request.instance_prompt.empty()
                                ? captionTemplate(draft)
                                : QString::fromStdString(draft.request.instance_prompt);
        for (DatasetPicture& picture : draft.pictures) {
            picture.caption = picture.caption.isEmpty() ? own : picture.caption;
        }
    });
}

void TrainingSet::remove(const QList<quint64>& ids) {
    edit([&](TrainingDraft& draft) {
        std::erase_if(draft.pictures,
                      [&](const DatasetPicture& picture) { return ids.contains(picture.id); });
    });
}

void TrainingSet::add(const MimePictures& pictures) {
    std::vector<DatasetSource> sources;
    for (const PictureSource& picture : pictures.sources) {
        sources.push_back({.picture = picture});
    }
    refusals_ += pictures.refusals;
    addPictures(sources);
}

// What one drop holds, in the order of its files. For a thread that may wait.
TrainingSet::Found TrainingSet::find(const std::vector<DatasetSource>& sources) {
    Found found;
    std::size_t left_out = 0;
    const auto add = [&](const QString& path, const QString& caption) {
        if (found.pictures.size() >= kMostPictures) {
            ++left_out;
            return;
        }
        found.pictures.push_back(
            {.name = QFileInfo(path).fileName(),
             .path = path,
             .caption = caption.isEmpty() ? captionBeside(path, found.refusals) : caption});
    };
    for (const DatasetSource& source : sources) {
        const PictureSource& picture = source.picture;
        if (picture.path.isEmpty()) { // it gets a file: a training names its pictures by paths
            const QString reason = reasonOf([&] {
                Image image;
                if (picture.pixels) {
                    image = *picture.pixels;
                } else if (!picture.image.isNull()) {
                    image = fromQImage(picture.image);
                } else {
                    image = load_image(
                        std::as_bytes(std::span(picture.bytes.constData(),
                                                static_cast<std::size_t>(picture.bytes.size()))),
                        toUtf8(picture.name));
                }
                const QString path = keptPath(Kept::reference, image);
                keepPicture(path, image);
                found.pictures.push_back(
                    {.name = picture.name, .path = path, .caption = source.caption});
            });
            if (!reason.isEmpty()) {
                found.refusals.append({picture.name, reason});
            }
        } else if (!QFileInfo(picture.path).isDir()) {
            if (!picture.path.endsWith(QLatin1String(".txt")) &&
                !picture.path.endsWith(QLatin1String(".mask.png"))) { // they go with a picture
                add(picture.path, source.caption);
            }
        } else {
            const std::size_t before = found.pictures.size() + left_out;
            const QString reason = reasonOf([&] {
                for (const fs::path& file : training_pictures_in(toPath(picture.path))) {
                    add(fromPath(file), {});
                }
            });
            if (!reason.isEmpty()) {
                found.refusals.append({picture.name, reason});
            } else if (found.pictures.size() + left_out == before) {
                found.refusals.append({picture.name, tr("there is no picture in this folder.")});
            }
        }
    }
    if (left_out > 0) {
        found.refusals.append({tr("%1 more pictures").arg(left_out),
                               tr("at most %1 are taken at once.").arg(kMostPictures)});
    }
    return found;
}

void TrainingSet::addPictures(const std::vector<DatasetSource>& pictures) {
    if (fixed_) {
        refusals_.append({tr("The dataset"), tr("a training runs; stop it to add pictures.")});
        tellRefusals();
        return;
    }
    ++reading_;
    Q_EMIT readingChanged();
    files_.run([this, pictures]() -> std::function<void()> {
        auto found = std::make_shared<const Found>(find(pictures));
        return [this, found] { take(*found); };
    });
}

void TrainingSet::take(const Found& found) {
    --reading_;
    refusals_ += found.refusals;
    if (fixed_) {
        Q_EMIT readingChanged();
        return;
    }
    QSet<QString> known;
    for (const DatasetPicture& picture : draft_.pictures) {
        known.insert(picture.path);
    }
    QHash<QString, quint64> gone;
    for (const quint64 id : missing()) {
        gone.insert(picture(id)->name, id);
    }
    QHash<quint64, DatasetPicture> back;
    for (const DatasetPicture& picture : found.pictures) {
        if (const quint64 id = gone.take(picture.name); id != 0) {
            back.insert(id, picture);
            known.insert(picture.path);
        }
    }
    replace(back);
    TrainingDraft draft = draft_;
    int again = 0;
    for (DatasetPicture picture : found.pictures) {
        if (known.contains(picture.path)) {
            again += std::ranges::count(back, picture.path, &DatasetPicture::path) == 0;
            continue;
        }
        known.insert(picture.path);
        picture.id = next_id_++;
        draft.pictures.push_back(std::move(picture));
    }
    if (again > 0) {
        Q_EMIT noticed(tr("%1 pictures are in the dataset already").arg(again));
    }
    setDraft(std::move(draft));
    if (reading_ == 0) {
        tellRefusals();
    }
    Q_EMIT readingChanged();
}

// Files in the place of those that are missing; captions and the project's contents stay. As
// pictures of their own, so that an undo knows those that are gone.
void TrainingSet::replace(const QHash<quint64, DatasetPicture>& found) {
    if (found.isEmpty()) {
        return;
    }
    edit([&](TrainingDraft& draft) {
        for (DatasetPicture& picture : draft.pictures) {
            if (const auto place = found.find(picture.id); place != found.end()) {
                picture.id = next_id_++;
                picture.name = place->name;
                picture.path = place->path;
                picture.caption = picture.caption.isEmpty() ? place->caption : picture.caption;
            }
        }
    });
    Q_EMIT noticed(found.size() == 1 ? tr("1 missing picture is found again")
                                     : tr("%1 missing pictures are found again").arg(found.size()));
}

void TrainingSet::findMissing(const QString& folder) {
    std::vector<DatasetPicture> wanted;
    for (const quint64 id : missing()) {
        wanted.push_back(*picture(id));
    }
    if (fixed_ || wanted.empty()) {
        return;
    }
    ++reading_;
    Q_EMIT readingChanged();
    files_.run([this, folder, wanted]() -> std::function<void()> {
        return [this, folder, found = findMoved(folder, wanted), asked = wanted.size()] {
            --reading_;
            replace(found);
            if (const auto left = asked - static_cast<std::size_t>(found.size()); left > 0) {
                refusals_.append({QDir(folder).dirName(),
                                  tr("%1 of the missing pictures are not in it, by name or by "
                                     "content.")
                                      .arg(left)});
            }
            if (reading_ == 0) {
                tellRefusals();
            }
            Q_EMIT readingChanged();
        };
    });
}

void TrainingSet::readMissing() {
    for (const DatasetPicture& picture : draft_.pictures) {
        const quint64 id = picture.id;
        if (asked_.contains(id)) {
            continue;
        }
        asked_.insert(id);
        ++reading_;
        files_.run([this, id, path = picture.path, name = picture.name,
                    content = picture.content]() -> std::function<void()> {
            Look look;
            const QString reason = reasonOf([&] {
                look.missing = !QFileInfo::exists(path);
                if (look.missing) {
                    return; // its caption waits for it
                }
                const HashedImage file = load_hashed_image(toPath(path));
                look.thumbnail = toThumbnail(*file.image, kTile);
                look.size = {file.image->width, file.image->height};
                look.content = file.sha256;
            });
            look.bad = !reason.isEmpty();
            const bool changed =
                !content.empty() && !look.content.empty() && content != look.content;
            return [this, id, look, path, name, reason, changed] {
                --reading_;
                looks_[id] = look;
                if (look.missing) {
                    newly_missing_.append(name);
                } else if (changed && told_.markTold(path.toStdString(), look.content)) {
                    newly_changed_.append(name);
                }
                if (look.bad) {
                    refusals_.append({name, reason});
                    setDraft(draft_);                             // without it
                } else if (const int row = rowOf(id); row >= 0) { // the missing show, too
                    Q_EMIT dataChanged(index(row), index(row));
                }
                if (reading_ == 0) {
                    tellRefusals();
                    tellLost();
                    Q_EMIT readingChanged();
                }
            };
        });
    }
}

void TrainingSet::tellRefusals() {
    if (!refusals_.isEmpty()) {
        Q_EMIT refused(std::exchange(refusals_, {}));
    }
}

void TrainingSet::tellLost() {
    if (!newly_missing_.isEmpty() || !newly_changed_.isEmpty()) {
        Q_EMIT lost(std::exchange(newly_missing_, {}), std::exchange(newly_changed_, {}));
    }
}

void TrainingSet::setCrops(const std::vector<TrainingCrop>& crops) {
    crops_.clear();
    for (std::size_t i = 0; i < crops.size() && i < draft_.pictures.size(); ++i) {
        const quint64 id = draft_.pictures[i].id;
        const QSizeF whole = looks_.value(id).size;
        if (!whole.isEmpty()) {
            crops_[id] = QRectF(crops[i].x / whole.width(), crops[i].y / whole.height(),
                                crops[i].width / whole.width(), crops[i].height / whole.height());
        }
    }
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
}

void TrainingSet::setMarked(const QList<quint64>& ids) {
    marked_ = QSet<quint64>(ids.begin(), ids.end());
    if (rowCount() > 0) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
}

} // namespace likeness
