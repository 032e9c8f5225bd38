#include "ui/model/dataset_files.h"

#include "core/base/hash.h"
#include "core/imageio/save.h"
#include "ui/model/paths.h"

#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QMultiHash>
#include <QSet>

#include <algorithm>
#include <span>
#include <string>

namespace likeness {

namespace {

constexpr qsizetype kMostSearched = 20'000; // files, for what is missing

// SHA-256 of a file; empty where it cannot be read.
std::string contentOfFile(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    Sha256 hash;
    constexpr qint64 kPiece = 1 << 20;
    while (!file.atEnd()) {
        const QByteArray piece = file.read(kPiece);
        if (piece.isEmpty()) {
            break;
        }
        hash.add(
            std::as_bytes(std::span(piece.constData(), static_cast<std::size_t>(piece.size()))));
    }
    return hash.hex();
}

} // namespace

QHash<quint64, DatasetPicture> findMoved(const QString& folder,
                                         const std::vector<DatasetPicture>& wanted) {
    QMultiHash<QString, QString> by_name; // paths
    QStringList paths;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext() && paths.size() < kMostSearched) {
        paths.append(files.next());
        by_name.insert(files.fileName(), paths.back());
    }
    QHash<QString, std::string> known; // contents by path
    const auto is_content = [&known](const QString& path, const std::string& content) {
        if (!content.empty() && !known.contains(path)) {
            known[path] = image_format(toPath(path)) ? contentOfFile(path) : std::string();
        }
        return !content.empty() && known[path] == content;
    };
    QHash<quint64, DatasetPicture> found;
    QSet<QString> taken;
    const auto take = [&](const DatasetPicture& picture, const QString& path) {
        taken.insert(path);
        found[picture.id] = {.name = QFileInfo(path).fileName(), .path = path};
    };
    const auto among = [&](const DatasetPicture& picture, const QStringList& places) {
        const auto place = std::ranges::find_if(places, [&](const QString& path) {
            return !taken.contains(path) && is_content(path, picture.content);
        });
        return place == places.end() ? QString() : *place;
    };
    for (const DatasetPicture& picture : wanted) {
        const QStringList named = by_name.values(picture.name);
        const QString same = named.size() > 1 ? among(picture, named) : QString();
        if (!same.isEmpty() || !named.isEmpty()) {
            take(picture, same.isEmpty() ? named.back() : same);
        }
    }
    for (const DatasetPicture& picture : wanted) {
        if (!found.contains(picture.id)) {
            if (const QString renamed = among(picture, paths); !renamed.isEmpty()) {
                take(picture, renamed);
            }
        }
    }
    return found;
}

} // namespace likeness
