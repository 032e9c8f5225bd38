#pragma once

#include <QAbstractSlider>

namespace likeness {

// The drawn part of a ScaleSlider: a thin track filled from the left in accent, a narrow knob, a
// tick under the default. Counts in whole units (a unit is the last digit shown), so that it is a
// plain QAbstractSlider to assistive tools.
class SliderTrack : public QAbstractSlider {
    Q_OBJECT

public:
    explicit SliderTrack(QWidget* parent = nullptr);

    void setDefault(int value);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void resetRequested();
    void stepRequested(int steps);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    double position(int value) const; // x of the middle of the knob, in pixels
    int valueAt(double x) const;

    int default_ = 0;
    bool keyboard_focus_ = false;
};

} // namespace likeness
