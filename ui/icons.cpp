#include "ui/icons.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace likeness {

namespace {

constexpr int kIconSize = 16;

QPixmap renderIcon(const QString& name, const QColor& color, qreal ratio) {
    const QString key = QStringLiteral("likeness/%1/%2/%3").arg(name, color.name()).arg(ratio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) {
        return pixmap;
    }
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    QByteArray svg = file.readAll();
    svg.replace("currentColor", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    pixmap = QPixmap(qRound(kIconSize * ratio), qRound(kIconSize * ratio));
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(pixmap.rect()));
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

} // namespace

void paintIcon(QPainter& painter, const QString& name, const QRect& area, const QColor& color) {
    const QPixmap pixmap = renderIcon(name, color, painter.device()->devicePixelRatioF());
    const QPoint corner(area.x() + (area.width() - kIconSize) / 2,
                        area.y() + (area.height() - kIconSize) / 2);
    painter.drawPixmap(corner, pixmap);
}

QIcon makeIcon(const QString& name, const QColor& color) {
    QIcon icon;
    icon.addPixmap(renderIcon(name, color, 1.0));
    icon.addPixmap(renderIcon(name, color, 2.0));
    return icon;
}

} // namespace likeness
