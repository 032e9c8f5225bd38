#include "ui/widgets/drop_well.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QPainter>

namespace likeness {

DropWell::DropWell(QWidget* parent) : QAbstractButton(parent) {
    setFocusPolicy(Qt::TabFocus);
    setMinimumHeight(64);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void DropWell::setState(State state, const QString& words) {
    state_ = state;
    setText(words);
    setAccessibleName(words);
    update();
}

QSize DropWell::sizeHint() const {
    return {200, 96};
}

void DropWell::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void DropWell::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void DropWell::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool quiet = state_ == State::resting && !hasFocus();
    QPen pen(theme.control, 1);
    if (quiet) {
        pen.setDashPattern({4, 4});
        pen.setColor(underMouse() ? theme.text2 : theme.control);
    } else {
        pen = QPen(state_ == State::refused ? theme.error : theme.accent, 2);
    }
    painter.setPen(pen);
    painter.setBrush(state_ == State::over                      ? QBrush(theme.soft)
                     : underMouse() && state_ == State::resting ? QBrush(theme.hover)
                                                                : QBrush(Qt::NoBrush));
    const qreal inset = quiet ? 0.5 : 1;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), metrics::kRadius,
                            metrics::kRadius);

    const QColor ink = state_ == State::resting ? theme.text2 : theme.text;
    const QString icon = state_ == State::refused   ? QStringLiteral("warning")
                         : state_ == State::resting ? QStringLiteral("plus")
                                                    : QStringLiteral("drop");
    const QColor icon_ink = state_ == State::refused   ? theme.error
                            : state_ == State::resting ? theme.text2
                                                       : theme.accent;
    painter.setFont(textFont());
    const QRect room = rect().adjusted(12 + 24, 8, -12, -8);
    const QRect words = painter.boundingRect(room, Qt::AlignCenter | Qt::TextWordWrap, text());
    const QRect placed = words.translated(-12 + 6, 0);
    paintIcon(painter, icon, QRect(placed.left() - 26, 0, 20, height()), icon_ink);
    painter.setPen(ink);
    painter.drawText(placed.adjusted(-1, 0, 2, 0), Qt::AlignCenter | Qt::TextWordWrap, text());
}

} // namespace likeness
