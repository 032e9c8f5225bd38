#pragma once

#include "ui/canvas/zoom_tools.h"

#include <QList>
#include <QTimer>

namespace likeness {

class ComparisonModel;
class KeyFocus;
class PictureDifference;

// The pictures of a comparison in one viewport: zoom and pan move all of them together, Alt moves
// one alone and its offset stays. Side by side, or the two marked ones as wipe, blink or
// difference. Number keys show one large.
class CompareView : public ZoomView {
    Q_OBJECT

public:
    enum class Mode { side_by_side, wipe, blink, difference };

    CompareView(const ComparisonModel& model, const PictureDifference& difference,
                QWidget* parent = nullptr);

    Mode mode() const { return mode_; }

    void setMode(Mode mode);

    double wipe() const { return wipe_; } // 0..1 of what is visible of the picture

    void setWipe(double share);

    void setBlinkRate(double hertz); // changes a second

    int large() const { return large_; } // -1: none

    void setLarge(int index);

    void setFit() override;
    void setZoom(double zoom) override;
    void zoomBy(double factor, QPointF at);
    void zoomStep(int steps) override;

    bool isFit() const override { return fit_; }

    double zoom() const override; // of the pane in the middle
    void setSharp(bool sharp) override;

    bool isSharp() const override { return sharp_; }

    // Where a pane's picture lies, in widget coordinates; empty where it is not shown.
    QRectF pictureRect(int index) const;

    // How far Alt moved that pane from the others, in picture pixels.
    QPointF offset(int index) const { return offsets_.value(index); }

    // Which pane blink shows now.
    int blinking() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void modeChanged();
    void wipeEdited(double share);
    void largeChanged(int index);
    void keepRequested(); // Enter
    void panelsToggled(); // Tab, while the view has the focus a click gave it

protected:
    bool event(QEvent* event) override;
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
    // A place of the canvas and whose picture stands there.
    struct Slot {
        int pane = -1;
        QRect area{};
    };

    QList<Slot> places() const;
    Slot placeAt(const QPointF& at) const;
    int columnsFor(int count) const;
    double logicalZoom(const Slot& slot) const;
    double fitZoom(const QRect& area, const QSize& natural) const;
    QRectF rectIn(const Slot& slot) const;
    QRect visibleRect() const; // of the two marked pictures, for the wipe
    double wipeX() const;
    void resetPanes();
    void showBlink();
    bool zoomKey(const QKeyEvent& key);
    void changeLarge(int index);

    void paintPane(QPainter& painter, const Slot& slot, const QRect& clip) const;
    void paintSideBySide(QPainter& painter, const QRect& dirty) const;
    void paintWipe(QPainter& painter, const QRect& dirty) const;
    void paintDifference(QPainter& painter, const QRect& dirty) const;
    void paintLabel(QPainter& painter, const QString& words, const QRect& within,
                    Qt::Alignment side) const;
    void paintScale(QPainter& painter, const QRect& within) const;
    QString markWords(int index) const;

    const ComparisonModel& model_;
    const PictureDifference& difference_;
    Mode mode_ = Mode::side_by_side;
    double wipe_ = 0.5;
    double blink_hertz_ = 2;
    QTimer blink_timer_;
    bool blink_shows_b_ = false;
    int large_ = -1;
    bool fit_ = true;
    bool sharp_ = false;
    double zoom_ = 1; // screen pixels per picture pixel, when not fitted
    QPointF centre_;  // the picture's point in the middle, from its own middle, picture pixels
    QList<QPointF> offsets_; // of each pane, picture pixels
    QPointF grabbed_;
    enum class Grab { none, all, one, wipe } grab_ = Grab::none;
    int grabbed_pane_ = -1;
    KeyFocus* focus_;
};

} // namespace likeness
