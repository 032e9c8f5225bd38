#pragma once

#include "core/image/encoder_view.h"

#include <QImage>
#include <QWidget>

namespace likeness {

// The whole picture with the part the encoder looks at: drag inside to move it, a corner or the
// wheel to zoom, double click for all of it. Arrow keys move (Shift: coarse), + and - zoom. With
// EncoderFit::crop the part is a square of the picture.
class CropView : public QWidget {
    Q_OBJECT

public:
    explicit CropView(QWidget* parent = nullptr);

    void setPicture(const QImage& picture, QSize size); // `size` is the whole picture's in pixels
    void setView(const EncoderView& view, const ClipPreprocess& encoder);

    // Laid over the picture, under the frame: what a mask covers. Null: nothing.
    void setVeil(const QImage& veil);

    // What the encoder sees, in shares of the picture; while dragging, what it would see.
    PictureShare seen() const { return seen_; }

    QRectF pictureRect() const;
    QSize sizeHint() const override;

Q_SIGNALS:
    void moving(const likeness::PictureShare& crop); // under the hand
    void edited(const likeness::PictureShare& crop); // let go

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Grip { none, inside, left_top, right_top, left_bottom, right_bottom };

    QRectF seenRect() const;
    Grip gripAt(QPointF at) const;
    PictureShare dragged(QPointF to) const;
    PictureShare moved(PictureShare part, double dx, double dy) const;
    PictureShare zoomed(const PictureShare& part, double factor, QPointF around) const;

    bool isSquare() const { return view_.fit == EncoderFit::crop; }

    double aspect() const; // height per width of a square, in shares
    void commit(const PictureShare& part);

    QImage picture_;
    QImage veil_;
    QSize size_;
    EncoderView view_{};
    ClipPreprocess encoder_{};
    PictureShare seen_{};
    PictureShare grabbed_{}; // what was seen when the drag began
    QPointF from_;
    Grip grip_ = Grip::none;
    bool keyboard_ = false;
};

} // namespace likeness
