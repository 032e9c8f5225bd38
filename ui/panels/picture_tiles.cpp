#include "ui/panels/picture_tiles.h"

#include "ui/icons.h"
#include "ui/theme.h"
#include "ui/widgets/image_tile.h"

#include <QCache>
#include <QDrag>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QPainterPath>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace likeness {

namespace {

constexpr int kRing = 4; // room around a tile for the selection ring
constexpr int kStar = 11;
constexpr int kStarPitch = 13;
constexpr int kStarTop = kRing + metrics::kResult + 5;
constexpr int kCellWidth = metrics::kResult + metrics::kGap;
constexpr int kCellHeight = kStarTop + kStar + kRing;
constexpr int kScrollBar = 8;
constexpr int kMostPixmaps = 1500;

QPainterPath starPath(const QRectF& area) {
    QPainterPath path;
    for (int i = 0; i < 10; ++i) {
        const double radius = area.width() / 2 * (i % 2 == 0 ? 1.0 : 0.45);
        const double angle = std::numbers::pi * (i / 5.0 - 0.5);
        const QPointF point = area.center() + radius * QPointF(std::cos(angle), std::sin(angle));
        if (i == 0) {
            path.moveTo(point);
        } else {
            path.lineTo(point);
        }
    }
    path.closeSubpath();
    return path;
}

// Paints tiles from pixmaps that are ready: a frame of a fast scroll shows some hundred of them.
class TileDelegate : public QStyledItemDelegate {
public:
    explicit TileDelegate(QObject* parent) : QStyledItemDelegate(parent), pixmaps_(kMostPixmaps) {}

    QSize sizeHint(const QStyleOptionViewItem& /*option*/,
                   const QModelIndex& /*index*/) const override {
        return {kCellWidth, kCellHeight};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme theme = currentTheme();
        const QRect tile(option.rect.topLeft() + QPoint(kRing, kRing),
                         QSize(metrics::kResult, metrics::kResult));
        const auto image = qvariant_cast<QImage>(index.data(Qt::DecorationRole));
        if (image.isNull()) {
            painter->fillRect(tile, theme.field);
            paintIcon(*painter, QStringLiteral("image"), tile, theme.disabled);
        } else {
            painter->drawPixmap(tile.topLeft(), ready(image, *painter));
        }
        if (!index.data(PictureLibrary::SavedRole).toBool()) {
            const QRect mark(tile.right() - 21, tile.y() + 2, 20, 20);
            painter->fillRect(mark, theme.raised);
            paintIcon(*painter, QStringLiteral("warning"), mark, theme.warning);
        }
        const bool selected = option.state & QStyle::State_Selected;
        const bool hovered = option.state & QStyle::State_MouseOver;
        if (selected || hovered) {
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(QPen(selected ? theme.accent : theme.control, selected ? 2 : 1));
            painter->drawRoundedRect(QRectF(tile).adjusted(-2, -2, 2, 2), 3, 3);
            painter->restore();
        }
        paintStars(*painter, option.rect, index.data(PictureLibrary::StarsRole).toInt(), hovered,
                   theme);
    }

private:
    const QPixmap& ready(const QImage& image, const QPainter& painter) const {
        const qreal ratio = painter.device()->devicePixelRatioF();
        if (ratio != ratio_) {
            pixmaps_.clear();
            ratio_ = ratio;
        }
        if (const QPixmap* there = pixmaps_.object(image.cacheKey())) {
            return *there;
        }
        const QSize side = QSize(metrics::kResult, metrics::kResult) * ratio;
        auto* pixmap = new QPixmap(side);
        pixmap->fill(Qt::transparent);
        pixmap->setDevicePixelRatio(ratio);
        QPainter inside(pixmap);
        paintFilling(inside, QRect(0, 0, metrics::kResult, metrics::kResult), image);
        inside.end();
        pixmaps_.insert(image.cacheKey(), pixmap);
        return *pixmap;
    }

    static void paintStars(QPainter& painter, const QRect& cell, int stars, bool hovered,
                           const Theme& theme) {
        const int shown = hovered ? kMostStars : stars;
        if (shown == 0) {
            return;
        }
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        for (int i = 0; i < shown; ++i) {
            const QRectF area(cell.x() + kRing + 1 + i * kStarPitch, cell.y() + kStarTop, kStar,
                              kStar);
            const bool given = i < stars;
            painter.setPen(given ? QPen(Qt::NoPen) : QPen(theme.control, 1));
            painter.setBrush(given ? QBrush(theme.text2) : QBrush(Qt::NoBrush));
            painter.drawPath(starPath(area));
        }
        painter.restore();
    }

    mutable QCache<qint64, QPixmap> pixmaps_;
    mutable qreal ratio_ = 0;
};

} // namespace

PictureTiles::PictureTiles(QWidget* parent) : QListView(parent) {
    setObjectName(QStringLiteral("pictures"));
    setAccessibleName(tr("Pictures of the library"));
    setItemDelegate(new TileDelegate(this));
    setFlow(QListView::LeftToRight);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    setDragEnabled(true);
    setDragDropMode(QAbstractItemView::DragOnly);
    setDefaultDropAction(Qt::CopyAction);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setResizeMode(QListView::Adjust);
    setGrid(false);
}

void PictureTiles::setGrid(bool grid) {
    setWrapping(grid);
    setHorizontalScrollBarPolicy(grid ? Qt::ScrollBarAlwaysOff : Qt::ScrollBarAsNeeded);
    setVerticalScrollBarPolicy(grid ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
}

void PictureTiles::setEmptyText(const QString& text) {
    empty_text_ = text;
    viewport()->update();
}

void PictureTiles::focusInEvent(QFocusEvent* event) {
    focus_by_key_ = event->reason() != Qt::MouseFocusReason;
    QListView::focusInEvent(event);
}

void PictureTiles::paintEvent(QPaintEvent* event) {
    QListView::paintEvent(event);
    if (hasFocus() && focus_by_key_) {
        // Of the chosen picture one sees that it is chosen, not that keys go there.
        QPainter painter(viewport());
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(currentTheme().accent, 2));
        painter.drawRoundedRect(QRectF(viewport()->rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
    if (model() && model()->rowCount() == 0) {
        QPainter painter(viewport());
        painter.setFont(textFont(12));
        painter.setPen(currentTheme().text2);
        painter.drawText(viewport()->rect().adjusted(4, 0, -4, -kScrollBar), Qt::AlignCenter,
                         empty_text_);
    }
}

int PictureTiles::stripHeight() {
    return kCellHeight + kScrollBar;
}

QList<PictureId> PictureTiles::selectedPictures() const {
    QModelIndexList indexes = selectedIndexes();
    std::sort(indexes.begin(), indexes.end());
    QList<PictureId> ids;
    for (const QModelIndex& index : std::as_const(indexes)) {
        ids.append(index.data(PictureLibrary::IdRole).toLongLong());
    }
    return ids;
}

PictureId PictureTiles::currentPicture() const {
    return currentIndex().data(PictureLibrary::IdRole).toLongLong();
}

int PictureTiles::starAt(const QPoint& at, const QModelIndex& index) const {
    const QRect cell = visualRect(index);
    const QPoint inside = at - cell.topLeft();
    if (!index.isValid() || inside.y() < kStarTop - 2 || inside.x() < kRing ||
        inside.x() >= kRing + kMostStars * kStarPitch) {
        return 0;
    }
    return 1 + (inside.x() - kRing) / kStarPitch;
}

// A click on the star that is the last given takes all away. It chooses no picture.
void PictureTiles::mousePressEvent(QMouseEvent* event) {
    const QModelIndex index = indexAt(event->position().toPoint());
    const int star = starAt(event->position().toPoint(), index);
    if (star == 0 || event->button() != Qt::LeftButton) {
        QListView::mousePressEvent(event);
        return;
    }
    const int stars = index.data(PictureLibrary::StarsRole).toInt() == star ? 0 : star;
    const PictureId id = index.data(PictureLibrary::IdRole).toLongLong();
    const QList<PictureId> selected = selectedPictures();
    Q_EMIT starsRequested(selected.contains(id) ? selected : QList<PictureId>{id}, stars);
    event->accept();
}

void PictureTiles::mouseDoubleClickEvent(QMouseEvent* event) {
    const QModelIndex index = indexAt(event->position().toPoint());
    if (starAt(event->position().toPoint(), index) != 0) {
        mousePressEvent(event);
    } else if (index.isValid() && event->button() == Qt::LeftButton) {
        Q_EMIT activatedPicture(index.data(PictureLibrary::IdRole).toLongLong());
    }
}

void PictureTiles::keyPressEvent(QKeyEvent* event) {
    const bool plain = (event->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    const int digit = event->key() - Qt::Key_0;
    if (plain && digit >= 0 && digit <= kMostStars) {
        Q_EMIT starsRequested(selectedPictures(), digit);
    } else if (plain && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)) {
        Q_EMIT trashRequested(selectedPictures());
    } else if (plain && (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)) {
        Q_EMIT activatedPicture(currentPicture());
    } else {
        QListView::keyPressEvent(event);
    }
}

// One small tile under the pointer, with how many it stands for.
void PictureTiles::startDrag(Qt::DropActions actions) {
    QModelIndexList indexes = selectedIndexes();
    std::sort(indexes.begin(), indexes.end());
    QMimeData* dragged = model()->mimeData(indexes);
    if (!dragged) {
        return;
    }
    constexpr int kSide = 56;
    const Theme theme = currentTheme();
    const QModelIndex first = indexes.contains(currentIndex()) ? currentIndex() : indexes.front();
    QPixmap pixmap(QSize(kSide, kSide) * devicePixelRatioF());
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    pixmap.fill(theme.field);
    QPainter painter(&pixmap);
    const QRect area(0, 0, kSide, kSide);
    if (const auto image = qvariant_cast<QImage>(first.data(Qt::DecorationRole)); !image.isNull()) {
        paintFilling(painter, area, image);
    }
    painter.setPen(QPen(theme.accent, 2));
    painter.drawRect(area.adjusted(1, 1, -1, -1));
    if (indexes.size() > 1) {
        const QRect badge(kSide - 24, kSide - 18, 22, 16);
        painter.fillRect(badge, theme.fill);
        painter.setPen(Qt::white);
        painter.setFont(numberFont(11));
        painter.drawText(badge, Qt::AlignCenter, QString::number(indexes.size()));
    }
    painter.end();
    auto* drag = new QDrag(this);
    drag->setMimeData(dragged);
    drag->setPixmap(pixmap);
    drag->setHotSpot({kSide / 2, kSide / 2});
    drag->exec(actions, Qt::CopyAction);
}

// The strip has only one way to go.
void PictureTiles::wheelEvent(QWheelEvent* event) {
    const QPoint turned = event->angleDelta();
    if (isWrapping() || turned.x() != 0) {
        QListView::wheelEvent(event);
        return;
    }
    constexpr int kNotch = 120; // eighths of a degree
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() -
                                    turned.y() * kCellWidth / kNotch);
    event->accept();
}

} // namespace likeness
