#include "ui/panels/method_choice.h"

#include "ui/model/method_question.h"
#include "ui/model/words.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

constexpr double kMinutes[] = {0, 15, 60, 480}; // now, a quarter, an hour, a night
constexpr KeptSame kKept[] = {KeptSame::face, KeptSame::product, KeptSame::style,
                              KeptSame::everything};

PlainLabel* makeWords(const QString& name, PlainLabel::Tone tone, QFont::Weight weight) {
    auto* label = new PlainLabel({}, tone, weight == QFont::Normal ? 11 : 13, weight);
    label->setObjectName(name);
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    return label;
}

} // namespace

QString nameOfMethod(AdvisedMethod method) {
    switch (method) {
    case AdvisedMethod::image_prompt:
        return MethodChoice::tr("Image prompt");
    case AdvisedMethod::lora:
        return MethodChoice::tr("LoRA");
    case AdvisedMethod::dreambooth:
        break;
    }
    return MethodChoice::tr("DreamBooth");
}

MethodAnswers::MethodAnswers(MethodQuestion& question, Qt::Orientation way, QWidget* parent)
    : QWidget(parent), question_(question),
      time_(new SegmentedControl({{tr("Now"), tr("No time: the next picture is wanted")},
                                  {tr("15 min"), tr("A quarter of an hour for training")},
                                  {tr("1 h"), tr("An hour for training")},
                                  {tr("Night"), tr("A night, eight hours, for training")}})),
      kept_(
          new SegmentedControl({{tr("Face"), tr("A face must stay the same")},
                                {tr("Thing"), tr("A product or another thing must stay the same")},
                                {tr("Style"), tr("The look must stay the same, on any subject")},
                                {tr("All"), tr("Thing and look must stay the same")}})) {
    time_->setNames(QStringLiteral("method_time"), tr("Time for it"));
    kept_->setNames(QStringLiteral("method_kept"), tr("What must stay the same"));
    const bool beside = way == Qt::Horizontal;
    auto* rows = new QBoxLayout(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom, this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(beside ? metrics::kCanvasMargin : 4);
    const int label = metrics::kLabelLeft + metrics::kGap;
    rows->addWidget(new LabelledRow(tr("Time"), {time_}, time_, label));
    rows->addWidget(new LabelledRow(tr("Keep"), {kept_}, kept_, label));
    if (beside) {
        constexpr int kWidest = 288; // wider says nothing more
        time_->setMaximumWidth(kWidest);
        kept_->setMaximumWidth(kWidest);
        rows->addStretch(1);
    }
    connect(time_, &SegmentedControl::edited, this,
            [this](int index) { question_.setMinutes(kMinutes[index]); });
    connect(kept_, &SegmentedControl::edited, this,
            [this](int index) { question_.setKept(kKept[index]); });
    connect(&question, &MethodQuestion::changed, this, &MethodAnswers::showAnswers);
    showAnswers();
}

void MethodAnswers::showAnswers() {
    const auto* time = std::ranges::find(kMinutes, question_.minutes());
    time_->setCurrent(time == std::end(kMinutes) ? -1 : static_cast<int>(time - kMinutes));
    kept_->setCurrent(static_cast<int>(std::ranges::find(kKept, question_.kept()) - kKept));
}

MethodChoice::MethodChoice(MethodQuestion& question, QWidget* parent)
    : QWidget(parent), question_(question), count_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      close_(new IconButton("close", tr("Close"))),
      title_(makeWords(QStringLiteral("method_title"), PlainLabel::Tone::text, QFont::DemiBold)),
      cost_(makeWords(QStringLiteral("method_cost"), PlainLabel::Tone::text, QFont::Normal)),
      will_not_(
          makeWords(QStringLiteral("method_will_not"), PlainLabel::Tone::text2, QFont::Normal)),
      measure_(new TextButton(tr("Measure it here"), TextButton::Kind::link)),
      take_(new TextButton({}, TextButton::Kind::primary)),
      why_(new TextButton(tr("Why"), TextButton::Kind::link)), reasons_(new QWidget) {
    setObjectName(QStringLiteral("method_choice"));
    setAccessibleName(tr("Which way to take"));
    build();
    connect(take_, &QAbstractButton::clicked, this,
            [this] { Q_EMIT chosen(question_.advice().first()); });
    connect(close_, &QAbstractButton::clicked, this, &MethodChoice::closed);
    connect(measure_, &QAbstractButton::clicked, &question, &MethodQuestion::measure);
    connect(why_, &QAbstractButton::clicked, this, [this] {
        reasons_->setVisible(reasons_->isHidden());
        why_->setText(reasons_->isHidden() ? tr("Why") : tr("Less"));
    });
    connect(&question, &MethodQuestion::changed, this, &MethodChoice::showAdvice);
    showAdvice();
}

void MethodChoice::build() {
    count_->setObjectName(QStringLiteral("method_count"));
    close_->setObjectName(QStringLiteral("method_close"));
    measure_->setObjectName(QStringLiteral("method_measure"));
    measure_->setToolTip(tr("Takes ten trial steps of each training with some of the pictures; "
                            "nothing is kept"));
    take_->setObjectName(QStringLiteral("method_take"));
    why_->setObjectName(QStringLiteral("method_why"));
    why_->setToolTip(tr("Why this way, and why not the others"));
    auto* head = new QHBoxLayout;
    head->setSpacing(metrics::kGap);
    head->addWidget(count_, 1);
    head->addWidget(close_);
    auto* costs = new QHBoxLayout;
    costs->setSpacing(metrics::kGap);
    costs->addWidget(cost_, 1);
    costs->addWidget(measure_, 0, Qt::AlignTop);
    auto* foot = new QHBoxLayout;
    foot->setSpacing(metrics::kGap);
    foot->addWidget(take_, 1);
    foot->addWidget(why_);
    auto* reasons = new QVBoxLayout(reasons_);
    reasons->setContentsMargins(0, 0, 0, 0);
    reasons->setSpacing(metrics::kGap);
    for (PlainLabel*& reason : reason_) {
        reason = makeWords(QStringLiteral("method_reason"), PlainLabel::Tone::text2, QFont::Normal);
        reasons->addWidget(reason);
    }
    reasons_->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(metrics::kGap, 4, metrics::kGap, metrics::kGap);
    column->setSpacing(metrics::kGap);
    column->addLayout(head);
    column->addWidget(new MethodAnswers(question_, Qt::Vertical));
    column->addWidget(title_);
    column->addLayout(costs);
    column->addWidget(will_not_);
    column->addLayout(foot);
    column->addWidget(reasons_);
}

void MethodChoice::showAdvice() {
    const auto count = question_.pictures().size();
    const TrainingAdvice advice = question_.advice();
    const MethodAdvice& first = advice.first();
    const bool trains = first.method != AdvisedMethod::image_prompt;
    count_->setPlainText(count == 1 ? tr("1 picture") : tr("%1 pictures").arg(count));
    title_->setPlainText(inWords(advice.title));
    cost_->setPlainText(question_.problem().isEmpty() ? inWords(first.cost) : question_.problem());
    will_not_->setPlainText(inWords(first.will_not));
    const bool unmeasured = trains && first.seconds == 0;
    measure_->setVisible(question_.isMeasuring() || (unmeasured && question_.canMeasure()));
    measure_->setEnabled(!question_.isMeasuring());
    measure_->setText(question_.isMeasuring() ? tr("Measuring") : tr("Measure it here"));
    take_->setText(!trains ? tr("Use them as references")
                   : first.method == AdvisedMethod::lora
                       ? tr("Train a LoRA of these %1").arg(count)
                       : tr("Train DreamBooth on these %1").arg(count));
    take_->setAccessibleName(take_->text());
    take_->setEnabled(count > 0);
    showReasons(advice);
}

void MethodChoice::showReasons(const TrainingAdvice& advice) {
    for (std::size_t i = 0; i < kAdvisedMethods; ++i) {
        const MethodAdvice& each = advice.methods[i];
        reason_[i]->setPlainText(
            QStringLiteral("%1: %2").arg(nameOfMethod(each.method), inWords(each.why)));
        reason_[i]->setTone(each.is_advised ? PlainLabel::Tone::text : PlainLabel::Tone::text2);
    }
}

void MethodChoice::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.accent, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::kRadius,
                            metrics::kRadius);
}

} // namespace likeness
