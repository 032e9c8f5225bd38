#include "ui/canvas/canvas_bar.h"

#include "ui/canvas/zoom_tools.h"
#include "ui/theme.h"

#include <QHBoxLayout>
#include <QPainter>

namespace likeness {

CanvasBar::CanvasBar(ZoomView& view, QWidget* parent)
    : QWidget(parent), zoom_(new ZoomTools(view)) {
    setObjectName(QStringLiteral("canvas_bar"));
    setFixedHeight(metrics::kTabRow);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 1);
    row->setSpacing(4);
    row->addWidget(zoom_);
}

void CanvasBar::addTools(QWidget* tools) {
    auto* row = static_cast<QHBoxLayout*>(layout());
    row->insertWidget(row->indexOf(zoom_), tools);
}

void CanvasBar::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.edge);
}

} // namespace likeness
