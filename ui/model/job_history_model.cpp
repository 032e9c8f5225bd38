#include "ui/model/job_history_model.h"

#include <QMimeData>

namespace likeness {

namespace {

constexpr std::size_t kMost = 500; // pictures kept in memory

} // namespace

JobHistoryModel::JobHistoryModel(QObject* parent) : QAbstractListModel(parent) {}

int JobHistoryModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

QVariant JobHistoryModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const Entry& entry = entries_[static_cast<std::size_t>(index.row())];
    const GenerationRequest& request = entry.result.request;
    switch (role) {
    case Qt::DecorationRole:
        return entry.screen.thumbnail;
    case Qt::AccessibleTextRole:
        return tr("Picture with seed %1").arg(request.seed);
    case Qt::ToolTipRole: {
        const QString prompt = QString::fromStdString(request.prompt).left(200).toHtmlEscaped();
        return QStringLiteral("<qt>%1<br>seed %2</qt>").arg(prompt).arg(request.seed);
    }
    default:
        return {};
    }
}

Qt::ItemFlags JobHistoryModel::flags(const QModelIndex& index) const {
    const Qt::ItemFlags flags = QAbstractListModel::flags(index);
    return index.isValid() ? flags | Qt::ItemIsDragEnabled : flags;
}

QStringList JobHistoryModel::mimeTypes() const {
    return {QLatin1String(kResultMimeType)};
}

QMimeData* JobHistoryModel::mimeData(const QModelIndexList& indexes) const {
    if (indexes.isEmpty()) {
        return nullptr;
    }
    auto* data = new QMimeData;
    data->setData(QLatin1String(kResultMimeType), QByteArray::number(indexes.front().row()));
    data->setImageData(screen(indexes.front().row()).image);
    return data;
}

void JobHistoryModel::add(const ResultImage& result, const ScreenPicture& screen) {
    if (!result.image) {
        return;
    }
    beginInsertRows({}, 0, 0);
    entries_.push_front({.result = result, .screen = screen});
    endInsertRows();
    if (entries_.size() > kMost) {
        beginRemoveRows({}, rowCount() - 1, rowCount() - 1);
        entries_.pop_back();
        endRemoveRows();
    }
}

const ResultImage* JobHistoryModel::at(int row) const {
    return row < 0 || row >= rowCount() ? nullptr : &entries_[static_cast<std::size_t>(row)].result;
}

int JobHistoryModel::rowOf(const ResultImage& result) const {
    for (int row = 0; row < rowCount(); ++row) {
        if (at(row)->image == result.image) {
            return row;
        }
    }
    return -1;
}

const ScreenPicture& JobHistoryModel::screen(int row) const {
    return entries_.at(static_cast<std::size_t>(row)).screen;
}

} // namespace likeness
