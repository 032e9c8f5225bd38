#pragma once

#include "core/request/generation_request.h"

#include <QWidget>

namespace likeness {

class MaskEditor;
class PictureView;
class PlainLabel;
class ReferenceListModel;
class ScaleSlider;

// Painting over the picture where a reference acts, or what of the picture to begin from is made
// anew: the brush's overlay and the small bar that goes with it. One mask at a time.
class CanvasMask : public QWidget {
    Q_OBJECT

public:
    // Lies at the top of `view`, hidden until edit().
    CanvasMask(PictureView& view, ReferenceListModel& references);

    // Begins on that card's mask; `size` is that of the picture to be made.
    void edit(quint64 card, QSize size);

    // Begins on the mask of the picture to begin from, which the view shows meanwhile.
    void editInput(const InputImage& input);
    // It was changed from elsewhere (undo).
    void followInput(const InputImage& input);
    void endInput(); // only that one
    void end();

    bool isEditing() const { return card_ != 0 || input_ != nullptr; }

Q_SIGNALS:
    void painted(quint64 card, const likeness::ImagePtr& mask);
    void inputPainted(const likeness::ImagePtr& mask);
    void inputEnded(); // the view shows what was there before

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void begin(const ImagePtr& mask, QSize size);
    void place();
    void follow(); // the card's mask, should undo have changed it

    PictureView& view_;
    ReferenceListModel& references_;
    MaskEditor* brush_;
    PlainLabel* name_;
    ScaleSlider* size_;
    ScaleSlider* feather_;
    quint64 card_ = 0;
    ImagePtr input_{}; // the picture whose mask is painted
};

} // namespace likeness
