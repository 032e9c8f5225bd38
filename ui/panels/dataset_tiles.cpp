#include "ui/panels/dataset_tiles.h"

#include "ui/icons.h"
#include "ui/model/training_set.h"
#include "ui/theme.h"
#include "ui/widgets/image_tile.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyledItemDelegate>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kTileSide = 52;
constexpr int kTilePitch = 56;
constexpr int kTileInset = (kTilePitch - kTileSide) / 2;
constexpr int kLeastRows = 2;
constexpr int kTileScroll = 10; // room for a scroll bar, also while there is none

// What of the whole picture lies in the tile, which it fills.
QRectF cropInTile(const QRectF& share, const QImage& image, const QRect& tile) {
    const QSizeF whole = QSizeF(image.size()).scaled(tile.size(), Qt::KeepAspectRatioByExpanding);
    const QPointF corner = QRectF(tile).center() - QPointF(whole.width(), whole.height()) / 2;
    const QRectF crop(corner.x() + share.x() * whole.width(),
                      corner.y() + share.y() * whole.height(), share.width() * whole.width(),
                      share.height() * whole.height());
    return crop.intersected(tile);
}

class DatasetDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& /*option*/,
                   const QModelIndex& /*index*/) const override {
        return {kTilePitch, kTilePitch};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme theme = currentTheme();
        const QRect tile(option.rect.topLeft() + QPoint(kTileInset, kTileInset),
                         QSize(kTileSide, kTileSide));
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setRenderHint(QPainter::SmoothPixmapTransform);
        const auto image = qvariant_cast<QImage>(index.data(Qt::DecorationRole));
        if (image.isNull()) {
            painter->fillRect(tile, theme.field);
            const bool missing = index.data(TrainingSet::MissingRole).toBool();
            paintIcon(*painter, missing ? QStringLiteral("warning") : QStringLiteral("image"), tile,
                      missing ? theme.warning : theme.disabled);
        } else {
            paintFilling(*painter, tile, image);
            const QRectF share = index.data(TrainingSet::CropRole).toRectF();
            if (!share.isNull()) {
                const QRectF crop = cropInTile(share, image, tile);
                QPainterPath outside;
                outside.addRect(tile);
                outside.addRect(crop);
                painter->fillPath(outside, QColor(0, 0, 0, 150)); // even-odd: around the crop
                if (crop != QRectF(tile)) {
                    painter->setPen(QPen(Qt::white, 1));
                    painter->setBrush(Qt::NoBrush);
                    painter->drawRect(crop.adjusted(0.5, 0.5, -0.5, -0.5));
                }
            }
        }
        const bool selected = option.state & QStyle::State_Selected;
        const bool hovered = option.state & QStyle::State_MouseOver;
        const bool marked = index.data(TrainingSet::MarkedRole).toBool();
        if (selected || hovered || marked) {
            painter->setBrush(Qt::NoBrush);
            painter->setPen(QPen(selected ? theme.accent
                                 : marked ? theme.warning
                                          : theme.control,
                                 selected || marked ? 2 : 1));
            painter->drawRoundedRect(QRectF(tile).adjusted(-1.5, -1.5, 1.5, 1.5), 2, 2);
        }
        painter->restore();
    }
};

} // namespace

DatasetTiles::DatasetTiles(TrainingSet& set, QWidget* parent) : QListView(parent) {
    setObjectName(QStringLiteral("dataset_tiles"));
    setAccessibleName(tr("Pictures to learn from"));
    setItemDelegate(new DatasetDelegate(this));
    setModel(&set);
    setFlow(QListView::LeftToRight);
    setWrapping(true);
    setResizeMode(QListView::Adjust);
    setUniformItemSizes(true);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setMouseTracking(true);
    setAcceptDrops(false);
    setContextMenuPolicy(Qt::CustomContextMenu);
    setFrameShape(QFrame::NoFrame);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    const auto fit = [this] {
        setMaximumHeight(std::max(kLeastRows * kTilePitch, neededHeight()));
        updateGeometry();
    };
    connect(&set, &QAbstractItemModel::modelReset, this, fit);
    fit();
}

int DatasetTiles::neededHeight() const {
    const int columns = std::max(1, (width() - kTileScroll) / kTilePitch);
    const int count = model() ? model()->rowCount() : 0;
    return (count + columns - 1) / columns * kTilePitch + 4;
}

QSize DatasetTiles::sizeHint() const {
    return {4 * kTilePitch, neededHeight()};
}

QSize DatasetTiles::minimumSizeHint() const {
    return {2 * kTilePitch, std::min(neededHeight(), kLeastRows * kTilePitch)};
}

QList<quint64> DatasetTiles::selectedPictures() const {
    QModelIndexList indexes = selectedIndexes();
    std::sort(indexes.begin(), indexes.end());
    QList<quint64> ids;
    for (const QModelIndex& index : std::as_const(indexes)) {
        ids.append(index.data(TrainingSet::IdRole).toULongLong());
    }
    return ids;
}

void DatasetTiles::resizeEvent(QResizeEvent* event) {
    QListView::resizeEvent(event);
    setMaximumHeight(std::max(kLeastRows * kTilePitch, neededHeight()));
    updateGeometry();
}

void DatasetTiles::currentChanged(const QModelIndex& current, const QModelIndex& previous) {
    QListView::currentChanged(current, previous);
    Q_EMIT currentPictureChanged(current.data(TrainingSet::IdRole).toULongLong());
}

void DatasetTiles::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) {
        Q_EMIT removeRequested(selectedPictures());
    } else if (event->key() == Qt::Key_Space) {
        event->ignore(); // pauses a training
    } else {
        QListView::keyPressEvent(event);
    }
}

void DatasetTiles::focusInEvent(QFocusEvent* event) {
    focus_by_key_ = event->reason() != Qt::MouseFocusReason;
    QListView::focusInEvent(event);
}

void DatasetTiles::paintEvent(QPaintEvent* event) {
    QListView::paintEvent(event);
    QPainter painter(viewport());
    if (model()->rowCount() == 0) {
        painter.setFont(textFont(12));
        painter.setPen(currentTheme().text2);
        painter.drawText(viewport()->rect().adjusted(8, 0, -8, 0),
                         Qt::AlignCenter | Qt::TextWordWrap,
                         tr("Pictures of one thing, or a folder of them. A .txt file beside a "
                            "picture is its caption."));
    }
    if (hasFocus() && focus_by_key_) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(currentTheme().accent, 2));
        painter.drawRoundedRect(QRectF(viewport()->rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
}

} // namespace likeness
