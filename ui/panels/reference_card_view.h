#pragma once

#include "ui/model/reference_list_model.h"

#include <QWidget>

class QVBoxLayout;

namespace likeness {

class EncoderEye;
class IconButton;
class ImageTile;
class MenuButton;
class PlainLabel;
class RangeSlider;
class ReferenceDetails;
class ScaleSlider;

// One reference: thumbnail (which is also the handle it is moved by), role, strength, range, solo,
// mute, remove; open it also shows its details.
class ReferenceCardView : public QWidget {
    Q_OBJECT

public:
    ReferenceCardView(const ReferenceCard& card, ReferenceListModel& references, EncoderEye& eye,
                      QWidget* parent = nullptr);

    quint64 id() const { return id_; }

    void setCard(const ReferenceCard& card);

    bool isOpen() const { return details_ != nullptr; }

    void setOpen(bool open);

Q_SIGNALS:
    void menuRequested(quint64 id, const QPoint& at); // global
    void removeRequested(quint64 id);
    void openChanged(quint64 id, bool open);
    void moveRequested(quint64 id, int by);     // rows down
    void dragged(quint64 id, const QPoint& at); // the handle, in the card's coordinates
    void dropped(quint64 id);
    void lookMaskPainted(quint64 id, const likeness::ImagePtr& mask);
    void maskRequested(quint64 id);
    void maskRemoved(quint64 id);
    void adapterChosen(quint64 id, const QString& adapter);
    void adapterRequested(quint64 id);

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    static QString partsOf(const ReferenceCard& card);
    QWidget* makeTop();
    void makeRoles();
    void connectEdits();

    quint64 id_;
    ReferenceListModel& references_;
    EncoderEye& eye_;
    ImageTile* thumbnail_;
    MenuButton* role_;
    PlainLabel* range_words_;
    RangeSlider* range_;
    IconButton* solo_;
    IconButton* mute_;
    IconButton* open_;
    ScaleSlider* scale_;
    QVBoxLayout* column_ = nullptr;
    ReferenceDetails* details_ = nullptr; // of an open card
    QPoint pressed_at_;
    bool pressed_ = false;
    bool dragging_ = false;
};

} // namespace likeness
