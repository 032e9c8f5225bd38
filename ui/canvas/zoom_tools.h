#pragma once

#include <QWidget>

namespace likeness {

class IconButton;
class PlainLabel;

// A canvas whose pictures are fitted to it or zoomed.
class ZoomView : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual void setFit() = 0;
    virtual void setZoom(double zoom) = 0; // 1: one picture pixel on one screen pixel
    virtual void zoomStep(int steps) = 0;  // around the middle
    virtual bool isFit() const = 0;
    virtual double zoom() const = 0;       // screen pixels per picture pixel, as shown
    virtual void setSharp(bool sharp) = 0; // enlarged pixels keep their edges
    virtual bool isSharp() const = 0;

Q_SIGNALS:
    void zoomChanged();
};

// How large the pictures of a canvas are shown, and the buttons for it.
class ZoomTools : public QWidget {
    Q_OBJECT

public:
    // The controls' names begin with `prefix`.
    explicit ZoomTools(ZoomView& view, const QString& prefix = {}, QWidget* parent = nullptr);

private:
    void showZoom();

    ZoomView& view_;
    PlainLabel* zoom_;
    IconButton* fit_;
    IconButton* sharp_;
};

} // namespace likeness
