#include "ui/canvas/rung_strip.h"

#include "ui/icons.h"
#include "ui/model/comparison_model.h"
#include "ui/theme.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/key_focus.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kRungLargest = 128;
constexpr int kRungSmallest = 56;
constexpr int kRungTop = 12;
constexpr int kRungCaption = 28;
constexpr int kGapReach = 4; // into the rungs on both sides
constexpr int kRungMark = 20;

} // namespace

RungStrip::RungStrip(const ComparisonModel& model, QWidget* parent)
    : QWidget(parent), model_(model), focus_(new KeyFocus(*this)) {
    setObjectName(QStringLiteral("rung_strip"));
    setAccessibleName(tr("Rungs"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&model, &ComparisonModel::reset, this, [this] {
        scroll_ = 0;
        update();
    });
    connect(&model, &ComparisonModel::inserted, this, [this] { update(); });
    connect(&model, &ComparisonModel::cellChanged, this, [this] { update(); });
    connect(&model, &ComparisonModel::marksChanged, this, [this] { update(); });
}

QSize RungStrip::sizeHint() const {
    return {640, kRungTop + kRungLargest + kRungCaption + 4};
}

int RungStrip::count() const {
    return static_cast<int>(model_.cells().size());
}

int RungStrip::side() const {
    const int room = width() - 2 * metrics::kCanvasMargin;
    const int each = count() == 0 ? kRungLargest : (room + metrics::kGap) / count() - metrics::kGap;
    return std::clamp(each, kRungSmallest, kRungLargest);
}

QRect RungStrip::rungRect(int index) const {
    const int pitch = side() + metrics::kGap;
    return {metrics::kCanvasMargin + index * pitch - scroll_, kRungTop, side(), side()};
}

QRect RungStrip::gapRect(int index) const {
    const QRect rung = rungRect(index);
    return {rung.right() + 1 - kGapReach, rung.top(), metrics::kGap + 2 * kGapReach, rung.height()};
}

int RungStrip::rungAt(const QPoint& at) const {
    for (int i = 0; i < count(); ++i) {
        if (rungRect(i).adjusted(0, 0, 0, kRungCaption).contains(at)) {
            return i;
        }
    }
    return -1;
}

int RungStrip::gapAt(const QPoint& at) const {
    for (int i = 0; i + 1 < count(); ++i) {
        if (gapRect(i).contains(at) && model_.canInsertAfter(i)) {
            return i;
        }
    }
    return -1;
}

void RungStrip::scrollBy(int pixels) {
    const int pitch = side() + metrics::kGap;
    const int most =
        std::max(0, 2 * metrics::kCanvasMargin + count() * pitch - metrics::kGap - width());
    scroll_ = std::clamp(scroll_ + pixels, 0, most);
    update();
}

void RungStrip::scrollTo(int index) {
    const QRect rung = rungRect(index);
    if (rung.left() < metrics::kCanvasMargin) {
        scrollBy(rung.left() - metrics::kCanvasMargin);
    } else if (rung.right() > width() - metrics::kCanvasMargin) {
        scrollBy(rung.right() - width() + metrics::kCanvasMargin);
    }
}

void RungStrip::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        return;
    }
    const QPoint at = event->position().toPoint();
    if (const int gap = gapAt(at); gap >= 0) {
        Q_EMIT insertRequested(gap);
    } else if (const int rung = rungAt(at); rung >= 0) {
        if (event->modifiers() & Qt::ShiftModifier) {
            Q_EMIT marksRequested(rung, model_.b());
        } else {
            Q_EMIT marksRequested(model_.a(), rung);
        }
    }
}

void RungStrip::mouseDoubleClickEvent(QMouseEvent* event) {
    const QPoint at = event->position().toPoint();
    if (gapAt(at) < 0 && rungAt(at) >= 0) {
        Q_EMIT largeRequested(rungAt(at));
    }
}

void RungStrip::mouseMoveEvent(QMouseEvent* event) {
    const int gap = gapAt(event->position().toPoint());
    if (gap != hovered_gap_) {
        hovered_gap_ = gap;
        setCursor(gap >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
        update();
    }
}

void RungStrip::leaveEvent(QEvent* /*event*/) {
    hovered_gap_ = -1;
    update();
}

void RungStrip::wheelEvent(QWheelEvent* event) {
    const QPoint turned = event->angleDelta();
    scrollBy(-(turned.y() != 0 ? turned.y() : turned.x()));
    event->accept();
}

void RungStrip::keyPressEvent(QKeyEvent* event) {
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    const int at = shift ? model_.a() : model_.b();
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const int next =
            std::clamp(at + (event->key() == Qt::Key_Left ? -1 : 1), 0, std::max(0, count() - 1));
        Q_EMIT marksRequested(shift ? next : model_.a(), shift ? model_.b() : next);
        scrollTo(next);
        return;
    }
    case Qt::Key_Insert:
    case Qt::Key_Plus:
        Q_EMIT insertRequested(model_.b());
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT keepRequested();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

bool RungStrip::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int gap = gapAt(help->pos());
        const int rung = rungAt(help->pos());
        QToolTip::showText(help->globalPos(),
                           gap >= 0    ? tr("Add a picture between these two")
                           : rung >= 0 ? tr("Click: B. Shift+click: A. Double click: large")
                                       : QString(),
                           this);
        return true;
    }
    return QWidget::event(event);
}

void RungStrip::paintRung(QPainter& painter, int index) const {
    const Theme theme = currentTheme();
    const ComparisonCell& cell = *model_.cell(index);
    const QRect rung = rungRect(index);
    const QImage& image = cell.thumbnail.isNull() ? cell.image : cell.thumbnail;
    if (image.isNull()) {
        painter.fillRect(rung, theme.field);
        painter.setPen(QPen(theme.line, 1));
        painter.drawRect(rung.adjusted(0, 0, -1, -1));
        if (cell.state == ComparisonCell::State::failed) {
            paintIcon(painter, QStringLiteral("warning"), rung, theme.error);
        }
    } else {
        paintFilling(painter, rung, image);
    }
    const bool is_a = index == model_.a();
    const bool is_b = index == model_.b();
    if (is_a || is_b) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(QRectF(rung).adjusted(-2, -2, 2, 2), 3, 3);
        painter.setRenderHint(QPainter::Antialiasing, false);
        const QString mark = is_a && is_b ? QStringLiteral("AB")
                             : is_a       ? QStringLiteral("A")
                                          : QStringLiteral("B");
        const QRect box(rung.topLeft(), QSize(is_a && is_b ? kRungMark + 8 : kRungMark, kRungMark));
        painter.fillRect(box, theme.fill);
        painter.setFont(textFont(12, QFont::DemiBold));
        painter.setPen(Qt::white);
        painter.drawText(box, Qt::AlignCenter, mark);
    }
    const QFont font = numberFont(13, is_a || is_b ? QFont::DemiBold : QFont::Normal);
    painter.setFont(font);
    painter.setPen(is_a || is_b ? theme.text : theme.text2);
    const QRect below(rung.left() - 3, rung.bottom() + 2, rung.width() + 6, kRungCaption);
    painter.drawText(below, Qt::AlignCenter,
                     QFontMetrics(font).elidedText(cell.caption, Qt::ElideMiddle, below.width()));
}

void RungStrip::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, 0, width(), 1), theme.edge);
    for (int i = 0; i < count(); ++i) {
        paintRung(painter, i);
    }
    if (hovered_gap_ >= 0 && hovered_gap_ + 1 < count()) {
        const QRect gap = gapRect(hovered_gap_);
        painter.fillRect(QRect(gap.center().x(), gap.top(), 2, gap.height()), theme.accent);
        QRect badge(0, 0, 20, 20);
        badge.moveCenter(gap.center() + QPoint(1, 0));
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.fill);
        painter.drawRoundedRect(badge, 3, 3);
        paintIcon(painter, QStringLiteral("plus"), badge, Qt::white);
    }
    focus_->paintRing(painter);
}

} // namespace likeness
