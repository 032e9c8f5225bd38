#pragma once

#include "ui/model/active_together.h"

#include <QWidget>

class QHBoxLayout;

namespace likeness {

class IconButton;
class ImageTile;
class PlainLabel;
class ScaleSlider;

// One line of what acts on a picture: what it is, how strongly it counts, mute, and the rest in a
// menu.
class ActiveRow : public QWidget {
    Q_OBJECT

public:
    explicit ActiveRow(ActiveThing::Kind kind, QWidget* parent = nullptr);

    ActiveThing::Kind kind() const { return kind_; }

    const ActiveThing& thing() const { return thing_; }

    void setThing(const ActiveThing& thing); // of its kind; nothing is wished

Q_SIGNALS:
    void scaleEdited(double scale);
    void muteEdited(bool muted);
    void menuRequested(const QPoint& at); // global

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void build();
    void showNames();

    ActiveThing::Kind kind_;
    ActiveThing thing_{};
    ImageTile* picture_ = nullptr; // of a reference
    PlainLabel* name_;
    ScaleSlider* scale_ = nullptr; // of a LoRA or a reference
    PlainLabel* words_ = nullptr;  // where there is no scale
    IconButton* mute_ = nullptr;   // of all but the model
    IconButton* more_;
};

} // namespace likeness
