#include "ui/widgets/menu_button.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QPainter>

#include <algorithm>

namespace likeness {

namespace {

constexpr int kMenuChevron = 16;
constexpr int kMenuPadding = 4;

} // namespace

MenuButton::MenuButton(QWidget* parent) : QPushButton(parent) {
    setFont(textFont(12, QFont::DemiBold));
    setFocusPolicy(Qt::TabFocus);
    setFixedHeight(metrics::kControl);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize MenuButton::sizeHint() const {
    return {fontMetrics().horizontalAdvance(text()) + kMenuChevron + 2 * kMenuPadding,
            metrics::kControl};
}

QSize MenuButton::minimumSizeHint() const {
    return {kMenuChevron + 24, metrics::kControl};
}

void MenuButton::enterEvent(QEnterEvent* event) {
    QPushButton::enterEvent(event);
    update();
}

void MenuButton::leaveEvent(QEvent* event) {
    QPushButton::leaveEvent(event);
    update();
}

void MenuButton::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (isEnabled() && (underMouse() || isDown())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(isDown() ? theme.pressed : theme.hover);
        painter.drawRoundedRect(rect(), 3, 3);
    }
    const QString shown =
        fontMetrics().elidedText(text(), Qt::ElideRight, width() - kMenuChevron - kMenuPadding / 2);
    painter.setFont(font());
    painter.setPen(isEnabled() ? theme.text : theme.disabled);
    painter.drawText(rect().adjusted(kMenuPadding / 2, 0, -kMenuChevron, 0),
                     Qt::AlignVCenter | Qt::AlignLeft, shown);
    const int x = std::min(width() - kMenuChevron,
                           kMenuPadding / 2 + fontMetrics().horizontalAdvance(shown) + 2);
    paintIcon(painter, QStringLiteral("chevron_down"), QRect(x, 0, kMenuChevron, height()),
              theme.text2);
    if (hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
}

} // namespace likeness
