#pragma once

#include "ui/model/example.h"
#include "ui/model/picture_files.h"

#include <QHash>
#include <QImage>
#include <QList>
#include <QObject>
#include <QSet>
#include <QString>

namespace likeness {

// A file of a model folder to try the model with.
struct SamplePicture {
    QString name{}; // "mug 3"
    QString path{};

    bool operator==(const SamplePicture&) const = default;
};

// Pictures of one thing: `samples/mug/0.png` and so on.
struct SampleSubject {
    QString name{}; // the folder's: the word the model knows it by
    QList<SamplePicture> pictures{};
};

// What a model folder brings to try it with: pictures in `samples/SUBJECT/`, and whole requests of
// them in `samples/examples.json`. Read off the window's thread; a folder without samples has none.
class ModelSamples : public QObject {
    Q_OBJECT

public:
    explicit ModelSamples(QObject* parent = nullptr);

    void open(const QString& model); // an installed name or a folder; changed() follows

    const QList<SampleSubject>& subjects() const { return subjects_; }

    const QList<Example>& examples() const { return examples_; } // whose files are all there

    // A small picture of that file; null while it is not read. tileRead() follows askTile().
    QImage tile(const QString& path) const { return tiles_.value(path); }

    void askTile(const QString& path);

Q_SIGNALS:
    void changed();
    void tileRead(const QString& path);
    void refused(const QString& model, const QString& reason); // its examples cannot be read

private:
    QString model_{};
    QList<SampleSubject> subjects_{};
    QList<Example> examples_{};
    QHash<QString, QImage> tiles_{};
    QSet<QString> asked_{};
    PictureFiles files_; // the last member: what it runs may use those above
};

} // namespace likeness
