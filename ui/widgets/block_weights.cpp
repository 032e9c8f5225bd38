#include "ui/widgets/block_weights.h"

#include "core/request/limits.h"
#include "ui/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kColumnHeight = 28;
constexpr int kSideLabel = 16;
constexpr int kColumnGap = 2;
constexpr int kSideGap = 8; // between down, mid and up

// "down", "mid" or "up".
QString sideOfBlock(const std::string& block) {
    return QString::fromStdString(block.substr(0, block.find('.')));
}

} // namespace

BlockWeights::BlockWeights(QWidget* parent) : QWidget(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setFixedHeight(kColumnHeight + kSideLabel);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMouseTracking(true);
}

QSize BlockWeights::sizeHint() const {
    return {200, kColumnHeight + kSideLabel};
}

void BlockWeights::setColumns(const std::vector<Column>& columns) {
    if (columns == columns_) {
        return;
    }
    const bool same_blocks =
        std::ranges::equal(columns, columns_, {}, &Column::block, &Column::block);
    columns_ = columns;
    if (!same_blocks) {
        choose(columns_.empty() ? -1 : 0);
    }
    update();
}

QRect BlockWeights::columnRect(int index) const {
    const int count = static_cast<int>(columns_.size());
    int sides = 0;
    int before = 0;
    for (int i = 1; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        if (sideOfBlock(columns_[at].block) != sideOfBlock(columns_[at - 1].block)) {
            ++sides;
            before += i <= index ? 1 : 0;
        }
    }
    const int extra = kSideGap - kColumnGap;
    const double pitch =
        (width() + kColumnGap - sides * extra) / static_cast<double>(std::max(1, count));
    const int left = static_cast<int>(std::lround(index * pitch)) + before * extra;
    const int right =
        static_cast<int>(std::lround((index + 1) * pitch)) + before * extra - kColumnGap;
    return {left, 0, std::max(2, right - left), kColumnHeight};
}

int BlockWeights::columnAt(double x) const {
    int nearest = -1;
    double distance = 1e9;
    for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
        const double away = std::abs(columnRect(i).center().x() + 0.5 - x);
        if (away < distance) {
            distance = away;
            nearest = i;
        }
    }
    return nearest;
}

void BlockWeights::choose(int index) {
    current_ = index;
    if (index >= 0) {
        const Column& column = columns_[static_cast<std::size_t>(index)];
        setAccessibleDescription(QStringLiteral("%1 %2").arg(
            QString::fromStdString(column.block), QString::number(column.scale, 'f', 2)));
    }
    Q_EMIT currentChanged(index);
    update();
}

void BlockWeights::change(double scale) {
    if (current_ < 0) {
        return;
    }
    const Limit& row = limit("block_scale");
    Column& column = columns_[static_cast<std::size_t>(current_)];
    const double next = std::round(std::clamp(scale, row.minimum, row.maximum) * 100) / 100;
    if (next != column.scale) {
        column.scale = next;
        choose(current_);
        Q_EMIT edited(column.block, next);
    }
}

void BlockWeights::changeTo(const QPointF& at) {
    // Steps of a twentieth: a column is 28 pixels high.
    const double share = std::clamp(1 - at.y() / (kColumnHeight - 1), 0.0, 1.0);
    change(std::round(share * 20) / 20);
}

void BlockWeights::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setFont(textFont(11));
    QString side;
    for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
        const Column& column = columns_[static_cast<std::size_t>(i)];
        const QRect room = columnRect(i);
        painter.fillRect(room, theme.field);
        const int height =
            static_cast<int>(std::lround(std::clamp(column.scale, 0.0, 1.0) * (room.height() - 2)));
        painter.fillRect(QRect(room.left(), room.bottom() + 1 - height, room.width(), height),
                         column.scale > 1 ? theme.soft : theme.track);
        painter.fillRect(QRect(room.left(), room.bottom() - 1 - height, room.width(), 2),
                         isEnabled() ? theme.accent : theme.disabled);
        if (hasFocus() && keyboard_ && i == current_) {
            painter.setPen(QPen(theme.accent, 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(room.adjusted(0, 0, -1, -1));
        }
        if (sideOfBlock(column.block) != side) {
            side = sideOfBlock(column.block);
            painter.setPen(theme.text2);
            painter.drawText(QRect(room.left(), kColumnHeight, 60, kSideLabel), Qt::AlignVCenter,
                             side);
        }
    }
}

void BlockWeights::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || columns_.empty()) {
        event->ignore();
        return;
    }
    keyboard_ = false;
    choose(columnAt(event->position().x()));
    changeTo(event->position());
}

void BlockWeights::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) {
        changeTo(event->position());
    }
}

void BlockWeights::mouseDoubleClickEvent(QMouseEvent* /*event*/) {
    change(limit("block_scale").default_value);
}

void BlockWeights::keyPressEvent(QKeyEvent* event) {
    const int count = static_cast<int>(columns_.size());
    keyboard_ = true;
    const double size =
        (event->modifiers() & Qt::ShiftModifier ? 5 : 1) * limit("block_scale").step;
    const double scale = current_ < 0 ? 1 : columns_[static_cast<std::size_t>(current_)].scale;
    switch (event->key()) {
    case Qt::Key_Left:
        choose(std::max(0, current_ - 1));
        break;
    case Qt::Key_Right:
        choose(std::min(count - 1, current_ + 1));
        break;
    case Qt::Key_Up:
        change(scale + size);
        break;
    case Qt::Key_Down:
        change(scale - size);
        break;
    case Qt::Key_Delete:
    case Qt::Key_Backspace:
        change(limit("block_scale").default_value);
        break;
    default:
        QWidget::keyPressEvent(event);
    }
    update();
}

bool BlockWeights::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && !columns_.empty()) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const Column& column = columns_[static_cast<std::size_t>(columnAt(help->pos().x()))];
        QToolTip::showText(help->globalPos(),
                           QStringLiteral("block_scales %1: %2")
                               .arg(QString::fromStdString(column.block))
                               .arg(column.scale, 0, 'f', 2),
                           this);
        return true;
    }
    return QWidget::event(event);
}

void BlockWeights::focusInEvent(QFocusEvent* event) {
    keyboard_ = event->reason() != Qt::MouseFocusReason;
    QWidget::focusInEvent(event);
    update();
}

void BlockWeights::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    update();
}

} // namespace likeness
