#pragma once

#include "core/request/job_event.h"
#include "ui/model/qimage_conversion.h"

#include <QAbstractListModel>

#include <deque>

namespace likeness {

// The pictures of this sitting, newest first, each with everything it came from.
class JobHistoryModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { RequestRole = Qt::UserRole };

    explicit JobHistoryModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override;

    void add(const ResultImage& result, const ScreenPicture& screen);
    const ResultImage* at(int row) const;
    const ScreenPicture& screen(int row) const;
    int rowOf(const ResultImage& result) const; // -1: not here

private:
    struct Entry {
        ResultImage result{};
        ScreenPicture screen{};
    };

    std::deque<Entry> entries_{};
};

// The drag format of a row of this sitting: its number, as text.
inline constexpr const char* kResultMimeType = "application/x-likeness-result";

} // namespace likeness
