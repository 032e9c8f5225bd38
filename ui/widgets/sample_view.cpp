#include "ui/widgets/sample_view.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

namespace likeness {

namespace {

constexpr int kPairSpace = 16;
constexpr int kPairWords = 24; // the line over a picture

} // namespace

// The start and a later step side by side, each whole and as large as there is room.
class SamplePair : public QWidget {
public:
    explicit SamplePair(QWidget* parent = nullptr) : QWidget(parent) {
        setObjectName(QStringLiteral("sample_pair"));
        setMinimumSize(160, 80);
    }

    struct Side {
        QImage image{};
        QString words{};
    };

    void setSides(const std::vector<Side>& sides) {
        sides_ = sides;
        QStringList words;
        for (const Side& side : sides_) {
            words << side.words;
        }
        setAccessibleName(words.join(QStringLiteral(", ")));
        update();
    }

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        const Theme theme = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        const auto count = static_cast<int>(std::max<std::size_t>(1, sides_.size()));
        const int room = (width() - (count - 1) * kPairSpace) / count;
        const QSize most(room, height() - kPairWords);
        // Beside each other in the middle, as they are compared.
        QSize size = sides_.empty() || sides_.back().image.isNull()
                         ? QSize(std::min(most.width(), most.height()),
                                 std::min(most.width(), most.height()))
                         : sides_.back().image.size().scaled(most, Qt::KeepAspectRatio);
        int left = (width() - count * size.width() - (count - 1) * kPairSpace) / 2;
        const int top = kPairWords + (most.height() - size.height()) / 2;
        for (const Side& side : sides_) {
            const QRect place(QPoint(left, top), size);
            if (side.image.isNull()) {
                painter.fillRect(place, theme.field);
            } else {
                painter.drawImage(place, side.image);
            }
            painter.setFont(numberFont(12));
            painter.setPen(theme.text2);
            painter.drawText(QRect(left, top - kPairWords, size.width(), kPairWords - 4),
                             Qt::AlignLeft | Qt::AlignVCenter, side.words);
            left += size.width() + kPairSpace;
        }
    }

private:
    std::vector<Side> sides_;
};

SampleView::SampleView(QWidget* parent)
    : QWidget(parent), title_(new PlainLabel({}, PlainLabel::Tone::text, 13, QFont::DemiBold)),
      note_(new PlainLabel({}, PlainLabel::Tone::text2, 12)),
      back_(new IconButton("chevron_left", tr("The sample before (Left)"))),
      forth_(new IconButton("chevron_right", tr("The next sample (Right)"))),
      take_(new TextButton(tr("Take this one"), TextButton::Kind::plain)),
      close_(new IconButton("close", tr("Back to all samples (Space)"))), pair_(new SamplePair) {
    setObjectName(QStringLiteral("sample_view"));
    setAccessibleName(tr("A sample, large"));
    setFocusPolicy(Qt::StrongFocus);
    title_->setObjectName(QStringLiteral("sample_title"));
    back_->setObjectName(QStringLiteral("sample_back"));
    forth_->setObjectName(QStringLiteral("sample_forth"));
    take_->setObjectName(QStringLiteral("sample_take"));
    take_->setAccessibleName(tr("Take what was learned until this step"));
    close_->setObjectName(QStringLiteral("sample_close"));
    note_->setFont(numberFont(12));
    auto* head = new QHBoxLayout;
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(metrics::kGap);
    head->addWidget(title_);
    head->addWidget(note_);
    head->addStretch(1);
    for (QWidget* button : std::initializer_list<QWidget*>{back_, forth_, take_, close_}) {
        head->addWidget(button);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kCanvasMargin, metrics::kCanvasMargin,
                               metrics::kCanvasMargin, 12);
    column->setSpacing(metrics::kGap);
    column->addLayout(head);
    column->addWidget(pair_, 1);
    connect(back_, &QAbstractButton::clicked, this, [this] { go(-1, 0); });
    connect(forth_, &QAbstractButton::clicked, this, [this] { go(1, 0); });
    connect(take_, &QAbstractButton::clicked, this, [this] { Q_EMIT takeRequested(step_); });
    connect(close_, &QAbstractButton::clicked, this, &SampleView::closed);
}

QImage SampleView::picture(std::int64_t step) const {
    const auto found = samples_.find(step);
    return found == samples_.end() || seed_ >= static_cast<int>(found->second.size())
               ? QImage()
               : found->second[static_cast<std::size_t>(seed_)];
}

void SampleView::setSamples(const Samples& samples) {
    samples_ = samples;
    if (!samples_.empty() && !samples_.contains(step_)) {
        step_ = samples_.rbegin()->first;
        Q_EMIT shownChanged();
    }
    refresh();
}

void SampleView::lookAt(std::int64_t step, int seed) {
    step_ = step;
    seed_ = seed;
    refresh();
    Q_EMIT shownChanged();
}

void SampleView::setTakeable(bool takeable, const QString& words) {
    take_->setEnabled(takeable);
    take_->setToolTip(words);
}

void SampleView::go(int steps, int seeds) {
    const auto found = samples_.find(step_);
    if (found == samples_.end()) {
        return;
    }
    const auto at = std::distance(samples_.begin(), found);
    const auto last = std::ssize(samples_) - 1;
    const auto to = std::clamp<std::ptrdiff_t>(at + steps, 0, last);
    const int most = static_cast<int>(found->second.size()) - 1;
    lookAt(std::next(samples_.begin(), to)->first, std::clamp(seed_ + seeds, 0, std::max(0, most)));
}

void SampleView::refresh() {
    const QString step = QLocale().toString(static_cast<qlonglong>(step_));
    title_->setPlainText(step_ == 0 ? tr("Start") : tr("Step %1").arg(step));
    const auto found = samples_.find(step_);
    const std::size_t seeds = found == samples_.end() ? 1 : found->second.size();
    note_->setPlainText(seeds > 1 ? tr("seed %1 of %2").arg(seed_ + 1).arg(seeds) : QString());
    back_->setEnabled(found != samples_.begin() && found != samples_.end());
    forth_->setEnabled(found != samples_.end() && std::next(found) != samples_.end());
    std::vector<SamplePair::Side> sides;
    if (step_ != 0 && samples_.contains(0)) {
        sides.push_back({picture(0), tr("start")});
    }
    sides.push_back({picture(step_), step_ == 0 ? tr("start") : tr("step %1").arg(step)});
    pair_->setSides(sides);
}

void SampleView::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Left:
        return go(-1, 0);
    case Qt::Key_Right:
        return go(1, 0);
    case Qt::Key_Up:
        return go(0, -1);
    case Qt::Key_Down:
        return go(0, 1);
    case Qt::Key_Home:
        return go(-static_cast<int>(samples_.size()), 0);
    case Qt::Key_End:
        return go(static_cast<int>(samples_.size()), 0);
    case Qt::Key_Space:
    case Qt::Key_Escape:
        Q_EMIT closed();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace likeness
