#include "ui/model/picture_library.h"
#include "ui/model/words.h"

#include <QDateTime>

#include <algorithm>
#include <utility>

// How pictures come into the library: those just made, those that take the place of the one before
// them while a slider moves, and those that the disk refused.

namespace likeness {

namespace {

constexpr std::size_t kRecentBytes = 256U << 20U; // of whole pictures in memory
constexpr std::size_t kMostRecent = 200;

std::size_t bytesOf(const LibraryPicture& picture) {
    return (picture.result.image ? picture.result.image->bytes.size() : 0) +
           static_cast<std::size_t>(picture.screen.image.sizeInBytes());
}

PictureTile tileOf(const LibraryPicture& picture) {
    const GenerationRequest& request = picture.result.request;
    return {.image = squareTile(picture.screen.thumbnail),
            .prompt = QString::fromStdString(request.prompt),
            .model = QString::fromStdString(request.model),
            .size = picture.screen.image.size(),
            .seed = request.seed};
}

// What is left of a request beside what is moved while one looks at the picture.
GenerationRequest withoutPassing(GenerationRequest request) {
    request.prompt.clear();
    request.negative_prompt.reset();
    request.master_scale = 1;
    request.block_scales.clear();
    for (ReferenceImage& reference : request.references) {
        reference.ip_adapter_scale = 1;
        reference.range_start = 0;
        reference.range_end = 1;
        reference.block_scales.clear();
    }
    return request;
}

} // namespace

void PictureLibrary::remember(const LibraryPicture& picture) {
    std::erase_if(recent_, [&](const LibraryPicture& each) { return each.id == picture.id; });
    recent_.push_front(picture);
    std::size_t bytes = 0;
    std::size_t count = 0;
    while (count < recent_.size() && count < kMostRecent && bytes < kRecentBytes) {
        bytes += bytesOf(recent_[count++]);
    }
    recent_.resize(count);
}

const PictureLibrary::Unsaved* PictureLibrary::unsaved(PictureId id) const {
    const auto found =
        std::ranges::find_if(unsaved_, [&](const Unsaved& each) { return each.picture.id == id; });
    return found == unsaved_.end() ? nullptr : &*found;
}

void PictureLibrary::keep(const ResultImage& result, const ScreenPicture& screen) {
    add(result, screen, 0);
}

void PictureLibrary::keepPassing(const ResultImage& result, const ScreenPicture& screen) {
    add(result, screen, trail_);
}

void PictureLibrary::add(const ResultImage& result, const ScreenPicture& screen, quint64 trail) {
    if (!result.image) {
        return;
    }
    last_created_ = std::max<std::int64_t>(last_created_ + 1, QDateTime::currentMSecsSinceEpoch());
    write({.picture = {.id = next_unsaved_--,
                       .created = last_created_,
                       .result = result,
                       .screen = screen},
           .trail = trail});
}

void PictureLibrary::hold() {
    passing_.reset();
    ++trail_;
}

// Something was done with that picture.
void PictureLibrary::hold(PictureId id) const {
    if (passing_ && passing_->id == id) {
        passing_.reset();
    }
}

void PictureLibrary::replacePassing(const LibraryPicture& picture) {
    const std::optional<LibraryPicture> before = std::exchange(passing_, picture);
    if (!before ||
        withoutPassing(before->result.request) != withoutPassing(picture.result.request)) {
        return;
    }
    std::erase_if(recent_, [&](const LibraryPicture& each) { return each.id == before->id; });
    change(tr("A picture that was replaced is still there"),
           [id = before->id, file = before->file](Library& library) {
               library.remove({&id, 1});
               removeThumbnail(library.folder(), file);
           },
           {before->id});
}

void PictureLibrary::keepAgain() {
    for (Unsaved& each : unsaved_) {
        if (!std::exchange(each.waiting, true)) {
            write(each);
        }
    }
}

void PictureLibrary::write(Unsaved unsaved) {
    ++keeping_;
    Q_EMIT changed();
    const auto refuse = [this, unsaved](const QString& reason) {
        --keeping_;
        const auto old = std::ranges::find_if(
            unsaved_, [&](const Unsaved& each) { return each.picture.id == unsaved.picture.id; });
        const bool again = old != unsaved_.end();
        if (again) {
            old->waiting = false;
        } else {
            unsaved_.push_front(unsaved);
            thumbnails_.put(unsaved.picture.id, tileOf(unsaved.picture));
            if (!filter_.trashed) {
                beginInsertRows({}, 0, 0);
                rows_.insert(rows_.begin(),
                             {.id = unsaved.picture.id, .created = unsaved.picture.created});
                endInsertRows();
            }
        }
        Q_EMIT changed();
        Q_EMIT refused(unsaved.picture, reason, again);
    };
    work(
        [this, unsaved](Opened& opened) {
            PictureId id = 0;
            const PictureRecord record =
                keep_picture(*opened.library, unsaved.picture.result, unsaved.picture.created, id);
            return [this, unsaved, record, id] {
                if (!library_) {
                    open(); // it could not be opened before
                }
                took(unsaved, record, id);
            };
        },
        refuse);
}

void PictureLibrary::took(const Unsaved& unsaved, const PictureRecord& record, PictureId id) {
    --keeping_;
    ++changes_;
    LibraryPicture picture = unsaved.picture;
    picture.id = id;
    picture.file = record.file;
    thumbnails_.put(id, tileOf(picture));
    remember(picture);
    const bool refused_before = this->unsaved(unsaved.picture.id) != nullptr;
    std::erase_if(unsaved_,
                  [&](const Unsaved& each) { return each.picture.id == unsaved.picture.id; });
    removeRows({unsaved.picture.id});
    if (filter_ == PictureFilter{}) {
        const int place = static_cast<int>(unsaved_.size());
        beginInsertRows({}, place, place);
        rows_.insert(
            rows_.begin() + place,
            {.id = id, .file = record.file, .created = record.created, .stars = record.stars});
        endInsertRows();
    }
    search();
    Q_EMIT changed();
    Q_EMIT kept(picture, refused_before ? unsaved.picture.id : 0);
    if (unsaved.trail == trail_ && !refused_before) {
        replacePassing(picture); // now that another one is shown
    }
    keepAgain(); // there is room on the disk again
}

} // namespace likeness
