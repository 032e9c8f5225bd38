#include "ui/model/picture_files.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "core/request/json.h"
#include "core/request/model_folder.h"
#include "ui/model/kept_pictures.h"
#include "ui/model/paths.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/words.h"

#include <QFileInfo>
#include <QMimeData>
#include <QUrl>

#include <filesystem>
#include <memory>
#include <span>
#include <utility>

namespace likeness {

namespace {

constexpr int kMostAtOnce = 100; // of a drop; more is a mistake of the hand

void readForeign(const ForeignTexts& texts, LoadedPicture& picture) {
    picture.foreign_problem =
        reasonOf([&] { picture.foreign = read_foreign_settings(texts, family_of_model); });
}

// A mask that cannot be read leaves its reference acting everywhere, which is told.
ImagePtr readMask(const QString& path, QList<Refusal>& refusals) {
    if (path.isEmpty()) {
        return nullptr;
    }
    ImagePtr mask;
    const QString reason =
        reasonOf([&] { mask = std::make_shared<const Image>(load_image(toPath(path))); });
    if (!reason.isEmpty()) {
        refusals.append({PictureFiles::tr("the mask %1").arg(QFileInfo(path).fileName()), reason});
    }
    return mask;
}

LoadedPicture read(const PictureSource& source) {
    LoadedPicture picture{.name = source.name, .path = source.path};
    if (source.pixels) {
        picture.image = source.pixels;
    } else if (!source.image.isNull()) {
        picture.image = std::make_shared<const Image>(fromQImage(source.image));
    } else if (!source.path.isEmpty()) {
        HashedImage file = load_hashed_image(toPath(source.path));
        picture.image = std::move(file.image);
        picture.sha256 = std::move(file.sha256);
        picture.request_json = read_embedded_request(toPath(source.path));
        if (!picture.request_json) {
            readForeign(read_foreign_texts(toPath(source.path)), picture);
        }
    } else {
        const auto bytes = std::as_bytes(
            std::span(source.bytes.constData(), static_cast<std::size_t>(source.bytes.size())));
        picture.image = std::make_shared<const Image>(load_image(bytes, toUtf8(source.name)));
        picture.request_json = read_embedded_request(bytes, toUtf8(source.name));
        if (!picture.request_json) {
            readForeign(read_foreign_texts(bytes), picture);
        }
    }
    if (source.path.isEmpty() || source.is_copy) {
        picture.kept_path = keptPath(Kept::reference, *picture.image);
    }
    picture.thumbnail = toThumbnail(*picture.image, kThumbnailSide);
    picture.mask = readMask(source.mask_path, picture.refusals);
    picture.look_mask = readMask(source.look_mask_path, picture.refusals);
    if (picture.request_json) {
        picture.screen = toScreen(*picture.image);
    }
    return picture;
}

} // namespace

std::string toUtf8(const QString& text) {
    return text.toStdString();
}

PictureFiles::PictureFiles(QObject* parent, int threads) : QObject(parent) {
    pool_.setMaxThreadCount(threads);
}

PictureFiles::~PictureFiles() {
    pool_.waitForDone();
}

void PictureFiles::run(const std::function<std::function<void()>()>& work) {
    pool_.start([this, work] {
        if (const std::function<void()> done = work()) {
            QMetaObject::invokeMethod(this, done, Qt::QueuedConnection);
        }
    });
}

void PictureFiles::write(const std::filesystem::path& path, std::string text, const char* problem) {
    run([path, text = std::move(text), problem]() -> std::function<void()> {
        const QString reason = reasonOf([&] {
            std::filesystem::create_directories(path.parent_path());
            write_file_atomically(path, text);
        });
        if (!reason.isEmpty()) {
            qWarning("%s: %s", problem, qUtf8Printable(reason));
        }
        return {};
    });
}

void PictureFiles::load(const PictureSource& source, const OnLoaded& loaded,
                        const OnRefused& refused) {
    run([source, loaded, refused]() -> std::function<void()> {
        LoadedPicture picture;
        const QString reason = reasonOf([&] { picture = read(source); });
        if (reason.isEmpty()) {
            return [loaded, picture] { loaded(picture); };
        }
        return [refused, refusal = Refusal{source.name, reason}] { refused(refusal); };
    });
}

void PictureFiles::save(const QString& path, const ResultImage& result, const OnSaved& saved,
                        const OnRefused& refused) {
    run([path, result, saved, refused]() -> std::function<void()> {
        const QString reason = reasonOf([&] {
            save_image(toPath(path), *result.image, {.request_json = to_json(result.request)});
        });
        if (reason.isEmpty()) {
            return [saved, path] { saved(path); };
        }
        return
            [refused, refusal = Refusal{QFileInfo(path).fileName(), reason}] { refused(refusal); };
    });
}

MimePictures picturesOf(const QMimeData& data) {
    MimePictures found;
    for (const QString& format : data.formats()) {
        if (format.startsWith(QLatin1String("image/"))) {
            const QByteArray bytes = data.data(format);
            if (!bytes.isEmpty()) {
                found.sources.append(
                    {.name = PictureFiles::tr("the dropped picture"), .bytes = bytes});
                return found;
            }
        }
    }
    int ignored = 0;
    for (const QUrl& url : data.urls()) {
        const QString name =
            url.fileName().isEmpty() ? url.toDisplayString().left(200) : url.fileName();
        if (url.scheme() != QLatin1String("file") || !url.host().isEmpty()) {
            found.refusals.append(
                {name, PictureFiles::tr("it lies on another computer, and nothing is fetched from "
                                        "a network. Save it here first.")});
        } else if (found.sources.size() >= kMostAtOnce) {
            ++ignored;
        } else {
            found.sources.append({.name = name, .path = url.toLocalFile()});
        }
    }
    if (ignored > 0) {
        found.refusals.append({PictureFiles::tr("%1 more files").arg(ignored),
                               PictureFiles::tr("at most %1 are taken at once.").arg(kMostAtOnce)});
    }
    if (found.sources.isEmpty() && found.refusals.isEmpty() && data.hasImage()) {
        const auto image = qvariant_cast<QImage>(data.imageData());
        if (!image.isNull()) {
            found.sources.append({.name = PictureFiles::tr("the pasted picture"), .image = image});
        }
    }
    return found;
}

bool mayHoldPictures(const QMimeData& data) {
    if (data.hasImage() || data.hasUrls()) {
        return true;
    }
    const QStringList formats = data.formats();
    return std::any_of(formats.begin(), formats.end(), [](const QString& format) {
        return format.startsWith(QLatin1String("image/"));
    });
}

} // namespace likeness
