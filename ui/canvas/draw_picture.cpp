#include "ui/canvas/draw_picture.h"

#include <QImage>
#include <QPaintDevice>
#include <QPainter>
#include <QRectF>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kStripRows = 30; // device pixels

} // namespace

void drawInStrips(QPainter& painter, const QRectF& target, const QImage& image, const QRect& area) {
    const QRect visible = target.toAlignedRect() & area;
    const int rows =
        std::max(1, static_cast<int>(kStripRows / painter.device()->devicePixelRatioF()));
    for (int y = visible.top(); y <= visible.bottom(); y += rows) {
        painter.setClipRect(QRect(visible.left(), y, visible.width(), rows) & visible);
        painter.drawImage(target, image);
    }
    painter.setClipping(false);
}

} // namespace likeness
