#pragma once

#include "ui/model/mask_painting.h"

#include <QWidget>

#include <functional>

namespace likeness {

// A brush over a picture: lies over the widget that shows it and paints a mask. The left button
// paints, Alt or the right button erases, [ and ] change the size, Enter or Escape ends. A stroke
// is one change: it is told when it ends. A pen's pressure makes the brush smaller.
class MaskEditor : public QWidget {
    Q_OBJECT

public:
    // What the overlay shows: where it acts in the accent, or what is not looked at covered.
    enum class Overlay { acts, covers };

    // `picture_rect` gives where the picture lies in `over`, whose wheel and middle button stay
    // its own.
    MaskEditor(QWidget* over, std::function<QRectF()> picture_rect, Overlay overlay);

    // Begins on a finished mask, or none, of a picture of that size.
    void begin(const ImagePtr& mask, QSize picture);

    // The mask was changed from elsewhere (undo).
    void setMask(const ImagePtr& mask);

    // The colour that covers, of Overlay::covers.
    void setCover(const QColor& cover);

    // The mask as it is laid over the picture; of Overlay::covers the widget below draws it.
    const QImage& overlay() const { return overlay_; }

    bool isEmpty() const { return painting_.isEmpty(); }

    const Brush& brush() const { return brush_; }

    // In shares of the picture's longer side.
    double brushShare() const { return brush_share_; }

    void setBrushShare(double share);
    void setFeather(double feather);
    void clear();
    void invert();

Q_SIGNALS:
    void painted(const likeness::ImagePtr& mask); // null: none
    void overlayChanged();
    void brushChanged();
    void ended();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void tabletEvent(QTabletEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QPointF toMask(QPointF at) const;
    void strokeTo(QPointF at);
    void tint(const QRect& part);
    void refresh();

    std::function<QRectF()> picture_rect_;
    Overlay overlay_kind_;
    QColor cover_;
    MaskPainting painting_;
    ImagePtr told_{}; // what painted() said last
    QImage overlay_;
    Brush brush_{};
    double brush_share_ = 0.08;
    double pressure_ = 1;
    QPointF last_;
    QPointF pointer_;
    bool painting_now_ = false;
    bool pointer_here_ = false;
};

} // namespace likeness
