#include "ui/widgets/progress_strip.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kShort = 20; // a load, encode or decode segment
constexpr int kSpace = 2;
constexpr int kBarHeight = 6;
constexpr int kMostSegments = 60; // beyond that a segment stands for several steps

} // namespace

ProgressStrip::ProgressStrip(QWidget* parent)
    : QWidget(parent), stop_(new TextButton(tr("Stop"), TextButton::Kind::plain, this)) {
    setObjectName(QStringLiteral("progress_strip"));
    setFixedHeight(metrics::kStrip);
    stop_->setObjectName(QStringLiteral("stop"));
    stop_->setIconName(QStringLiteral("stop"));
    stop_->setHint(tr("Esc"));
    stop_->setToolTip(tr("Stop what is being made. What is finished stays. (Esc)"));
    stop_->setAccessibleName(tr("Stop"));
    stop_->setEnabled(false);
    connect(stop_, &QAbstractButton::clicked, this, &ProgressStrip::stopRequested);
}

void ProgressStrip::setTexts(const QString& title, const QString& phase, const QString& shown) {
    title_ = title;
    phase_ = phase;
    shown_ = shown;
    setAccessibleName(tr("Progress"));
    setAccessibleDescription(QStringLiteral("%1 %2").arg(title, phase));
    update();
}

void ProgressStrip::setBar(const Bar& bar) {
    if (bar != bar_) {
        bar_ = bar;
        update();
    }
}

void ProgressStrip::setStoppable(bool stoppable) {
    stop_->setEnabled(stoppable);
}

QSize ProgressStrip::sizeHint() const {
    return {480, metrics::kStrip};
}

void ProgressStrip::resizeEvent(QResizeEvent* /*event*/) {
    stop_->resize(stop_->sizeHint());
    stop_->move(width() - stop_->width() - metrics::kCanvasMargin,
                (height() - stop_->height()) / 2);
}

void ProgressStrip::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, 0, width(), 1), theme.edge);
    const QRect room(metrics::kCanvasMargin, 0,
                     stop_->x() - metrics::kCanvasMargin - metrics::kCanvasMargin, height());
    const QRect line(room.x(), 9, room.width(), 18);

    const QFont title_font = numberFont(13, QFont::DemiBold);
    painter.setFont(title_font);
    painter.setPen(theme.text);
    painter.drawText(line, Qt::AlignVCenter, title_);
    const int title_width =
        title_.isEmpty() ? 0 : QFontMetrics(title_font).horizontalAdvance(title_) + 12;

    painter.setFont(numberFont(12));
    painter.setPen(theme.text2);
    const int shown_width = QFontMetrics(numberFont(12)).horizontalAdvance(shown_);
    const int phase_room = line.width() - title_width - shown_width - 12;
    painter.drawText(
        line.adjusted(title_width, 0, 0, 0), Qt::AlignVCenter,
        QFontMetrics(numberFont(12)).elidedText(phase_, Qt::ElideRight, std::max(0, phase_room)));
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, shown_);
    paintBar(painter, QRect(room.x(), 36, room.width(), kBarHeight));
}

void ProgressStrip::paintBar(QPainter& painter, const QRect& area) const {
    const Theme theme = currentTheme();
    int x = area.x();
    for (int i = 0; i < 2; ++i) {
        painter.fillRect(QRect(x, area.y(), kShort, area.height()),
                         i < bar_.before ? theme.control : theme.track);
        x += kShort + kSpace;
    }
    x += kSpace;
    const int end = area.right() + 1 - kShort - 2 * kSpace;
    const int segments = std::clamp(bar_.steps, 1, kMostSegments);
    const double pitch = (end - x + kSpace) / static_cast<double>(segments);
    const double share = bar_.steps > 0 ? std::clamp(bar_.done / bar_.steps, 0.0, 1.0) : 0;
    const double done = share * segments;
    for (int i = 0; i < segments; ++i) {
        const int left = x + static_cast<int>(std::lround(i * pitch));
        const int right = x + static_cast<int>(std::lround((i + 1) * pitch)) - kSpace;
        const bool filled = i + 0.999 <= done;
        painter.fillRect(QRect(left, area.y(), std::max(1, right - left), area.height()),
                         filled ? theme.accent : theme.track);
    }
    painter.fillRect(QRect(end + kSpace, area.y(), kShort, area.height()),
                     bar_.after ? theme.control : theme.track);
    if (bar_.moving && bar_.done > 0) {
        const int playhead = x + static_cast<int>(std::lround(std::floor(done) * pitch)) - kSpace;
        painter.fillRect(QRect(playhead, area.y() - 4, 2, 14), theme.text);
    }
}

} // namespace likeness
