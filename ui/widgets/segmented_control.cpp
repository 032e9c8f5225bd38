#include "ui/widgets/segmented_control.h"

#include "ui/theme.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace likeness {

namespace {

class SegmentButton : public QAbstractButton {
public:
    using QAbstractButton::QAbstractButton;

    QSize sizeHint() const override {
        return {QFontMetrics(textFont(12, QFont::Medium)).horizontalAdvance(text()) + 16, 22};
    }

    // A long word takes room from its short neighbours before it is cut.
    QSize minimumSizeHint() const override { return sizeHint() - QSize(8, 0); }

protected:
    // Tab stops at each of them: Qt would leave the one that had the focus last.
    void focusInEvent(QFocusEvent* event) override {
        QAbstractButton::focusInEvent(event);
        for (QAbstractButton* each : group()->buttons()) {
            each->setFocusPolicy(Qt::TabFocus);
        }
    }

    void enterEvent(QEnterEvent* event) override {
        QAbstractButton::enterEvent(event);
        update();
    }

    void leaveEvent(QEvent* event) override {
        QAbstractButton::leaveEvent(event);
        update();
    }

    void paintEvent(QPaintEvent* /*event*/) override {
        const Theme theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (isChecked() || (underMouse() && isEnabled())) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(!isChecked() ? theme.hover : isEnabled() ? theme.soft : theme.pressed);
            painter.drawRoundedRect(rect().adjusted(1, 1, -1, -1), 3, 3);
        }
        if (hasFocus()) {
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(theme.accent, 2));
            painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
        }
        painter.setFont(textFont(12, isChecked() ? QFont::Medium : QFont::Normal));
        painter.setPen(!isEnabled() ? theme.disabled : isChecked() ? theme.text : theme.text2);
        painter.drawText(rect(), Qt::AlignCenter, text());
    }
};

} // namespace

SegmentedControl::SegmentedControl(const QList<Segment>& segments, QWidget* parent)
    : QWidget(parent), buttons_(new QButtonGroup(this)) {
    setFixedHeight(metrics::kControl);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(1);
    for (const Segment& segment : segments) {
        auto* button = new SegmentButton(this);
        button->setText(segment.text);
        button->setCheckable(true);
        button->setToolTip(segment.tool_tip);
        button->setFocusPolicy(Qt::TabFocus);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
        buttons_->addButton(button, static_cast<int>(buttons_->buttons().size()));
        row->addWidget(button, 1);
    }
    connect(buttons_, &QButtonGroup::idClicked, this, &SegmentedControl::edited);
}

int SegmentedControl::current() const {
    return buttons_->checkedId();
}

void SegmentedControl::setCurrent(int index) {
    if (QAbstractButton* button = buttons_->button(index)) {
        button->setChecked(true);
    } else if (QAbstractButton* checked = buttons_->checkedButton()) {
        buttons_->setExclusive(false);
        checked->setChecked(false);
        buttons_->setExclusive(true);
    }
}

void SegmentedControl::setNames(const QString& name, const QString& accessible_name) {
    setObjectName(name);
    setAccessibleName(accessible_name);
    for (QAbstractButton* button : buttons_->buttons()) {
        button->setObjectName(QStringLiteral("%1_%2").arg(name).arg(buttons_->id(button)));
        button->setAccessibleName(QStringLiteral("%1: %2").arg(accessible_name, button->text()));
    }
}

void SegmentedControl::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.border, 1));
    painter.setBrush(theme.field);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setRenderHint(QPainter::Antialiasing, false);
    const auto all = buttons_->buttons();
    for (int i = 1; i < all.size(); ++i) {
        if (!all[i]->isChecked() && !all[i - 1]->isChecked()) {
            painter.fillRect(QRect(all[i]->x() - 1, 7, 1, height() - 14), theme.border);
        }
    }
}

} // namespace likeness
