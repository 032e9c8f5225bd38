#include "ui/widgets/crop_view.h"

#include "ui/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr double kCropSmallest = 0.02; // share of a side
constexpr double kCornerReach = 7;     // of a corner, in pixels
constexpr int kHandle = 3;             // half of one
constexpr double kCropNotch = 1.1;
constexpr double kCropFine = 0.01;
constexpr double kCropCoarse = 0.05;

PictureShare roundedShare(const PictureShare& part) {
    const auto five = [](double value) { return std::round(value * 1e5) / 1e5; };
    PictureShare result{five(part.left), five(part.top), five(part.width), five(part.height)};
    result.width = std::min(result.width, 1 - result.left);
    result.height = std::min(result.height, 1 - result.top);
    return result;
}

} // namespace

CropView::CropView(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
}

QSize CropView::sizeHint() const {
    return {168, 126};
}

void CropView::setPicture(const QImage& picture, QSize size) {
    picture_ = picture;
    size_ = size;
    seen_ = looked_at(size_.width(), size_.height(), view_, encoder_);
    update();
}

void CropView::setVeil(const QImage& veil) {
    veil_ = veil;
    update();
}

void CropView::setView(const EncoderView& view, const ClipPreprocess& encoder) {
    view_ = view;
    encoder_ = encoder;
    if (grip_ == Grip::none) {
        seen_ = looked_at(size_.width(), size_.height(), view_, encoder_);
    }
    update();
}

QRectF CropView::pictureRect() const {
    if (size_.isEmpty()) {
        return {};
    }
    const QSizeF room = QSizeF(size()) - QSizeF(2 * kHandle, 2 * kHandle);
    const QSizeF fitted = QSizeF(size_).scaled(room, Qt::KeepAspectRatio);
    return {std::round((width() - fitted.width()) / 2),
            std::round((height() - fitted.height()) / 2), fitted.width(), fitted.height()};
}

QRectF CropView::seenRect() const {
    const QRectF room = pictureRect();
    return {room.left() + seen_.left * room.width(), room.top() + seen_.top * room.height(),
            seen_.width * room.width(), seen_.height * room.height()};
}

double CropView::aspect() const {
    return size_.isEmpty() ? 1 : static_cast<double>(size_.width()) / size_.height();
}

CropView::Grip CropView::gripAt(QPointF at) const {
    const QRectF seen = seenRect();
    const std::pair<Grip, QPointF> corners[] = {{Grip::left_top, seen.topLeft()},
                                                {Grip::right_top, seen.topRight()},
                                                {Grip::left_bottom, seen.bottomLeft()},
                                                {Grip::right_bottom, seen.bottomRight()}};
    for (const auto& [grip, corner] : corners) {
        if (std::abs(at.x() - corner.x()) <= kCornerReach &&
            std::abs(at.y() - corner.y()) <= kCornerReach) {
            return grip;
        }
    }
    return seen.contains(at) ? Grip::inside : Grip::none;
}

PictureShare CropView::moved(PictureShare part, double dx, double dy) const {
    part.left = std::clamp(part.left + dx, 0.0, 1 - part.width);
    part.top = std::clamp(part.top + dy, 0.0, 1 - part.height);
    return part;
}

// Larger or smaller around a point of the picture that stays where it is.
PictureShare CropView::zoomed(const PictureShare& part, double factor, QPointF around) const {
    double width = std::clamp(part.width * factor, kCropSmallest, 1.0);
    double height = std::clamp(part.height * factor, kCropSmallest, 1.0);
    if (isSquare()) {
        width = std::min(width, 1 / aspect());
        height = width * aspect();
    }
    const double x = part.width > 0 ? (around.x() - part.left) / part.width : 0.5;
    const double y = part.height > 0 ? (around.y() - part.top) / part.height : 0.5;
    return moved({around.x() - x * width, around.y() - y * height, width, height}, 0, 0);
}

PictureShare CropView::dragged(QPointF to) const {
    const QRectF room = pictureRect();
    const double dx = (to.x() - from_.x()) / room.width();
    const double dy = (to.y() - from_.y()) / room.height();
    if (grip_ == Grip::inside) {
        return moved(grabbed_, dx, dy);
    }
    const bool left = grip_ == Grip::left_top || grip_ == Grip::left_bottom;
    const bool top = grip_ == Grip::left_top || grip_ == Grip::right_top;
    const double right_edge = grabbed_.left + grabbed_.width;
    const double bottom_edge = grabbed_.top + grabbed_.height;
    const double room_x = left ? right_edge : 1 - grabbed_.left;
    const double room_y = top ? bottom_edge : 1 - grabbed_.top;
    double width = std::clamp(grabbed_.width + (left ? -dx : dx), kCropSmallest, room_x);
    double height = std::clamp(grabbed_.height + (top ? -dy : dy), kCropSmallest, room_y);
    if (isSquare()) {
        width = std::min({std::max(width, height / aspect()), room_x, room_y / aspect()});
        height = width * aspect();
    }
    return {left ? right_edge - width : grabbed_.left, top ? bottom_edge - height : grabbed_.top,
            width, height};
}

void CropView::commit(const PictureShare& part) {
    seen_ = part;
    update();
    PictureShare crop = roundedShare(part);
    // What is seen without a crop needs none.
    EncoderView plain = view_;
    plain.crop = {};
    if (roundedShare(looked_at(size_.width(), size_.height(), plain, encoder_)) == crop) {
        crop = {};
    }
    Q_EMIT edited(crop);
}

void CropView::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.canvas);
    const QRectF room = pictureRect();
    if (picture_.isNull() || room.isEmpty()) {
        return;
    }
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    painter.drawImage(room, picture_);
    if (!veil_.isNull()) {
        painter.drawImage(room, veil_);
    }
    const QRect seen = seenRect().toRect();
    QRegion outside = QRegion(room.toAlignedRect()) - QRegion(seen);
    painter.setClipRegion(outside);
    painter.fillRect(room, QColor(0, 0, 0, 150));
    painter.setClipping(false);
    painter.setPen(QPen(QColor(255, 255, 255, 60), 1));
    for (const double third : {1 / 3.0, 2 / 3.0}) {
        const int x = seen.left() + qRound(seen.width() * third);
        const int y = seen.top() + qRound(seen.height() * third);
        painter.drawLine(x, seen.top(), x, seen.bottom());
        painter.drawLine(seen.left(), y, seen.right(), y);
    }
    const QRect frame = seen.adjusted(0, 0, -1, -1);
    painter.setBrush(Qt::NoBrush);
    if (hasFocus() && keyboard_) {
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
    painter.setPen(QPen(QColor(0, 0, 0, 170), 3));
    painter.drawRect(frame);
    painter.setPen(QPen(Qt::white, 1));
    painter.drawRect(frame);
    painter.setPen(QPen(QColor(0, 0, 0, 170), 1));
    painter.setBrush(Qt::white);
    for (const QPoint& corner :
         {frame.topLeft(), frame.topRight(), frame.bottomLeft(), frame.bottomRight()}) {
        painter.drawRect(QRect(corner - QPoint(kHandle, kHandle), QSize(2 * kHandle, 2 * kHandle)));
    }
}

void CropView::mousePressEvent(QMouseEvent* event) {
    keyboard_ = false;
    grip_ = event->button() == Qt::LeftButton ? gripAt(event->position()) : Grip::none;
    grabbed_ = seen_;
    from_ = event->position();
    update();
}

void CropView::mouseMoveEvent(QMouseEvent* event) {
    if (grip_ != Grip::none && !picture_.isNull()) {
        seen_ = dragged(event->position());
        update();
        Q_EMIT moving(roundedShare(seen_));
        return;
    }
    switch (gripAt(event->position())) {
    case Grip::none:
        return unsetCursor();
    case Grip::inside:
        return setCursor(Qt::SizeAllCursor);
    case Grip::left_top:
    case Grip::right_bottom:
        return setCursor(Qt::SizeFDiagCursor);
    case Grip::right_top:
    case Grip::left_bottom:
        return setCursor(Qt::SizeBDiagCursor);
    }
}

void CropView::mouseReleaseEvent(QMouseEvent* /*event*/) {
    const bool was_dragged = grip_ != Grip::none && seen_ != grabbed_;
    grip_ = Grip::none;
    if (was_dragged) {
        commit(seen_);
    }
}

void CropView::mouseDoubleClickEvent(QMouseEvent* /*event*/) {
    grip_ = Grip::none;
    EncoderView plain = view_;
    plain.crop = {};
    commit(looked_at(size_.width(), size_.height(), plain, encoder_));
}

void CropView::wheelEvent(QWheelEvent* event) {
    const QRectF room = pictureRect();
    if (!hasFocus() || room.isEmpty()) {
        event->ignore();
        return;
    }
    const QPointF at((event->position().x() - room.left()) / room.width(),
                     (event->position().y() - room.top()) / room.height());
    commit(zoomed(seen_, std::pow(kCropNotch, -event->angleDelta().y() / 120.0), at));
    event->accept();
}

void CropView::keyPressEvent(QKeyEvent* event) {
    keyboard_ = true;
    const double size = event->modifiers() & Qt::ShiftModifier ? kCropCoarse : kCropFine;
    const QPointF middle(seen_.left + seen_.width / 2, seen_.top + seen_.height / 2);
    switch (event->key()) {
    case Qt::Key_Left:
        return commit(moved(seen_, -size, 0));
    case Qt::Key_Right:
        return commit(moved(seen_, size, 0));
    case Qt::Key_Up:
        return commit(moved(seen_, 0, -size));
    case Qt::Key_Down:
        return commit(moved(seen_, 0, size));
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return commit(zoomed(seen_, 1 / kCropNotch, middle));
    case Qt::Key_Minus:
        return commit(zoomed(seen_, kCropNotch, middle));
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        return mouseDoubleClickEvent(nullptr);
    default:
        QWidget::keyPressEvent(event);
    }
}

void CropView::focusInEvent(QFocusEvent* event) {
    keyboard_ = event->reason() != Qt::MouseFocusReason;
    QWidget::focusInEvent(event);
    update();
}

void CropView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

} // namespace likeness
