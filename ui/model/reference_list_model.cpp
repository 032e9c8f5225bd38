#include "ui/model/reference_list_model.h"

#include "core/request/limits.h"

#include <algorithm>
#include <utility>

namespace likeness {

ReferenceImage toReference(const ReferenceCard& card) {
    return {.image = card.image,
            .path = card.path.toStdString(),
            .ip_adapter_scale = card.ip_adapter_scale,
            .range_start = card.range_start,
            .range_end = card.range_end};
}

ReferenceCard toCard(const ReferenceImage& reference, const QString& name) {
    return {.name = name,
            .path = QString::fromStdString(reference.path),
            .image = reference.image,
            .ip_adapter_scale = reference.ip_adapter_scale,
            .range_start = reference.range_start,
            .range_end = reference.range_end};
}

ReferenceListModel::ReferenceListModel(QObject* parent) : QAbstractListModel(parent) {}

int ReferenceListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(cards_.size());
}

QVariant ReferenceListModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) {
        return {};
    }
    const ReferenceCard& card = cards_[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return card.name;
    case Qt::DecorationRole:
        return card.thumbnail;
    case CardRole:
        return QVariant::fromValue(card);
    default:
        return {};
    }
}

const ReferenceCard* ReferenceListModel::card(quint64 id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : &cards_[static_cast<std::size_t>(row)];
}

bool ReferenceListModel::isFull() const {
    return rowCount() >= kMaxReferences;
}

bool ReferenceListModel::isReading() const {
    return std::ranges::any_of(cards_, [](const ReferenceCard& card) { return !card.image; });
}

std::optional<quint64> ReferenceListModel::add(ReferenceCard card) {
    if (isFull()) {
        return std::nullopt;
    }
    card.id = next_id_++;
    const bool is_read = static_cast<bool>(card.image);
    beginInsertRows({}, rowCount(), rowCount());
    cards_.push_back(std::move(card));
    endInsertRows();
    if (is_read) {
        Q_EMIT picturesChanged();
    }
    return cards_.back().id;
}

int ReferenceListModel::rowOf(quint64 id) const {
    const auto found = std::ranges::find(cards_, id, &ReferenceCard::id);
    return found == cards_.end() ? -1 : static_cast<int>(found - cards_.begin());
}

void ReferenceListModel::changeRow(quint64 id, const std::function<void(ReferenceCard&)>& change) {
    const int row = rowOf(id);
    if (row < 0) {
        return;
    }
    change(cards_[static_cast<std::size_t>(row)]);
    Q_EMIT dataChanged(index(row), index(row));
}

void ReferenceListModel::setImage(quint64 id, ImagePtr image, const QImage& thumbnail) {
    if (rowOf(id) < 0) {
        return;
    }
    changeRow(id, [&](ReferenceCard& card) {
        card.image = std::move(image);
        card.thumbnail = thumbnail;
    });
    Q_EMIT picturesChanged();
}

void ReferenceListModel::setScale(quint64 id, double scale) {
    const ReferenceCard* before = card(id);
    if (!before || before->ip_adapter_scale == scale) {
        return;
    }
    const bool counted = counts(*before);
    changeRow(id, [&](ReferenceCard& card) { card.ip_adapter_scale = scale; });
    if (counted) {
        Q_EMIT strengthEdited();
    }
}

void ReferenceListModel::setMuted(quint64 id, bool muted) {
    changeRow(id, [&](ReferenceCard& card) { card.muted = muted; });
    Q_EMIT strengthEdited();
}

void ReferenceListModel::setSolo(quint64 id, bool solo) {
    if (rowOf(id) < 0) {
        return;
    }
    for (ReferenceCard& card : cards_) {
        card.solo = solo && card.id == id;
    }
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    Q_EMIT strengthEdited();
}

void ReferenceListModel::remove(quint64 id) {
    const int row = rowOf(id);
    if (row < 0) {
        return;
    }
    beginRemoveRows({}, row, row);
    cards_.erase(cards_.begin() + row);
    endRemoveRows();
    Q_EMIT picturesChanged();
}

void ReferenceListModel::clear() {
    replaceAll({});
}

void ReferenceListModel::replaceAll(std::vector<ReferenceCard> cards) {
    beginResetModel();
    cards_ = std::move(cards);
    if (cards_.size() > static_cast<std::size_t>(kMaxReferences)) {
        cards_.resize(kMaxReferences);
    }
    for (ReferenceCard& card : cards_) {
        card.id = next_id_++;
    }
    endResetModel();
    Q_EMIT picturesChanged();
}

void ReferenceListModel::setCards(const std::vector<ReferenceCard>& cards) {
    const std::vector<ReferenceImage> acted = references();
    if (std::ranges::equal(cards, cards_, {}, &ReferenceCard::id, &ReferenceCard::id)) {
        for (int row = 0; row < rowCount(); ++row) {
            const auto at = static_cast<std::size_t>(row);
            if (cards_[at] != cards[at]) {
                cards_[at] = cards[at];
                Q_EMIT dataChanged(index(row), index(row));
            }
        }
        if (references() != acted) {
            Q_EMIT strengthEdited();
        }
        return;
    }
    beginResetModel();
    cards_ = cards;
    endResetModel();
    Q_EMIT picturesChanged();
}

bool ReferenceListModel::counts(const ReferenceCard& card) const {
    const bool any_solo = std::ranges::any_of(cards_, &ReferenceCard::solo);
    return card.image && !card.muted && (!any_solo || card.solo);
}

std::vector<ReferenceImage> ReferenceListModel::references() const {
    std::vector<ReferenceImage> result;
    for (const ReferenceCard& card : cards_) {
        if (counts(card)) {
            result.push_back(toReference(card));
        }
    }
    return result;
}

} // namespace likeness
