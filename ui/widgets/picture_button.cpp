#include "ui/widgets/picture_button.h"

#include "ui/icons.h"
#include "ui/theme.h"
#include "ui/widgets/image_tile.h"

#include <QPainter>

namespace likeness {

PictureButton::PictureButton(int side, QWidget* parent) : QAbstractButton(parent) {
    setCheckable(true);
    setFocusPolicy(Qt::TabFocus);
    setFixedSize(side, side);
}

void PictureButton::setImage(const QImage& image) {
    image_ = image;
    update();
}

QSize PictureButton::sizeHint() const {
    return size();
}

void PictureButton::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void PictureButton::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void PictureButton::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    constexpr int kRing = 3; // what the ring and its gap take at each side
    const QRect area = rect().adjusted(kRing, kRing, -kRing, -kRing);
    if (image_.isNull()) {
        painter.fillRect(area, theme.field);
        paintIcon(painter, QStringLiteral("image"), area, theme.disabled);
    } else {
        constexpr qreal kDimmed = 0.4;
        paintFilling(painter, area, image_, isEnabled() ? 1 : kDimmed);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    if (isChecked()) {
        constexpr int kMark = 16;
        const QRect mark(area.right() + 1 - kMark, area.bottom() + 1 - kMark, kMark, kMark);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.fill);
        painter.drawRoundedRect(mark, 2, 2);
        paintIcon(painter, QStringLiteral("check"), mark, Qt::white);
    }
    if (hasFocus() || (isEnabled() && underMouse())) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(hasFocus() ? QPen(theme.accent, 2) : QPen(theme.control, 1));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
    }
}

} // namespace likeness
