#include "ui/widgets/buttons.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QPainter>

namespace likeness {

namespace {

constexpr int kIcon = 16;
constexpr int kPadding = 12;

void paintFocusRing(QPainter& painter, const QRect& area, const Theme& theme) {
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme.accent, 2));
    painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 4, 4);
}

} // namespace

IconButton::IconButton(const QString& icon_name, const QString& tool_tip, QWidget* parent)
    : QAbstractButton(parent), icon_name_(icon_name) {
    setToolTip(tool_tip);
    setAccessibleName(tool_tip.section('\n', 0, 0));
    setFocusPolicy(Qt::TabFocus);
    setFixedSize(metrics::kControl, metrics::kControl);
}

void IconButton::setIconName(const QString& icon_name) {
    icon_name_ = icon_name;
    update();
}

QSize IconButton::sizeHint() const {
    return {metrics::kControl, metrics::kControl};
}

void IconButton::enterEvent(QEnterEvent* event) {
    QAbstractButton::enterEvent(event);
    update();
}

void IconButton::leaveEvent(QEvent* event) {
    QAbstractButton::leaveEvent(event);
    update();
}

void IconButton::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QColor ground = Qt::transparent;
    if (isEnabled() && isDown()) {
        ground = theme.pressed;
    } else if (isEnabled() && isChecked()) {
        ground = theme.soft;
    } else if (isEnabled() && underMouse()) {
        ground = theme.hover;
    }
    painter.setPen(Qt::NoPen);
    painter.setBrush(ground);
    painter.drawRoundedRect(rect(), 3, 3);
    const QColor ink = !isEnabled()               ? theme.disabled
                       : isChecked()              ? theme.accent
                       : underMouse() || isDown() ? theme.text
                                                  : theme.text2;
    if (icon_name_.size() == 1) {
        painter.setFont(textFont(12, QFont::DemiBold));
        painter.setPen(ink);
        painter.drawText(rect(), Qt::AlignCenter, icon_name_);
    } else {
        paintIcon(painter, icon_name_, rect(), ink);
    }
    if (hasFocus()) {
        paintFocusRing(painter, rect(), theme);
    }
}

TextButton::TextButton(const QString& text, Kind kind, QWidget* parent)
    : QPushButton(text, parent), kind_(kind) {
    const bool loud = kind == Kind::primary || kind == Kind::link;
    setFont(textFont(12, loud ? QFont::DemiBold : QFont::Medium));
    setFocusPolicy(Qt::TabFocus);
    setFixedHeight(kind == Kind::primary ? metrics::kPrimaryButton
                   : kind == Kind::plain ? metrics::kStripButton
                                         : metrics::kControl);
    if (kind == Kind::link) {
        setCursor(Qt::PointingHandCursor);
    }
}

void TextButton::setIconName(const QString& icon_name) {
    icon_name_ = icon_name;
    updateGeometry();
    update();
}

void TextButton::setHint(const QString& hint) {
    hint_ = hint;
    updateGeometry();
    update();
}

QSize TextButton::sizeHint() const {
    int width = kind_ == Kind::link ? 4 : kind_ == Kind::flat ? 12 : 2 * kPadding;
    width += fontMetrics().horizontalAdvance(text());
    width += icon_name_.isEmpty() ? 0 : kIcon + 4;
    width += hint_.isEmpty() ? 0 : QFontMetrics(textFont(11)).horizontalAdvance(hint_) + 10;
    return {width, height()};
}

QSize TextButton::minimumSizeHint() const {
    return sizeHint();
}

void TextButton::enterEvent(QEnterEvent* event) {
    QPushButton::enterEvent(event);
    update();
}

void TextButton::leaveEvent(QEvent* event) {
    QPushButton::leaveEvent(event);
    update();
}

void TextButton::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool hovered = isEnabled() && underMouse();
    QColor ink = theme.text;
    if (kind_ == Kind::primary) {
        ink = isEnabled() ? QColor(Qt::white) : theme.disabled;
        painter.setPen(Qt::NoPen);
        painter.setBrush(!isEnabled()          ? theme.pressed
                         : hovered || isDown() ? theme.fillHover
                                               : theme.fill);
        painter.drawRoundedRect(rect(), metrics::kRadius, metrics::kRadius);
    } else if (kind_ == Kind::plain) {
        ink = isEnabled() ? theme.text : theme.disabled;
        painter.setPen(QPen(isEnabled() ? theme.border : theme.line, 1));
        painter.setBrush(isDown()      ? theme.pressed
                         : isChecked() ? theme.soft
                         : hovered     ? theme.hover
                                       : theme.raised);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::kRadius,
                                metrics::kRadius);
    } else if (kind_ == Kind::flat) {
        ink = isEnabled() ? theme.text : theme.disabled;
        painter.setPen(Qt::NoPen);
        painter.setBrush(isDown() ? theme.pressed : hovered ? theme.hover : theme.panel);
        painter.drawRoundedRect(rect(), 3, 3);
    } else {
        ink = isEnabled() ? theme.accent : theme.disabled;
    }
    const int content = sizeHint().width() - (kind_ == Kind::link   ? 4
                                              : kind_ == Kind::flat ? 12
                                                                    : 2 * kPadding);
    int x = (width() - content) / 2;
    if (!icon_name_.isEmpty()) {
        paintIcon(painter, icon_name_, QRect(x, 0, kIcon, height()), ink);
        x += kIcon + 4;
    }
    painter.setFont(font());
    painter.setPen(ink);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter | Qt::TextShowMnemonic,
                     text());
    if (!hint_.isEmpty()) {
        x += fontMetrics().horizontalAdvance(text()) + 10;
        painter.setFont(textFont(11));
        painter.setPen(kind_ == Kind::primary ? ink : isEnabled() ? theme.text2 : theme.disabled);
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter, hint_);
    }
    if (hovered && kind_ == Kind::link) {
        painter.fillRect(QRect(2, height() - 5, width() - 4, 1), ink);
    }
    if (hasFocus()) {
        paintFocusRing(painter, rect(), theme);
    }
}

} // namespace likeness
