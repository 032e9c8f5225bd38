#pragma once

#include "ui/canvas/zoom_tools.h"

#include <QImage>

namespace likeness {

// The picture: fitted, at 100 %, or zoomed at the cursor and panned. Neutral around it. Enlarged
// pixels are smooth, or sharp (whole multiples, for judging single pixels).
class PictureView : public ZoomView {
    Q_OBJECT

public:
    enum class Surround { theme, middle_grey, white };
    // What a drag over the window makes of the canvas.
    enum class DropState { none, armed, over };

    explicit PictureView(QWidget* parent = nullptr);

    // `natural` is the size the finished picture will have: a preview of fewer pixels fills the
    // same place.
    void setImage(const QImage& image, QSize natural = {});

    const QImage& image() const { return image_; }

    void setFit() override;
    void setZoom(double zoom) override;
    void zoomBy(double factor, QPointF at);
    void zoomStep(int steps) override;

    bool isFit() const override { return fit_; }

    double zoom() const override;
    void setSharp(bool sharp) override;

    bool isSharp() const override { return sharp_; }

    void setSurround(Surround surround);
    void setDropState(DropState state);
    void setEmptyText(const QString& text);

    // What one can begin with, in the middle while there is no picture and it fits.
    void setBeginning(QWidget* beginning);

    // Where the picture lies, in widget coordinates.
    QRectF pictureRect() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void panelsToggled(); // Tab, while the picture has the focus a click gave it

protected:
    bool focusNextPrevChild(bool next) override;
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    double fitZoom() const; // logical pixels per picture pixel
    double logicalZoom() const;
    void placeBeginning();

    QImage image_;
    QSize natural_;
    bool fit_ = true;
    bool sharp_ = false;
    double zoom_ = 1; // screen pixels per picture pixel, when not fitted
    QPointF middle_;  // offset of the picture's middle from the widget's, logical pixels
    QPointF grabbed_;
    bool panning_ = false;
    Surround surround_ = Surround::theme;
    DropState drop_state_ = DropState::none;
    QString empty_text_;
    QWidget* beginning_ = nullptr;
};

} // namespace likeness
