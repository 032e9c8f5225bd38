#include "ui/model/reference_list_model.h"

#include "core/request/limits.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace likeness {

namespace {

bool hasNumbersOf(const ReferenceCard& card, ReferenceRole role, const BlockNames& blocks) {
    const RoleNumbers numbers = roleNumbers(role, blocks);
    return card.range_start == numbers.range_start && card.range_end == numbers.range_end &&
           spelledOut(card.block_scales, blocks) == numbers.block_scales;
}

} // namespace

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

// A change that changes nothing is none. Whether the card counted.
bool ReferenceListModel::edit(quint64 id, const std::function<void(ReferenceCard&)>& change) {
    const ReferenceCard* before = card(id);
    if (!before) {
        return false;
    }
    ReferenceCard after = *before;
    change(after);
    if (after == *before) {
        return false;
    }
    changeRow(id, [&after](ReferenceCard& changed) { changed = after; });
    return counts(after);
}

void ReferenceListModel::act(quint64 id, const std::function<void(ReferenceCard&)>& change) {
    if (edit(id, change)) {
        Q_EMIT strengthEdited();
    }
}

void ReferenceListModel::look(quint64 id, const std::function<void(ReferenceCard&)>& change) {
    if (edit(id, change)) {
        Q_EMIT looksEdited();
    }
}

void ReferenceListModel::setPixels(quint64 id, const CardPixels& pixels) {
    if (rowOf(id) < 0) {
        return;
    }
    changeRow(id, [&](ReferenceCard& card) {
        card.image = pixels.image;
        card.thumbnail = pixels.thumbnail;
        card.path = card.path.isEmpty() ? pixels.path : card.path;
        card.sha256 = pixels.sha256;
        card.mask = pixels.mask ? pixels.mask : card.mask;
        card.view.look_mask = pixels.look_mask ? pixels.look_mask : card.view.look_mask;
    });
    Q_EMIT picturesChanged();
}

void ReferenceListModel::setScale(quint64 id, double scale) {
    act(id, [scale](ReferenceCard& card) { card.ip_adapter_scale = scale; });
}

void ReferenceListModel::setRange(quint64 id, double start, double end) {
    const double least = limit("range_end").step;
    act(id, [=](ReferenceCard& card) {
        card.range_start = std::clamp(start, 0.0, 1 - least);
        card.range_end = std::clamp(end, card.range_start + least, 1.0);
    });
}

void ReferenceListModel::setBlockScale(quint64 id, const std::string& block, double scale) {
    act(id, [&](ReferenceCard& card) {
        card.block_scales = spelledOut(card.block_scales, blocks_);
        card.block_scales[block] =
            std::clamp(scale, limit("block_scale").minimum, limit("block_scale").maximum);
        card.block_scales = spelledOut(card.block_scales, blocks_);
    });
}

void ReferenceListModel::setRole(quint64 id, ReferenceRole role) {
    act(id, [&](ReferenceCard& card) { wear(card, role, blocks_); });
}

void ReferenceListModel::setFit(quint64 id, EncoderFit fit) {
    look(id, [fit](ReferenceCard& card) { card.view.fit = fit; });
}

void ReferenceListModel::setCrop(quint64 id, const PictureShare& crop) {
    look(id, [&crop](ReferenceCard& card) { card.view.crop = crop; });
}

void ReferenceListModel::setLookMask(quint64 id, ImagePtr mask, const QString& path) {
    look(id, [&](ReferenceCard& card) {
        card.view.look_mask = std::move(mask);
        card.look_mask_path = path;
    });
}

void ReferenceListModel::setMask(quint64 id, ImagePtr mask, const QString& path) {
    act(id, [&](ReferenceCard& card) {
        card.mask = std::move(mask);
        card.mask_path = path;
    });
}

void ReferenceListModel::setAdapter(quint64 id, const QString& adapter) {
    look(id, [&](ReferenceCard& card) { card.ip_adapter = adapter; });
}

void ReferenceListModel::setAdapters(const QStringList& adapters) {
    if (adapters != adapters_) {
        adapters_ = adapters;
        Q_EMIT adaptersChanged();
    }
}

std::map<quint64, QString> ReferenceListModel::takeAdapters() {
    std::map<quint64, QString> taken;
    for (const ReferenceCard& card : cards_) {
        if (!card.ip_adapter.isEmpty()) {
            taken[card.id] = card.ip_adapter;
        }
    }
    for (const auto& [id, adapter] : taken) {
        edit(id, [](ReferenceCard& card) { card.ip_adapter.clear(); });
    }
    return taken;
}

void ReferenceListModel::bringBackAdapters(const std::map<quint64, QString>& adapters) {
    for (const auto& [id, adapter] : adapters) {
        edit(id, [&own = adapter](ReferenceCard& card) { card.ip_adapter = own; });
    }
}

void ReferenceListModel::move(quint64 id, int row) {
    const int from = rowOf(id);
    const int to = std::clamp(row, 0, rowCount() - 1);
    if (from < 0 || from == to) {
        return;
    }
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    const auto begin = cards_.begin();
    if (to > from) {
        std::rotate(begin + from, begin + from + 1, begin + to + 1);
    } else {
        std::rotate(begin + to, begin + from, begin + from + 1);
    }
    endMoveRows();
}

void ReferenceListModel::setBlocks(const BlockNames& blocks) {
    if (blocks == blocks_) {
        return;
    }
    const BlockNames before = std::exchange(blocks_, blocks);
    for (ReferenceCard& card : cards_) {
        // Numbers that came without a role were meant as they are.
        if (card.role && hasNumbersOf(card, *card.role, before)) {
            wear(card, *card.role, blocks_);
        }
    }
    if (!cards_.empty()) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
}

ReferenceRole ReferenceListModel::role(const ReferenceCard& card) const {
    if (card.role) {
        return *card.role;
    }
    for (const ReferenceRole role :
         {ReferenceRole::everything, ReferenceRole::product, ReferenceRole::style,
          ReferenceRole::composition, ReferenceRole::scene}) {
        if (hasNumbersOf(card, role, blocks_)) {
            return role;
        }
    }
    return ReferenceRole::everything;
}

bool ReferenceListModel::isChanged(const ReferenceCard& card) const {
    return !hasNumbersOf(card, role(card), blocks_);
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
            // Names of another model's blocks say nothing in this one.
            result.back().block_scales = spelledOut(card.block_scales, blocks_);
        }
    }
    return result;
}

ReferenceImage toReference(const ReferenceCard& card) {
    return {.image = card.image,
            .path = card.path.toStdString(),
            .sha256 = card.sha256,
            .mask = card.mask,
            .mask_path = card.mask_path.toStdString(),
            .ip_adapter_scale = card.ip_adapter_scale,
            .range_start = card.range_start,
            .range_end = card.range_end,
            .block_scales = card.block_scales,
            .view = card.view,
            .look_mask_path = card.look_mask_path.toStdString(),
            .ip_adapter = card.ip_adapter.toStdString()};
}

ReferenceCard toCard(const ReferenceImage& reference, const QString& name) {
    ReferenceCard card{.name = name,
                       .path = QString::fromStdString(reference.path),
                       .sha256 = reference.sha256,
                       .image = reference.image,
                       .ip_adapter_scale = reference.ip_adapter_scale,
                       .range_start = reference.range_start,
                       .range_end = reference.range_end};
    card.block_scales = reference.block_scales;
    card.view = reference.view;
    card.look_mask_path = QString::fromStdString(reference.look_mask_path);
    card.mask = reference.mask;
    card.mask_path = QString::fromStdString(reference.mask_path);
    card.ip_adapter = QString::fromStdString(reference.ip_adapter);
    return card;
}

QString nameOfFile(const QString& path) {
    const QFileInfo file(path);
    bool is_number = false;
    file.completeBaseName().toInt(&is_number);
    return is_number ? QStringLiteral("%1 %2").arg(file.dir().dirName(), file.completeBaseName())
                     : file.fileName();
}

void wear(ReferenceCard& card, ReferenceRole role, const BlockNames& blocks) {
    const RoleNumbers numbers = roleNumbers(role, blocks);
    card.role = role;
    card.range_start = numbers.range_start;
    card.range_end = numbers.range_end;
    card.block_scales = numbers.block_scales;
}

} // namespace likeness
