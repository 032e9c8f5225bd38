#include "ui/widgets/choice_box.h"

#include "ui/icons.h"
#include "ui/model/known_files.h"
#include "ui/theme.h"
#include "ui/widgets/plain_label.h"

#include <QPainter>
#include <QWheelEvent>

#include <utility>

namespace likeness {

ChoiceBox::ChoiceBox(QWidget* parent) : QComboBox(parent) {
    setFixedHeight(metrics::kControl);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumContentsLength(6);
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setFocusPolicy(Qt::StrongFocus);
}

void ChoiceBox::addFile(const QString& path, const QString& name) {
    addItem(name, path);
    setItemData(count() - 1, cleaned(path).toHtmlEscaped(), Qt::ToolTipRole);
}

void ChoiceBox::keepFirst() {
    while (count() > 1) {
        removeItem(1);
    }
}

void ChoiceBox::setFiles(QStringList paths, const QString& chosen) {
    if (!chosen.isEmpty() && !paths.contains(chosen)) {
        paths.prepend(chosen);
    }
    keepFirst();
    for (const QString& path : std::as_const(paths)) {
        addFile(path, cleaned(nameOfWeights(path.toStdString())));
    }
    setCurrentIndex(findData(chosen));
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
