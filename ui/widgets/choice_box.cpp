#include "ui/widgets/choice_box.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QPainter>
#include <QWheelEvent>

namespace likeness {

ChoiceBox::ChoiceBox(QWidget* parent) : QComboBox(parent) {
    setFixedHeight(metrics::kControl);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumContentsLength(6);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setFocusPolicy(Qt::StrongFocus);
}

void ChoiceBox::wheelEvent(QWheelEvent* event) {
    if (hasFocus()) {
        QComboBox::wheelEvent(event);
    } else {
        event->ignore();
    }
}

void ChoiceBox::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool focused = hasFocus();
    painter.setPen(focused ? QPen(theme.accent, 2)
                           : QPen(underMouse() && isEnabled() ? theme.control : theme.border, 1));
    painter.setBrush(theme.field);
    const qreal inset = focused ? 1 : 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), 3, 3);
    painter.setPen(isEnabled() ? theme.text : theme.disabled);
    painter.setFont(font());
    const QRect text_area = rect().adjusted(8, 0, -26, 0);
    painter.drawText(text_area, Qt::AlignVCenter,
                     fontMetrics().elidedText(currentText(), Qt::ElideMiddle, text_area.width()));
    paintIcon(painter, QStringLiteral("chevron_down"), QRect(width() - 24, 0, 20, height()),
              isEnabled() ? theme.text2 : theme.disabled);
}

} // namespace likeness
