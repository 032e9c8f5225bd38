#pragma once

#include <QWidget>

namespace likeness {

class ComparisonModel;
class KeyFocus;

// The pictures of a comparison in a row, with the marks A and B. A click makes one B, Shift makes
// it A; between two rungs a click adds one there. Keyboard: arrows move B, with Shift A; Insert
// adds after B; Enter keeps B.
class RungStrip : public QWidget {
    Q_OBJECT

public:
    explicit RungStrip(const ComparisonModel& model, QWidget* parent = nullptr);

    QRect rungRect(int index) const; // of its picture, in widget coordinates
    QRect gapRect(int index) const;  // between it and the next: what takes a click
    QSize sizeHint() const override;

Q_SIGNALS:
    void marksRequested(int a, int b);
    void insertRequested(int index); // after that one
    void largeRequested(int index);  // double click
    void keepRequested();

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int count() const;
    int side() const;
    int rungAt(const QPoint& at) const; // -1: none
    int gapAt(const QPoint& at) const;  // -1: none
    void scrollTo(int index);
    void scrollBy(int pixels);
    void paintRung(QPainter& painter, int index) const;

    const ComparisonModel& model_;
    int scroll_ = 0; // pixels
    int hovered_gap_ = -1;
    KeyFocus* focus_;
};

} // namespace likeness
