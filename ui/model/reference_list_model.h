#pragma once

#include "core/request/generation_request.h"

#include <QAbstractListModel>
#include <QImage>

#include <functional>
#include <optional>
#include <vector>

namespace likeness {

// One card: a reference with what the window shows of it.
struct ReferenceCard {
    quint64 id = 0; // stays while the card does
    QString name{};
    QString path{};
    ImagePtr image{}; // empty while its file is being read
    QImage thumbnail{};
    double ip_adapter_scale = 0.6;
    double range_start = 0;
    double range_end = 1;
    bool muted = false;
    bool solo = false;

    bool operator==(const ReferenceCard&) const = default;
};

// A card as the request knows it, whether it counts or not; and back.
ReferenceImage toReference(const ReferenceCard& card);
ReferenceCard toCard(const ReferenceImage& reference, const QString& name);

// The references in the tray, ten at most. Card order never changes a picture.
class ReferenceListModel : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role { CardRole = Qt::UserRole };

    explicit ReferenceListModel(QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

    const std::vector<ReferenceCard>& cards() const { return cards_; }

    const ReferenceCard* card(quint64 id) const;
    bool isFull() const;
    bool isReading() const; // a card's file is still being read

    // Adds a card at the end and gives its id; nullopt when there are ten already.
    std::optional<quint64> add(ReferenceCard card);

    // The file has been read: the card counts from now on. Does nothing when the card is gone.
    void setImage(quint64 id, ImagePtr image, const QImage& thumbnail);
    void setScale(quint64 id, double scale);
    void setMuted(quint64 id, bool muted);
    void setSolo(quint64 id, bool solo);
    void remove(quint64 id);
    void clear();
    void replaceAll(std::vector<ReferenceCard> cards);

    // The cards as they were, under their own ids: undo and redo.
    void setCards(const std::vector<ReferenceCard>& cards);

    // What the request gets: pictures that are read, not muted, and solo where any card is.
    std::vector<ReferenceImage> references() const;
    bool counts(const ReferenceCard& card) const;

Q_SIGNALS:
    void strengthEdited();  // references() changed by the artist's hand: a scale, mute or solo
    void picturesChanged(); // the set of pictures changed

private:
    int rowOf(quint64 id) const;
    void changeRow(quint64 id, const std::function<void(ReferenceCard&)>& change);

    std::vector<ReferenceCard> cards_{};
    quint64 next_id_ = 1;
};

} // namespace likeness

Q_DECLARE_METATYPE(likeness::ReferenceCard)
