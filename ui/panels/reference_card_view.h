#pragma once

#include "ui/model/reference_list_model.h"

#include <QWidget>

namespace likeness {

class IconButton;
class ImageTile;
class PlainLabel;
class ScaleSlider;

// One reference: thumbnail, name, strength, solo, mute, remove.
class ReferenceCardView : public QWidget {
    Q_OBJECT

public:
    explicit ReferenceCardView(const ReferenceCard& card, QWidget* parent = nullptr);

    quint64 id() const { return id_; }

    void setCard(const ReferenceCard& card, bool counts);

Q_SIGNALS:
    void scaleEdited(quint64 id, double scale);
    void mutedEdited(quint64 id, bool muted);
    void soloEdited(quint64 id, bool solo);
    void removeRequested(quint64 id);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    quint64 id_;
    ImageTile* thumbnail_;
    PlainLabel* name_;
    PlainLabel* caption_;
    IconButton* solo_;
    IconButton* mute_;
    ScaleSlider* scale_;
};

} // namespace likeness
