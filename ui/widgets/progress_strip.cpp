#include "ui/widgets/progress_strip.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"

#include <QKeyEvent>
#include <QMouseEvent>
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
    : QWidget(parent), stop_(new TextButton(tr("Stop"), TextButton::Kind::plain, this)),
      branch_(new TextButton(tr("Branch from here"), TextButton::Kind::plain, this)) {
    setObjectName(QStringLiteral("progress_strip"));
    setFixedHeight(metrics::kStrip);
    stop_->setObjectName(QStringLiteral("stop"));
    stop_->setIconName(QStringLiteral("stop"));
    stop_->setHint(tr("Esc"));
    stop_->setToolTip(tr("Stop what is being made. What is finished stays. (Esc)"));
    stop_->setAccessibleName(tr("Stop"));
    stop_->setEnabled(false);
    connect(stop_, &QAbstractButton::clicked, this, &ProgressStrip::stopRequested);
    branch_->setObjectName(QStringLiteral("branch"));
    branch_->setIconName(QStringLiteral("branch"));
    branch_->setAccessibleName(tr("Branch from this step"));
    branch_->setToolTip(tr("branch: the next picture keeps the steps up to this one and does the "
                           "rest with the settings as they then are"));
    branch_->hide();
    connect(branch_, &QAbstractButton::clicked, this,
            [this] { Q_EMIT branchRequested(scrubbed_); });
}

void ProgressStrip::setScrubbable(int steps) {
    scrubbable_ = steps;
    setFocusPolicy(steps > 0 ? Qt::TabFocus : Qt::NoFocus);
    setCursor(steps > 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setToolTip(steps > 0 ? tr("Drag along the bar, or use the arrow keys, to see each step again")
                         : QString());
    setScrubbed(0);
}

void ProgressStrip::setScrubbed(int step) {
    scrubbed_ = step;
    // The last step is the picture: nothing would be left to do otherwise.
    branch_->setVisible(step > 0 && step < bar_.steps);
    place();
    update();
}

void ProgressStrip::scrubTo(const QPoint& at) {
    const Segments bar = segments(barArea());
    const int step = static_cast<int>((at.x() - bar.x) / bar.pitch * bar_.steps / bar.count) + 1;
    const int wanted = step > scrubbable_ ? 0 : std::max(1, step);
    if (wanted != scrubbed_) {
        Q_EMIT scrubbed(wanted);
    }
}

void ProgressStrip::mousePressEvent(QMouseEvent* event) {
    const QRect reach = barArea().adjusted(0, -12, 0, 12);
    if (scrubbable_ > 0 && event->button() == Qt::LeftButton && reach.contains(event->pos())) {
        scrubTo(event->pos());
        return;
    }
    QWidget::mousePressEvent(event);
}

void ProgressStrip::mouseMoveEvent(QMouseEvent* event) {
    if (scrubbable_ > 0 && (event->buttons() & Qt::LeftButton)) {
        scrubTo(event->pos());
    }
}

void ProgressStrip::keyPressEvent(QKeyEvent* event) {
    if (scrubbable_ == 0) {
        return QWidget::keyPressEvent(event);
    }
    const int at = scrubbed_ == 0 ? scrubbable_ + 1 : scrubbed_;
    switch (event->key()) {
    case Qt::Key_Left:
        return Q_EMIT scrubbed(std::max(1, at - 1));
    case Qt::Key_Right:
        return Q_EMIT scrubbed(at >= scrubbable_ ? 0 : at + 1);
    case Qt::Key_Home:
        return Q_EMIT scrubbed(1);
    case Qt::Key_End:
        return Q_EMIT scrubbed(0);
    default:
        QWidget::keyPressEvent(event);
    }
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
    place();
}

void ProgressStrip::place() {
    stop_->resize(stop_->sizeHint());
    stop_->move(width() - stop_->width() - metrics::kCanvasMargin,
                (height() - stop_->height()) / 2);
    branch_->resize(branch_->sizeHint());
    branch_->move(stop_->x() - metrics::kGap - branch_->width(), stop_->y());
}

QRect ProgressStrip::barArea() const {
    const int end = branch_->isHidden() ? stop_->x() : branch_->x();
    return {metrics::kCanvasMargin, 36, end - 2 * metrics::kCanvasMargin, kBarHeight};
}

ProgressStrip::Segments ProgressStrip::segments(const QRect& area) const {
    const int x = area.x() + 2 * (kShort + kSpace) + kSpace;
    const int end = area.right() + 1 - kShort - 2 * kSpace;
    const int count = std::clamp(bar_.steps, 1, kMostSegments);
    return {x, end, count, (end - x + kSpace) / static_cast<double>(count)};
}

void ProgressStrip::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, 0, width(), 1), theme.edge);
    const QRect area = barArea();
    const QRect line(area.x(), 9, area.width(), 18);
    if (hasFocus()) {
        painter.setPen(QPen(theme.accent, 2));
        painter.drawRect(area.adjusted(-4, -7, 4, 7));
    }

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
    paintBar(painter, area);
}

void ProgressStrip::paintBar(QPainter& painter, const QRect& area) const {
    const Theme theme = currentTheme();
    int x = area.x();
    for (int i = 0; i < 2; ++i) {
        painter.fillRect(QRect(x, area.y(), kShort, area.height()),
                         i < bar_.before ? theme.control : theme.track);
        x += kShort + kSpace;
    }
    const Segments at = segments(area);
    x = at.x;
    const double share = bar_.steps > 0 ? std::clamp(bar_.done / bar_.steps, 0.0, 1.0) : 0;
    const double done = share * at.count;
    for (int i = 0; i < at.count; ++i) {
        const int left = x + static_cast<int>(std::lround(i * at.pitch));
        const int right = x + static_cast<int>(std::lround((i + 1) * at.pitch)) - kSpace;
        const bool filled = i + 0.999 <= done;
        painter.fillRect(QRect(left, area.y(), std::max(1, right - left), area.height()),
                         filled ? theme.accent : theme.track);
    }
    painter.fillRect(QRect(at.end + kSpace, area.y(), kShort, area.height()),
                     bar_.after ? theme.control : theme.track);
    if (bar_.moving && bar_.done > 0) {
        const int playhead =
            x + static_cast<int>(std::lround(std::floor(done) * at.pitch)) - kSpace;
        painter.fillRect(QRect(playhead, area.y() - 4, 2, 14), theme.text);
    }
}

} // namespace likeness
