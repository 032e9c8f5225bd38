#pragma once

#include "core/image/image.h"

#include <QWidget>

namespace likeness {

class MaskEditor;
class PictureView;
class PlainLabel;
class ReferenceListModel;
class ScaleSlider;

// Painting where a reference acts, over the picture: the brush's overlay and the small bar that
// goes with it. One reference at a time.
class CanvasMask : public QWidget {
    Q_OBJECT

public:
    // Lies at the top of `view`, hidden until edit().
    CanvasMask(PictureView& view, ReferenceListModel& references);

    // Begins on that card's mask; `size` is that of the picture to be made.
    void edit(quint64 card, QSize size);
    void end();

    bool isEditing() const { return card_ != 0; }

Q_SIGNALS:
    void painted(quint64 card, const likeness::ImagePtr& mask);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    void follow(); // the card's mask, should undo have changed it

    PictureView& view_;
    ReferenceListModel& references_;
    MaskEditor* brush_;
    PlainLabel* name_;
    ScaleSlider* size_;
    ScaleSlider* feather_;
    quint64 card_ = 0;
};

} // namespace likeness
