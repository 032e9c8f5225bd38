#include "ui/model/kept_pictures.h"

#include "core/base/atomic_file.h"
#include "core/base/hash.h"
#include "core/imageio/save.h"
#include "ui/model/paths.h"

#include <QFileInfo>

#include <filesystem>

namespace likeness {

QString keptPath(Kept kind, const Image& picture) {
    return QStringLiteral("%1/%2/%3x%4-%5.png")
        .arg(dataFolder(),
             kind == Kept::mask ? QStringLiteral("masks") : QStringLiteral("reference-pictures"))
        .arg(picture.width)
        .arg(picture.height)
        .arg(QString::fromStdString(sha256(picture.bytes)).left(32));
}

void keepPicture(const QString& path, const Image& picture) {
    if (!QFileInfo::exists(path)) {
        make_folder(toPath(QFileInfo(path).path()));
        save_image(toPath(path), picture);
    }
}

} // namespace likeness
