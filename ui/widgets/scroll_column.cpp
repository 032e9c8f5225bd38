#include "ui/widgets/scroll_column.h"

#include <QEvent>
#include <QScrollBar>
#include <QTimer>

namespace likeness {

namespace {

constexpr int kBar = 8;
constexpr int kLeastHeight = 96;

} // namespace

ScrollColumn::ScrollColumn(QWidget* content, QWidget* parent)
    : QScrollArea(parent), bar_(new QScrollBar(Qt::Vertical, this)) {
    setWidget(content);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    bar_->setFocusPolicy(Qt::NoFocus);
    content->installEventFilter(this);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, &ScrollColumn::showBar);
    connect(verticalScrollBar(), &QScrollBar::valueChanged, bar_, &QScrollBar::setValue);
    connect(bar_, &QScrollBar::valueChanged, verticalScrollBar(), &QScrollBar::setValue);
    showBar();
}

QSize ScrollColumn::minimumSizeHint() const {
    return {widget()->minimumSizeHint().width(), kLeastHeight};
}

void ScrollColumn::reveal(QWidget* part) {
    QTimer::singleShot(0, part, [this, part] {
        const QRect area(part->mapTo(widget(), QPoint()), part->size());
        ensureVisible(0, area.bottom(), 0, 0);
        ensureVisible(0, area.top(), 0, 0);
    });
}

void ScrollColumn::showBar() {
    const QScrollBar& real = *verticalScrollBar();
    bar_->setRange(real.minimum(), real.maximum());
    bar_->setPageStep(real.pageStep());
    bar_->setSingleStep(real.singleStep());
    bar_->setValue(real.value());
    bar_->setVisible(real.maximum() > real.minimum());
    bar_->raise();
}

void ScrollColumn::resizeEvent(QResizeEvent* event) {
    QScrollArea::resizeEvent(event);
    bar_->setGeometry(width() - kBar, 0, kBar, height());
    showBar();
}

bool ScrollColumn::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::LayoutRequest) {
        updateGeometry(); // what is the least changes with what is inside
    }
    return QScrollArea::eventFilter(watched, event);
}

} // namespace likeness
