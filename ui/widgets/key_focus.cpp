#include "ui/widgets/key_focus.h"

#include "ui/theme.h"

#include <QFocusEvent>
#include <QPainter>
#include <QWidget>

namespace likeness {

KeyFocus::KeyFocus(QWidget& widget) : QObject(&widget), widget_(widget) {
    widget.installEventFilter(this);
}

bool KeyFocus::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn) {
        const Qt::FocusReason reason = static_cast<QFocusEvent*>(event)->reason();
        by_key_ = reason == Qt::TabFocusReason || reason == Qt::BacktabFocusReason;
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) {
        widget_.update();
    }
    return QObject::eventFilter(watched, event);
}

void KeyFocus::paintRing(QPainter& painter) const {
    if (by_key_ && widget_.hasFocus()) {
        painter.setPen(QPen(currentTheme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(widget_.rect().adjusted(1, 1, -1, -1));
    }
}

} // namespace likeness
