#include "ui/widgets/section.h"

#include "ui/icons.h"
#include "ui/theme.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scroll_column.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <utility>

namespace likeness {

namespace {

class HeadButton : public QAbstractButton {
public:
    explicit HeadButton(const QString& title, QWidget* parent) : QAbstractButton(parent) {
        setText(title);
        setCheckable(true);
        setChecked(true);
        setFocusPolicy(Qt::TabFocus);
        setFixedHeight(metrics::kDockHead);
    }

    QSize sizeHint() const override {
        const QFontMetrics metrics(textFont(12, QFont::DemiBold));
        return {metrics.horizontalAdvance(text()) + 24, metrics::kDockHead};
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        const Theme theme = currentTheme();
        QPainter painter(this);
        paintIcon(painter, isChecked() ? "chevron_down" : "chevron_right",
                  QRect(0, 0, 16, height()), theme.text2);
        painter.setFont(textFont(12, QFont::DemiBold));
        painter.setPen(theme.text);
        painter.drawText(rect().adjusted(20, 0, 0, 0), Qt::AlignVCenter, text());
        if (hasFocus()) {
            painter.setRenderHint(QPainter::Antialiasing);
            painter.setPen(QPen(theme.accent, 2));
            painter.drawRoundedRect(QRectF(rect()).adjusted(1, 5, -1, -5), 3, 3);
        }
    }
};

} // namespace

Section::Section(const QString& title, const QString& name, QWidget* parent)
    : QWidget(parent), note_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      content_(new QWidget) {
    setObjectName(name);
    auto* button = new HeadButton(title, this);
    button->setObjectName(name + QStringLiteral("_head"));
    button->setToolTip(tr("Fold or unfold %1").arg(title));
    head_button_ = button;
    head_ = new QHBoxLayout;
    head_->setContentsMargins(0, 0, 0, 0);
    head_->setSpacing(4);
    head_->addWidget(button);
    head_->addWidget(note_);
    head_->addStretch(1);
    body_ = new QVBoxLayout(content_);
    body_->setContentsMargins(0, 0, 0, 12);
    body_->setSpacing(4);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 0, 12, 0);
    column->setSpacing(0);
    column->addLayout(head_);
    column->addWidget(content_);
    connect(button, &QAbstractButton::toggled, content_, &QWidget::setVisible);
    connect(button, &QAbstractButton::clicked, this, [this](bool open) {
        if (open) {
            reveal();
        }
    });
}

void Section::reveal() {
    setOpen(true);
    QWidget* above = parentWidget();
    while (above && !qobject_cast<ScrollColumn*>(above)) {
        above = above->parentWidget();
    }
    if (above) {
        static_cast<ScrollColumn*>(above)->reveal(this);
    }
}

void Section::setNote(const QString& note) {
    note_->setPlainText(note);
}

void Section::addHeadWidget(QWidget* widget) {
    widget->setFixedHeight(metrics::kControl);
    head_->addWidget(widget);
}

bool Section::isOpen() const {
    return static_cast<QAbstractButton*>(head_button_)->isChecked();
}

void Section::setOpen(bool open) {
    static_cast<QAbstractButton*>(head_button_)->setChecked(open);
}

void Section::setDropped(bool over) {
    if (std::exchange(over_, over) != over) {
        update();
    }
}

void Section::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.line);
    if (over_) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(theme.accent, 2));
        painter.setBrush(theme.soft);
        painter.drawRoundedRect(QRectF(rect()).adjusted(4, 4, -4, -4), metrics::kRadius,
                                metrics::kRadius);
    }
}

QWidget* makeSectionColumn(const QList<QWidget*>& sections) {
    auto* all = new QWidget;
    auto* column = new QVBoxLayout(all);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    for (QWidget* section : sections) {
        column->addWidget(section);
    }
    column->addStretch(1);
    return new ScrollColumn(all);
}

} // namespace likeness
