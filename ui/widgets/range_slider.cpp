#include "ui/widgets/range_slider.h"

#include "ui/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kRangeKnobWidth = 6;
constexpr int kRangeKnobHeight = 12;
constexpr double kRangeStep = 0.01;
constexpr double kRangeFine = 0.05;   // an arrow key
constexpr double kRangeCoarse = 0.25; // with Shift
constexpr double kRangeLeast = 0.05;  // what lies between the knobs

} // namespace

RangeSlider::RangeSlider(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(metrics::kControl);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumWidth(48);
}

void RangeSlider::setNames(const QString& accessible_name, const QString& tool_tip) {
    name_ = accessible_name;
    setToolTip(tool_tip);
    describe();
}

void RangeSlider::describe() {
    setAccessibleName(
        tr("%1: %2 to %3 %").arg(name_).arg(qRound(100 * start_)).arg(qRound(100 * end_)));
}

QSize RangeSlider::sizeHint() const {
    return {120, metrics::kControl};
}

void RangeSlider::setRange(double start, double end) {
    start_ = start;
    end_ = end;
    describe();
    update();
}

QRectF RangeSlider::knobRect(Knob knob) const {
    const double share = knob == Knob::start ? start_ : end_;
    const double x = std::round(share * (width() - kRangeKnobWidth));
    return {x, (height() - kRangeKnobHeight) / 2.0, kRangeKnobWidth, kRangeKnobHeight};
}

double RangeSlider::shareAt(double x) const {
    const double share = (x - kRangeKnobWidth / 2.0) / std::max(1, width() - kRangeKnobWidth);
    return std::round(std::clamp(share, 0.0, 1.0) / kRangeStep) * kRangeStep;
}

void RangeSlider::change(double share) {
    const double start =
        chosen_ == Knob::start ? std::clamp(share, 0.0, end_ - kRangeLeast) : start_;
    const double end = chosen_ == Knob::end ? std::clamp(share, start_ + kRangeLeast, 1.0) : end_;
    if (start != start_ || end != end_) {
        setRange(start, end);
        Q_EMIT edited(start, end);
    }
}

void RangeSlider::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    const int middle = height() / 2;
    const QRectF first = knobRect(Knob::start), last = knobRect(Knob::end);
    painter.fillRect(QRect(0, middle - 1, width(), 2), theme.track);
    painter.fillRect(QRectF(first.left(), middle - 1, last.right() - first.left(), 2),
                     isEnabled() ? theme.text2 : theme.disabled);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool hovered = isEnabled() && (underMouse() || dragging_);
    painter.setPen(QPen(hovered ? theme.accent : theme.knobEdge, 1));
    painter.setBrush(isEnabled() ? theme.knob : theme.disabled);
    for (const QRectF& knob : {first, last}) {
        painter.drawRoundedRect(knob.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    }
    if (hasFocus() && keyboard_) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(knobRect(chosen_).adjusted(-2, -2, 2, 2) & QRectF(rect()), 3, 3);
    }
}

void RangeSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    const double x = event->position().x();
    const double to_start = std::abs(x - knobRect(Knob::start).center().x());
    const double to_end = std::abs(x - knobRect(Knob::end).center().x());
    chosen_ =
        to_start < to_end || (to_start == to_end && x < width() / 2.0) ? Knob::start : Knob::end;
    keyboard_ = false;
    dragging_ = true;
    if (std::min(to_start, to_end) > kRangeKnobWidth) {
        change(shareAt(x));
    }
    update();
}

void RangeSlider::mouseMoveEvent(QMouseEvent* event) {
    if (dragging_) {
        change(shareAt(event->position().x()));
    }
}

void RangeSlider::mouseReleaseEvent(QMouseEvent* /*event*/) {
    dragging_ = false;
    update();
}

void RangeSlider::mouseDoubleClickEvent(QMouseEvent* /*event*/) {
    dragging_ = false;
    if (start_ != 0 || end_ != 1) {
        setRange(0, 1);
        Q_EMIT edited(0, 1);
    }
}

void RangeSlider::keyPressEvent(QKeyEvent* event) {
    keyboard_ = true;
    const double size = event->modifiers() & Qt::ShiftModifier ? kRangeCoarse : kRangeFine;
    const double share = chosen_ == Knob::start ? start_ : end_;
    const auto stepped = [](double value) { return std::round(value / kRangeStep) * kRangeStep; };
    switch (event->key()) {
    case Qt::Key_Left:
        change(stepped(share - size));
        break;
    case Qt::Key_Right:
        change(stepped(share + size));
        break;
    case Qt::Key_Up:
    case Qt::Key_Down:
        chosen_ = chosen_ == Knob::start ? Knob::end : Knob::start;
        break;
    case Qt::Key_Home:
        change(0);
        break;
    case Qt::Key_End:
        change(1);
        break;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        mouseDoubleClickEvent(nullptr);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
    update();
}

void RangeSlider::focusInEvent(QFocusEvent* event) {
    keyboard_ = event->reason() != Qt::MouseFocusReason;
    QWidget::focusInEvent(event);
}

void RangeSlider::enterEvent(QEnterEvent* event) {
    QWidget::enterEvent(event);
    update();
}

void RangeSlider::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    update();
}

} // namespace likeness
