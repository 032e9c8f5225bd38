#pragma once

#include <QWidget>

namespace likeness {

// Start and end of a share from 0 to 1 as two knobs on one track. The knob nearest to the pointer
// is dragged; Left and Right move the chosen knob (Shift: coarse), Up and Down choose the other
// one; double click gives the whole.
class RangeSlider : public QWidget {
    Q_OBJECT

public:
    explicit RangeSlider(QWidget* parent = nullptr);

    double start() const { return start_; }

    double end() const { return end_; }

    // Shows a range; no edited().
    void setRange(double start, double end);
    void setNames(const QString& accessible_name, const QString& tool_tip);
    QSize sizeHint() const override;

Q_SIGNALS:
    void edited(double start, double end);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    enum class Knob { start, end };

    QRectF knobRect(Knob knob) const;
    double shareAt(double x) const;
    void change(double share); // of the chosen knob
    void describe();

    double start_ = 0;
    double end_ = 1;
    Knob chosen_ = Knob::start;
    bool dragging_ = false;
    bool keyboard_ = false;
    QString name_;
};

} // namespace likeness
