#include "ui/model/thumbnails.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "ui/model/qimage_conversion.h"

#include <algorithm>

namespace likeness {

namespace {

namespace fs = std::filesystem;

constexpr int kSide = 160;               // twice a tile, for dense screens
constexpr int kBudgetKilobytes = 96'000; // some thousand tiles
constexpr int kAtOnce = 2;
constexpr qsizetype kMostWanted = 400; // more than fits onto a screen
constexpr int kQuality = 90;
constexpr const char* kFolder = ".thumbnails";

// The trash keeps a picture's tile: where the picture lies does not change what it shows.
fs::path thumbnailOf(const fs::path& library, std::string file) {
    if (PictureRecord{.file = file}.trashed()) {
        file.erase(0, kTrashFolder.size() + 1);
    }
    std::ranges::replace(file, '/', '_');
    return library / kFolder / (file + ".jpg");
}

bool isNewer(const fs::path& thumbnail, const fs::path& picture) {
    std::error_code missing, gone;
    const auto made = fs::last_write_time(thumbnail, missing);
    const auto changed = fs::last_write_time(picture, gone);
    return !missing && !gone && made >= changed;
}

QImage kept(const fs::path& thumbnail) {
    try {
        return toQImage(load_image(thumbnail));
    } catch (const Error&) {
        return {}; // it is made anew
    }
}

QImage makeAndKeep(const fs::path& thumbnail, const fs::path& picture) {
    const QImage image = squareTile(toQImage(load_image(picture)));
    try {
        make_folder(thumbnail.parent_path());
        write_file_atomically(
            thumbnail, encode_image(fromQImage(image), ImageFormat::jpeg, {.quality = kQuality}));
    } catch (const Error&) {
        return image; // the next start takes a little longer
    }
    return image;
}

PictureTile read(const Library& library, PictureId id) {
    PictureTile tile;
    try {
        const auto record = library.record(id);
        if (!record) {
            return tile;
        }
        tile.prompt = QString::fromStdString(record->request.prompt);
        tile.model = QString::fromStdString(record->request.model);
        tile.size = {record->width, record->height};
        tile.seed = record->request.seed;
        const auto picture = library.folder() / record->file;
        const auto thumbnail = thumbnailOf(library.folder(), record->file);
        tile.image = isNewer(thumbnail, picture) ? kept(thumbnail) : QImage();
        if (tile.image.isNull()) {
            tile.image = makeAndKeep(thumbnail, picture);
        }
    } catch (const Error&) {
        return tile; // the tile stays empty; opening the picture tells why
    } catch (const std::bad_alloc&) {
        return tile;
    }
    return tile;
}

} // namespace

QImage squareTile(const QImage& picture) {
    const int side = std::min(picture.width(), picture.height());
    const QImage square =
        picture.copy((picture.width() - side) / 2, (picture.height() - side) / 2, side, side);
    return side <= kSide
               ? square
               : square.scaled(kSide, kSide, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
}

void removeThumbnail(const fs::path& library, const std::string& file) {
    std::error_code missing;
    fs::remove(thumbnailOf(library, file), missing);
}

Thumbnails::Thumbnails(QObject* parent)
    : QObject(parent), tiles_(kBudgetKilobytes), files_(nullptr, kAtOnce) {}

const PictureTile* Thumbnails::tile(PictureId id) {
    if (const PictureTile* there = tiles_.object(id)) {
        return there;
    }
    if (!at_work_.contains(id) && !fresh_.contains(id)) {
        fresh_.append(id);
        if (!std::exchange(scheduled_, true)) {
            QMetaObject::invokeMethod(this, &Thumbnails::startNext, Qt::QueuedConnection);
        }
    }
    return nullptr;
}

int Thumbnails::waiting() const {
    return static_cast<int>(fresh_.size() + wanted_.size() + at_work_.size());
}

void Thumbnails::put(PictureId id, const PictureTile& tile) {
    constexpr int kWords = 1;
    tiles_.insert(id, new PictureTile(tile),
                  static_cast<int>(tile.image.sizeInBytes() / 1000) + kWords);
}

void Thumbnails::startNext() {
    scheduled_ = false;
    if (!library_) {
        fresh_.clear(); // asked for again once it is open
        return;
    }
    for (const qint64 id : std::as_const(fresh_)) {
        wanted_.removeOne(id);
    }
    wanted_ = (std::exchange(fresh_, {}) + wanted_).mid(0, kMostWanted);
    while (at_work_.size() < kAtOnce && !wanted_.isEmpty()) {
        const qint64 id = wanted_.takeFirst();
        at_work_.insert(id);
        files_.run([this, id, library = library_]() -> std::function<void()> {
            return [this, id, tile = read(*library, id)] {
                at_work_.remove(id);
                put(id, tile);
                Q_EMIT ready(id);
                startNext();
            };
        });
    }
}

} // namespace likeness
