#pragma once

#include "core/library/library.h"
#include "ui/model/picture_files.h"

#include <QCache>
#include <QImage>
#include <QObject>
#include <QSet>
#include <QSize>

#include <memory>

namespace likeness {

// What a tile shows of a picture, and what is told of it when asked.
struct PictureTile {
    QImage image{}; // square; null: the file could not be read
    QString prompt{};
    QString model{};
    QSize size{};
    quint64 seed = 0;
};

// The middle square of a picture, at most twice the side of a tile.
QImage squareTile(const QImage& picture);

// Tiles of the library's pictures, made off the window's thread: what was asked for last comes
// first, and what scrolled out of sight is forgotten. Kept in memory within a budget, and on disk
// in a hidden folder of the library.
class Thumbnails : public QObject {
    Q_OBJECT

public:
    explicit Thumbnails(QObject* parent = nullptr);

    void setLibrary(std::shared_ptr<const Library> library) { library_ = std::move(library); }

    // nullptr: not yet there; ready() tells when it is.
    const PictureTile* tile(PictureId id);
    void put(PictureId id, const PictureTile& tile);

    // Tiles asked for and not made yet.
    int waiting() const;

Q_SIGNALS:
    void ready(qint64 id);

private:
    void startNext();

    std::shared_ptr<const Library> library_{};
    QCache<qint64, PictureTile> tiles_;
    QList<qint64> fresh_{};  // asked for since the last turn of the event loop
    QList<qint64> wanted_{}; // in the order in which they are made
    QSet<qint64> at_work_{};
    bool scheduled_ = false;
    PictureFiles files_;
};

// Removes what the cache on disk holds of that picture.
void removeThumbnail(const std::filesystem::path& library, const std::string& file);

} // namespace likeness
