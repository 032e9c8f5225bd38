#include "ui/widgets/mask_editor.h"

#include "ui/theme.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QTabletEvent>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr double kBrushSmallest = 0.01;
constexpr double kBrushLargest = 0.5;
constexpr double kBrushNotch = 1.25;
constexpr int kActsOpacity = 130; // opacity of the overlay where the mask is full
constexpr int kCoversOpacity = 225;
constexpr int kOverlayRows = 30; // device pixels; see PictureView::paintInStrips

} // namespace

MaskEditor::MaskEditor(QWidget* over, std::function<QRectF()> picture_rect, Overlay overlay)
    : QWidget(over), picture_rect_(std::move(picture_rect)), overlay_kind_(overlay) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setCursor(Qt::CrossCursor);
    setContextMenuPolicy(Qt::PreventContextMenu); // the right button erases
    setGeometry(over->rect());
    over->installEventFilter(this);
    setObjectName(QStringLiteral("mask_editor"));
    setAccessibleName(tr("Mask brush"));
}

void MaskEditor::begin(const ImagePtr& mask, QSize picture) {
    painting_ = MaskPainting(mask, maskSize(picture));
    told_ = mask;
    painting_now_ = false;
    setBrushShare(brush_share_);
    refresh();
}

void MaskEditor::setMask(const ImagePtr& mask) {
    if (mask != told_ && !painting_now_) {
        told_ = mask;
        painting_ = MaskPainting(mask, painting_.pixels().size());
        refresh();
    }
}

void MaskEditor::setCover(const QColor& cover) {
    if (cover != cover_) {
        cover_ = cover;
        refresh();
    }
}

void MaskEditor::setBrushShare(double share) {
    brush_share_ = std::clamp(share, kBrushSmallest, kBrushLargest);
    const QSize size = painting_.pixels().size();
    brush_.radius = brush_share_ * std::max(size.width(), size.height()) / 2;
    update();
    Q_EMIT brushChanged();
}

void MaskEditor::setFeather(double feather) {
    brush_.feather = std::clamp(feather, 0.0, 1.0);
    update();
    Q_EMIT brushChanged();
}

void MaskEditor::clear() {
    painting_.clear();
    refresh();
    told_ = nullptr;
    Q_EMIT painted(nullptr);
}

void MaskEditor::invert() {
    painting_.invert();
    refresh();
    told_ = painting_.finished();
    Q_EMIT painted(told_);
}

QPointF MaskEditor::toMask(QPointF at) const {
    const QRectF room = picture_rect_();
    const QSize size = painting_.pixels().size();
    return {(at.x() - room.left()) * size.width() / std::max(1.0, room.width()),
            (at.y() - room.top()) * size.height() / std::max(1.0, room.height())};
}

void MaskEditor::strokeTo(QPointF at) {
    Brush brush = brush_;
    brush.radius *= pressure_;
    const bool was_empty = painting_.isEmpty();
    const QRect touched = painting_.stroke(toMask(last_), toMask(at), brush);
    last_ = at;
    tint(was_empty ? painting_.pixels().rect() : touched);
    update();
    Q_EMIT overlayChanged();
}

// The mask as a coloured veil.
void MaskEditor::tint(const QRect& part) {
    const Theme theme = currentTheme();
    const bool acts = overlay_kind_ == Overlay::acts;
    const QColor color = acts ? theme.accent : cover_.isValid() ? cover_ : QColor(122, 116, 104);
    for (int y = part.top(); y <= part.bottom(); ++y) {
        const uchar* from = painting_.pixels().constScanLine(y);
        auto* to = reinterpret_cast<QRgb*>(overlay_.scanLine(y));
        for (int x = part.left(); x <= part.right(); ++x) {
            const int share = painting_.isEmpty() ? 0 : acts ? from[x] : 255 - from[x];
            const int alpha = share * (acts ? kActsOpacity : kCoversOpacity) / 255;
            to[x] = qPremultiply(qRgba(color.red(), color.green(), color.blue(), alpha));
        }
    }
}

void MaskEditor::refresh() {
    const QSize size = painting_.pixels().size();
    if (size.isEmpty()) {
        return;
    }
    if (overlay_.size() != size) {
        overlay_ = QImage(size, QImage::Format_ARGB32_Premultiplied);
    }
    tint(overlay_.rect());
    update();
    Q_EMIT overlayChanged();
}

void MaskEditor::paintEvent(QPaintEvent* event) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::SmoothPixmapTransform);
    const QRectF room = picture_rect_();
    const QRect area = overlay_kind_ == Overlay::acts ? room.toAlignedRect() & event->rect()
                                                      : QRect(); // the widget below draws it
    const int rows = std::max(1, static_cast<int>(kOverlayRows / devicePixelRatioF()));
    for (int y = area.top(); y <= area.bottom(); y += rows) {
        painter.setClipRect(QRect(area.left(), y, area.width(), rows) & area);
        painter.drawImage(room, overlay_);
    }
    painter.setClipping(false);
    if (pointer_here_) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(Qt::NoBrush);
        const double radius = brush_share_ * std::max(room.width(), room.height()) / 2 *
                              (painting_now_ ? pressure_ : 1);
        painter.setPen(QPen(QColor(0, 0, 0, 170), 3));
        painter.drawEllipse(pointer_, radius, radius);
        painter.setPen(QPen(Qt::white, 1));
        painter.drawEllipse(pointer_, radius, radius);
    }
    if (hasFocus()) {
        painter.setPen(QPen(currentTheme().accent, 1));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void MaskEditor::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::RightButton) {
        event->ignore();
        return;
    }
    brush_.erase =
        event->button() == Qt::RightButton || event->modifiers().testFlag(Qt::AltModifier);
    painting_now_ = true;
    last_ = event->position();
    strokeTo(event->position());
}

void MaskEditor::mouseMoveEvent(QMouseEvent* event) {
    pointer_ = event->position();
    pointer_here_ = true;
    if (painting_now_) {
        strokeTo(event->position());
    } else if (event->buttons() != Qt::NoButton) {
        event->ignore();
    }
    update();
}

void MaskEditor::mouseReleaseEvent(QMouseEvent* event) {
    if (!painting_now_) {
        event->ignore();
        return;
    }
    painting_now_ = false;
    pressure_ = 1;
    told_ = painting_.finished();
    Q_EMIT painted(told_);
}

void MaskEditor::wheelEvent(QWheelEvent* event) {
    event->ignore(); // zooms what lies below
}

void MaskEditor::tabletEvent(QTabletEvent* event) {
    pressure_ = std::clamp(0.2 + 0.8 * event->pressure(), 0.2, 1.0);
    event->ignore(); // comes again as the mouse
}

void MaskEditor::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_BracketLeft:
        return setBrushShare(brush_share_ / kBrushNotch);
    case Qt::Key_BracketRight:
        return setBrushShare(brush_share_ * kBrushNotch);
    case Qt::Key_Escape:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT ended();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

void MaskEditor::leaveEvent(QEvent* event) {
    QWidget::leaveEvent(event);
    pointer_here_ = false;
    update();
}

// Escape stops a run elsewhere in the window; here it ends the brush.
bool MaskEditor::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_BracketLeft || key == Qt::Key_BracketRight) {
            event->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

bool MaskEditor::eventFilter(QObject* watched, QEvent* event) {
    if (watched == parent() && event->type() == QEvent::Resize) {
        setGeometry(parentWidget()->rect());
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace likeness
