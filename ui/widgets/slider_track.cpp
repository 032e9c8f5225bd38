#include "ui/widgets/slider_track.h"

#include "ui/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kKnobWidth = 8;
constexpr int kKnobHeight = 14;
constexpr int kCoarseSteps = 10;

} // namespace

SliderTrack::SliderTrack(QWidget* parent) : QAbstractSlider(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(metrics::kControl);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void SliderTrack::setDefault(int value) {
    default_ = value;
    update();
}

QSize SliderTrack::sizeHint() const {
    return {120, metrics::kControl};
}

QSize SliderTrack::minimumSizeHint() const {
    return {48, metrics::kControl};
}

double SliderTrack::position(int value) const {
    const double span = std::max(1, maximum() - minimum());
    const double share = std::clamp((value - minimum()) / span, 0.0, 1.0);
    return kKnobWidth / 2.0 + share * (width() - kKnobWidth);
}

int SliderTrack::valueAt(double x) const {
    const double share = (x - kKnobWidth / 2.0) / std::max(1, width() - kKnobWidth);
    return minimum() +
           static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * (maximum() - minimum())));
}

void SliderTrack::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    const int middle = height() / 2;
    const int knob = static_cast<int>(std::lround(position(value()) - kKnobWidth / 2.0));
    painter.fillRect(QRect(0, middle - 1, width(), 2), theme.track);
    // From the left, or from 0 where there is something below it.
    const int zero = minimum() < 0 ? static_cast<int>(std::lround(position(0))) : 0;
    if (isEnabled()) {
        const auto [from, to] = std::minmax(zero, knob);
        painter.fillRect(QRect(from, middle - 1, to - from, 2), theme.accent);
    }
    if (minimum() < 0) {
        painter.fillRect(QRect(zero, middle - 4, 1, 8), theme.control);
    }
    if (default_ != minimum()) {
        painter.fillRect(QRect(static_cast<int>(std::lround(position(default_))), middle + 4, 1, 4),
                         theme.control);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF body(knob, middle - kKnobHeight / 2.0, kKnobWidth, kKnobHeight);
    const bool hovered = isEnabled() && (underMouse() || isSliderDown());
    painter.setPen(QPen(hovered ? theme.accent : theme.knobEdge, 1));
    painter.setBrush(isEnabled() ? theme.knob : theme.disabled);
    painter.drawRoundedRect(body.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    if (hasFocus() && keyboard_focus_) {
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(body.adjusted(-2, -2, 2, 2), 3, 3);
    }
}

void SliderTrack::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        event->ignore();
        return;
    }
    keyboard_focus_ = false;
    setSliderDown(true);
    // A press on the knob keeps its value; beside it the knob comes to the pointer.
    if (std::abs(event->position().x() - position(value())) > kKnobWidth) {
        setValue(valueAt(event->position().x()));
    }
    update();
}

void SliderTrack::mouseMoveEvent(QMouseEvent* event) {
    if (isSliderDown()) {
        setValue(valueAt(event->position().x()));
    }
}

void SliderTrack::mouseReleaseEvent(QMouseEvent* /*event*/) {
    setSliderDown(false);
    update();
}

void SliderTrack::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton) {
        setSliderDown(false);
        Q_EMIT resetRequested();
    }
}

void SliderTrack::wheelEvent(QWheelEvent* event) {
    if (!hasFocus()) {
        event->ignore();
        return;
    }
    QAbstractSlider::wheelEvent(event);
}

void SliderTrack::keyPressEvent(QKeyEvent* event) {
    keyboard_focus_ = true;
    const int size = event->modifiers() & Qt::ShiftModifier ? kCoarseSteps : 1;
    switch (event->key()) {
    case Qt::Key_Right:
    case Qt::Key_Up:
        Q_EMIT stepRequested(size);
        break;
    case Qt::Key_Left:
    case Qt::Key_Down:
        Q_EMIT stepRequested(-size);
        break;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        Q_EMIT resetRequested();
        break;
    default:
        QAbstractSlider::keyPressEvent(event);
    }
    update();
}

void SliderTrack::focusInEvent(QFocusEvent* event) {
    keyboard_focus_ = event->reason() != Qt::MouseFocusReason;
    QAbstractSlider::focusInEvent(event);
}

void SliderTrack::enterEvent(QEnterEvent* event) {
    QAbstractSlider::enterEvent(event);
    update();
}

void SliderTrack::leaveEvent(QEvent* event) {
    QAbstractSlider::leaveEvent(event);
    update();
}

} // namespace likeness
