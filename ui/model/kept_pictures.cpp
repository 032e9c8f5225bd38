#include "ui/model/kept_pictures.h"

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/imageio/save.h"

#include <QFileInfo>
#include <QStandardPaths>

#include <filesystem>

namespace likeness {

namespace {

std::filesystem::path fileOf(const QString& name) {
    return std::filesystem::path(name.toStdU16String());
}

} // namespace

QString keptPath(Kept kind, const Image& picture) {
    return QStringLiteral("%1/likeness/%2/%3x%4-%5.png")
        .arg(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation),
             kind == Kept::mask ? QStringLiteral("masks") : QStringLiteral("reference-pictures"))
        .arg(picture.width)
        .arg(picture.height)
        .arg(QString::fromStdString(sha256(picture.bytes)).left(32));
}

QString keepPicture(Kept kind, const Image& picture) {
    const QString path = keptPath(kind, picture);
    if (!QFileInfo::exists(path)) {
        make_folder(fileOf(QFileInfo(path).path()));
        save_image(fileOf(path), picture);
    }
    return path;
}

} // namespace likeness
