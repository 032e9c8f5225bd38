#include "ui/widgets/training_strip.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kTenths = 10;
constexpr int kTenthSpace = 2;
constexpr int kTrainingBar = 6;

} // namespace

TrainingStrip::TrainingStrip(QWidget* parent)
    : QWidget(parent), discard_(new TextButton(tr("Discard"), TextButton::Kind::plain, this)),
      keep_(new TextButton(tr("Keep"), TextButton::Kind::plain, this)),
      pause_(new TextButton(tr("Pause"), TextButton::Kind::plain, this)),
      stop_(new TextButton(tr("Stop"), TextButton::Kind::plain, this)) {
    setObjectName(QStringLiteral("training_strip"));
    setAccessibleName(tr("Progress of the training"));
    setFixedHeight(metrics::kStrip);
    discard_->setObjectName(QStringLiteral("training_discard"));
    discard_->setIconName(QStringLiteral("close"));
    discard_->setAccessibleName(tr("Discard the training"));
    discard_->setToolTip(tr("What was learned so far is thrown away; pictures and settings stay"));
    keep_->setObjectName(QStringLiteral("training_keep"));
    keep_->setIconName(QStringLiteral("check"));
    keep_->setAccessibleName(tr("Keep what is learned"));
    keep_->setToolTip(tr("Ends here: what is learned by now is proved and becomes the result"));
    pause_->setObjectName(QStringLiteral("training_pause"));
    stop_->setObjectName(QStringLiteral("training_stop"));
    stop_->setIconName(QStringLiteral("stop"));
    stop_->setHint(tr("Esc"));
    stop_->setAccessibleName(tr("Stop the training"));
    stop_->setToolTip(tr("Stops after this step and saves it; it can go on later (Esc)"));
    connect(discard_, &QAbstractButton::clicked, this, &TrainingStrip::discardRequested);
    connect(keep_, &QAbstractButton::clicked, this, &TrainingStrip::keepRequested);
    connect(pause_, &QAbstractButton::clicked, this,
            [this] { buttons_.goes_on ? Q_EMIT goOnRequested() : Q_EMIT pauseRequested(); });
    connect(stop_, &QAbstractButton::clicked, this, &TrainingStrip::stopRequested);
    setButtons({});
}

void TrainingStrip::setTexts(const QString& title, const QString& phase, const QString& saved) {
    if (title == title_ && phase == phase_ && saved == saved_) {
        return;
    }
    title_ = title;
    phase_ = phase;
    saved_ = saved;
    setAccessibleDescription(QStringLiteral("%1 %2 %3").arg(title, phase, saved));
    update();
}

void TrainingStrip::setBar(std::int64_t step, std::int64_t total, bool moving) {
    step_ = step;
    total_ = total;
    moving_ = moving;
    update();
}

void TrainingStrip::setButtons(const Buttons& buttons) {
    buttons_ = buttons;
    keep_->setEnabled(buttons.can_keep);
    pause_->setEnabled(buttons.can_pause || buttons.goes_on);
    pause_->setText(buttons.goes_on ? tr("Go on") : tr("Pause"));
    pause_->setIconName(buttons.goes_on ? QStringLiteral("play") : QStringLiteral("pause"));
    pause_->setHint(tr("Space"));
    pause_->setAccessibleName(buttons.goes_on ? tr("Go on with the training")
                                              : tr("Pause the training"));
    pause_->setToolTip(
        buttons.goes_on
            ? tr("Goes on from what is saved, as if it had never stopped (Space)")
            : tr("Stops after this step and saves it; the settings stay as they are (Space)"));
    stop_->setEnabled(buttons.can_stop);
    discard_->setVisible(buttons.can_discard);
    place();
    update();
}

QSize TrainingStrip::sizeHint() const {
    return {480, metrics::kStrip};
}

void TrainingStrip::resizeEvent(QResizeEvent* /*event*/) {
    place();
}

void TrainingStrip::place() {
    int right = width() - metrics::kCanvasMargin;
    for (TextButton* button : {stop_, pause_, keep_, discard_}) {
        button->resize(button->sizeHint());
        right -= button->width();
        button->move(right, (height() - button->height()) / 2);
        right -= metrics::kGap;
    }
}

void TrainingStrip::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, 0, width(), 1), theme.edge);
    const int buttons_at = discard_->isHidden() ? keep_->x() : discard_->x();
    const QRect bar(metrics::kCanvasMargin, 36, buttons_at - 2 * metrics::kCanvasMargin,
                    kTrainingBar);
    const QRect line(bar.x(), 9, bar.width(), 18);
    painter.setFont(numberFont(13, QFont::DemiBold));
    painter.setPen(theme.text);
    painter.drawText(line, Qt::AlignVCenter, title_);
    const int title_width =
        title_.isEmpty() ? 0 : painter.fontMetrics().horizontalAdvance(title_) + 12;
    painter.setFont(numberFont(12));
    painter.setPen(theme.text2);
    const int saved_width = painter.fontMetrics().horizontalAdvance(saved_);
    const int room = line.width() - title_width - saved_width - 12;
    painter.drawText(line.adjusted(title_width, 0, 0, 0), Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(phase_, Qt::ElideRight, std::max(0, room)));
    painter.drawText(line, Qt::AlignVCenter | Qt::AlignRight, saved_);

    const double share =
        total_ > 0 ? std::clamp(static_cast<double>(step_) / static_cast<double>(total_), 0.0, 1.0)
                   : 0;
    const double pitch = (bar.width() + kTenthSpace) / static_cast<double>(kTenths);
    const int reached = bar.x() + static_cast<int>(std::lround(share * bar.width()));
    for (int i = 0; i < kTenths; ++i) {
        const int left = bar.x() + static_cast<int>(std::lround(i * pitch));
        const int end = bar.x() + static_cast<int>(std::lround((i + 1) * pitch)) - kTenthSpace;
        painter.fillRect(QRect(left, bar.y(), end - left, bar.height()), theme.track);
        if (reached > left) {
            painter.fillRect(QRect(left, bar.y(), std::min(end, reached) - left, bar.height()),
                             theme.accent);
        }
    }
    if (moving_ && step_ > 0) {
        painter.fillRect(QRect(reached, bar.y() - 4, 2, 14), theme.text);
    }
}

} // namespace likeness
