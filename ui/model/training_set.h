#pragma once

#include "core/request/training_check.h"
#include "ui/model/picture_files.h"
#include "ui/model/told_changes.h"
#include "ui/model/training_draft.h"

#include <QAbstractListModel>
#include <QHash>
#include <QImage>
#include <QList>
#include <QSet>
#include <QSize>

#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace likeness {

// A picture for the dataset, and what it is called; no caption: the file beside it says it.
struct DatasetSource {
    PictureSource picture{};
    QString caption{};
};

// The training being prepared, its pictures as rows. Files and folders are looked through and read
// off the window's thread; rows come when a drop has been looked through, their tiles one by one.
class TrainingSet : public QAbstractListModel {
    Q_OBJECT

public:
    enum Roles {
        IdRole = Qt::UserRole,
        CaptionRole, // its own; empty: it has none
        CropRole,    // QRectF, shares of the picture: what the trainer sees; null: not known
        MarkedRole,  // bool: a finding that is looked at is about it
        MissingRole, // bool: its file is gone
    };

    // Which changes were told is remembered in `told` (empty: nowhere).
    explicit TrainingSet(std::filesystem::path told = {}, QObject* parent = nullptr);
    ~TrainingSet() override;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    const TrainingDraft& draft() const { return draft_; }

    const std::vector<DatasetPicture>& pictures() const { return draft_.pictures; }

    const DatasetPicture* picture(quint64 id) const; // nullptr: there is none
    int rowOf(quint64 id) const;                     // -1: none

    QImage thumbnail(quint64 id) const;
    QSize size(quint64 id) const; // of the whole picture; empty while it is not read

    // Of its file as it is now, or as it was where that is not read.
    std::string content(quint64 id) const;

    QList<quint64> missing() const; // those whose file is gone

    bool isReading() const { return reading_ > 0; }

    // While a training runs nothing of it is edited: every verb below then does nothing.
    void setFixed(bool fixed);

    bool isFixed() const { return fixed_; }

    void setDraft(TrainingDraft draft); // all of it: of an undo, of another sitting
    // With another method or model, settings nobody touched become what the model proposes for it.
    void edit(const std::function<void(TrainingDraft&)>& edit);
    void setCaption(quint64 id, const QString& caption);
    void writeCaptions(); // the template, where there is none
    void remove(const QList<quint64>& ids);

    // Looks for what is missing in that folder and those in it: by name, else by content. What is
    // found keeps its caption.
    void findMissing(const QString& folder);

    // Files, folders and what was pasted. What is there already is not taken twice, and what is
    // missing and of that name is found again.
    void add(const MimePictures& pictures);
    void addPictures(const std::vector<DatasetSource>& pictures);

    // What a check found; forgotten when the pictures change.
    void setCrops(const std::vector<TrainingCrop>& crops);
    void setMarked(const QList<quint64>& ids);

Q_SIGNALS:
    void changed(); // the draft
    void picturesChanged();
    void readingChanged();
    void refused(const QList<likeness::Refusal>& refusals);
    void noticed(const QString& words); // one quiet line
    // Pictures of a kept project that are not what they were, by their names; a change once.
    void lost(const QStringList& missing, const QStringList& changed);
    void fixedChanged();

private:
    struct Look {
        QImage thumbnail{};
        QSize size{};
        std::string content{};
        bool bad = false;     // it could not be read
        bool missing = false; // there is no such file
    };

    struct Found;
    static Found find(const std::vector<DatasetSource>& pictures);
    void take(const Found& found);
    void readMissing();
    void tellRefusals();
    void tellLost();
    void replace(const QHash<quint64, DatasetPicture>& found);
    void show(int row);

    TrainingDraft draft_ = firstDraft();
    QHash<quint64, Look> looks_{};
    QHash<quint64, QRectF> crops_{};
    QSet<quint64> marked_{};
    QSet<quint64> asked_{};
    QList<Refusal> refusals_{};
    QStringList newly_missing_{}, newly_changed_{}; // not told yet
    ToldChanges told_;
    quint64 next_id_ = 1;
    int reading_ = 0;
    bool fixed_ = false;
    PictureFiles files_; // the last member: what it runs may use those above
};

} // namespace likeness
