#pragma once

#include "core/request/generation_request.h"
#include "ui/model/reference_roles.h"

#include <QAbstractListModel>
#include <QImage>
#include <QStringList>

#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace likeness {

// One card: a reference with what the window shows of it.
struct ReferenceCard {
    quint64 id = 0; // stays while the card does
    QString name{};
    QString path{};
    std::string sha256{}; // of the file's bytes as they were read; empty: not known
    ImagePtr image{};     // empty while its file is being read
    QImage thumbnail{};
    double ip_adapter_scale = 0.6;
    double range_start = 0;
    double range_end = 1;
    bool muted = false;
    bool solo = false;
    std::optional<ReferenceRole> role{};          // nullopt: the one its numbers are those of
    std::map<std::string, double> block_scales{}; // what is not named is 1
    EncoderView view{};
    QString look_mask_path{}; // where view.look_mask is kept
    ImagePtr mask{};          // where in the picture it acts; empty: everywhere
    QString mask_path{};
    QString ip_adapter{}; // name or path of its own adapter; empty: the request's

    bool operator==(const ReferenceCard&) const = default;
};

// What was read for a card: its picture and the masks it names.
struct CardPixels {
    ImagePtr image{};
    QImage thumbnail{};
    QString path{}; // of a picture that had no file of its own: where it is kept
    std::string sha256{};
    ImagePtr mask{};
    ImagePtr look_mask{};
};

// A card as the request knows it, whether it counts or not; and back.
ReferenceImage toReference(const ReferenceCard& card);
ReferenceCard toCard(const ReferenceImage& reference, const QString& name);

// What a reference's file is called. One that is only numbered by its folder too: "mug 0".
QString nameOfFile(const QString& path);

// Gives the card a role and the numbers it stands for in a model with these blocks.
void wear(ReferenceCard& card, ReferenceRole role, const BlockNames& blocks);

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
    void setPixels(quint64 id, const CardPixels& pixels);
    void setScale(quint64 id, double scale);
    void setMuted(quint64 id, bool muted);
    void setSolo(quint64 id, bool solo);
    void setRange(quint64 id, double start, double end);
    void setBlockScale(quint64 id, const std::string& block, double scale);

    // Sets the numbers the role stands for in this model.
    void setRole(quint64 id, ReferenceRole role);

    // The mask stays as it is.
    void setFit(quint64 id, EncoderFit fit);
    void setCrop(quint64 id, const PictureShare& crop);

    // Finished masks with the file they are kept in; an empty one takes the mask away.
    void setLookMask(quint64 id, ImagePtr mask, const QString& path);
    void setMask(quint64 id, ImagePtr mask, const QString& path);

    void setAdapter(quint64 id, const QString& adapter);

    // Adapters that a card may have of its own in the model in use.
    void setAdapters(const QStringList& adapters);

    const QStringList& adapters() const { return adapters_; }

    // Cards' own adapters go with the model they were for, and come back with it.
    std::map<quint64, QString> takeAdapters();
    void bringBackAdapters(const std::map<quint64, QString>& adapters);

    // The card comes to stand at that row. The picture stays the same.
    void move(quint64 id, int row);
    void remove(quint64 id);
    void clear();
    void replaceAll(std::vector<ReferenceCard> cards);

    // The cards as they were, under their own ids: undo and redo.
    void setCards(const std::vector<ReferenceCard>& cards);

    // What the request gets: pictures that are read, not muted, and solo where any card is.
    std::vector<ReferenceImage> references() const;
    bool counts(const ReferenceCard& card) const;

    // The blocks of the model in use. A card whose numbers are those of the role chosen for it
    // gets the role's numbers in this model.
    void setBlocks(const BlockNames& blocks);

    const BlockNames& blocks() const { return blocks_; }

    // Its role: the one that was chosen, or the one whose numbers it has.
    ReferenceRole role(const ReferenceCard& card) const;
    bool isChanged(const ReferenceCard& card) const; // the numbers are not the role's any more

Q_SIGNALS:
    void strengthEdited();  // references() changed by the artist's hand, but for what is encoded
    void looksEdited();     // what the encoder sees of a card that counts changed
    void picturesChanged(); // the set of pictures changed
    void adaptersChanged(); // adapters() did

private:
    int rowOf(quint64 id) const;
    void act(quint64 id, const std::function<void(ReferenceCard&)>& change);
    void look(quint64 id, const std::function<void(ReferenceCard&)>& change);
    bool edit(quint64 id, const std::function<void(ReferenceCard&)>& change);
    void changeRow(quint64 id, const std::function<void(ReferenceCard&)>& change);

    std::vector<ReferenceCard> cards_{};
    BlockNames blocks_{};
    QStringList adapters_{};
    quint64 next_id_ = 1;
};

} // namespace likeness

Q_DECLARE_METATYPE(likeness::ReferenceCard)
