#include "ui/widgets/image_tile.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace likeness {

void paintFilling(QPainter& painter, const QRect& area, const QImage& image, qreal opacity) {
    painter.save();
    painter.setRenderHints(QPainter::Antialiasing | QPainter::SmoothPixmapTransform);
    QPainterPath corners;
    corners.addRoundedRect(area, 2, 2);
    painter.setClipPath(corners);
    painter.setOpacity(opacity);
    const double shrink = std::min(image.width() / static_cast<double>(area.width()),
                                   image.height() / static_cast<double>(area.height()));
    QRectF source(0, 0, area.width() * shrink, area.height() * shrink);
    source.moveCenter(QRectF(image.rect()).center());
    painter.drawImage(QRectF(area), image, source);
    painter.restore();
}

ImageTile::ImageTile(int side, QWidget* parent) : QWidget(parent) {
    setFixedSize(side, side);
}

void ImageTile::setImage(const QImage& image) {
    image_ = image;
    update();
}

void ImageTile::setDimmed(bool dimmed) {
    dimmed_ = dimmed;
    update();
}

void ImageTile::setMark(const QString& icon) {
    mark_ = icon;
    update();
}

void ImageTile::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    if (image_.isNull()) {
        painter.fillRect(rect(), theme.field);
        paintIcon(painter, QStringLiteral("image"), rect(), theme.disabled);
    } else {
        constexpr qreal kDimmed = 0.4;
        paintFilling(painter, rect(), image_, dimmed_ ? kDimmed : 1);
    }
    painter.setRenderHint(QPainter::Antialiasing);
    if (!mark_.isEmpty()) {
        constexpr int kMark = 18;
        const QRect mark(rect().right() + 1 - kMark, rect().bottom() + 1 - kMark, kMark, kMark);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.raised);
        painter.drawRoundedRect(mark, 2, 2);
        paintIcon(painter, mark_, mark, theme.accent);
    }
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 2, 2);
    }
}

} // namespace likeness
