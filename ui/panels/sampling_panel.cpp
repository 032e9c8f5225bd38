#include "ui/panels/sampling_panel.h"

#include "core/request/json.h"
#include "core/request/limits.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <numeric>
#include <utility>

namespace likeness {

namespace {

constexpr int kNumImages[] = {1, 2, 4, 8};
constexpr double kStepsTrack = 60; // hands work below it; the number goes on
constexpr double kGuidanceTrack = 15;

const std::pair<SchedulerKind, const char*> kSchedulers[] = {{SchedulerKind::ddim, "DDIM"},
                                                             {SchedulerKind::euler, "Euler"}};

} // namespace

SamplingPanel::SamplingPanel(QWidget* parent)
    : Section(tr("Sampling"), QStringLiteral("sampling_panel"), parent),
      width_(new NumberField(limit("width"))), height_(new NumberField(limit("height"))),
      ratio_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      size_problem_(new PlainLabel({}, PlainLabel::Tone::text, 11)),
      steps_(new ScaleSlider(limit("num_inference_steps"))),
      guidance_(new ScaleSlider(limit("guidance_scale"))), scheduler_(new ChoiceBox),
      seed_(new QLineEdit),
      lock_(new IconButton("unlock",
                           tr("Lock the seed: the next picture starts from the same noise"))),
      num_images_(new SegmentedControl({{QStringLiteral("1"), {}},
                                        {QStringLiteral("2"), {}},
                                        {QStringLiteral("4"), {}},
                                        {QStringLiteral("8"), {}}})) {
    buildSize();
    buildSteps();
    buildSeed();
    num_images_->setNames(QStringLiteral("num_images"), tr("Number of pictures"));
    num_images_->setToolTip(tr("num_images: picture k has the seed plus k"));
    addRow(tr("Pictures"), {num_images_}, num_images_);
    connect(num_images_, &SegmentedControl::edited, this, [this](int index) {
        Q_EMIT edited(
            [index](GenerationRequest& request) { request.num_images = kNumImages[index]; });
    });
}

void SamplingPanel::addRow(const QString& text, const QList<QWidget*>& widgets,
                           QWidget* stretched) {
    auto* row = new QHBoxLayout;
    row->setSpacing(metrics::kGap);
    auto* label = new PlainLabel(text, PlainLabel::Tone::text2);
    label->setFixedWidth(metrics::kLabelRight - metrics::kGap);
    label->setBuddy(widgets.front());
    row->addWidget(label);
    for (QWidget* widget : widgets) {
        row->addWidget(widget, widget == stretched ? 1 : 0);
    }
    if (!stretched) {
        row->addStretch(1);
    }
    body()->addLayout(row);
}

void SamplingPanel::buildSize() {
    const std::pair<NumberField*, QString> fields[] = {{width_, QStringLiteral("width")},
                                                       {height_, QStringLiteral("height")}};
    for (const auto& [field, name] : fields) {
        field->setObjectName(name);
        field->setAccessibleName(name == QLatin1String("width") ? tr("Width") : tr("Height"));
        field->setToolTip(tr("%1 of the picture in pixels").arg(name));
        connect(field, &NumberField::edited, this,
                [this, is_width = field == width_](double value) {
                    Q_EMIT edited(
                        [is_width, pixels = static_cast<int>(value)](GenerationRequest& request) {
                            (is_width ? request.width : request.height) = pixels;
                        });
                });
    }
    auto* swap = new IconButton("swap", tr("Swap width and height"));
    swap->setObjectName(QStringLiteral("swap_size"));
    connect(swap, &IconButton::clicked, this, [this] {
        const int width = static_cast<int>(width_->value());
        const int height = static_cast<int>(height_->value());
        Q_EMIT edited([width, height](GenerationRequest& request) {
            request.width = height;
            request.height = width;
        });
    });
    ratio_->setFont(numberFont(11));
    ratio_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    addRow(tr("Size"), {width_, swap, height_, ratio_}, ratio_);
    size_problem_->setObjectName(QStringLiteral("size_problem"));
    size_problem_->setWordWrap(true);
    size_problem_->setContentsMargins(metrics::kLabelRight, 0, 0, 4);
    size_problem_->hide();
    body()->addWidget(size_problem_);
}

void SamplingPanel::buildSteps() {
    steps_->setTrackMaximum(kStepsTrack);
    guidance_->setTrackMaximum(kGuidanceTrack);
    steps_->setNames(QStringLiteral("num_inference_steps"), tr("Steps"),
                     tr("num_inference_steps: more steps, finer and slower"));
    guidance_->setNames(QStringLiteral("guidance_scale"), tr("Guidance"),
                        tr("guidance_scale: how strictly the prompt is followed"));
    addRow(tr("Steps"), {steps_}, steps_);
    addRow(tr("Guidance"), {guidance_}, guidance_);
    connect(steps_, &ScaleSlider::edited, this, [this](double value) {
        Q_EMIT edited([value](GenerationRequest& request) {
            request.num_inference_steps = static_cast<int>(value);
        });
    });
    connect(guidance_, &ScaleSlider::edited, this, [this](double value) {
        Q_EMIT edited([value](GenerationRequest& request) { request.guidance_scale = value; });
    });

    scheduler_->setObjectName(QStringLiteral("scheduler"));
    scheduler_->setAccessibleName(tr("Scheduler"));
    scheduler_->setToolTip(tr("scheduler: the rule of each step"));
    for (const auto& [kind, name] : kSchedulers) {
        scheduler_->addItem(QString::fromLatin1(name), static_cast<int>(kind));
    }
    addRow(tr("Scheduler"), {scheduler_}, scheduler_);
    connect(scheduler_, &QComboBox::activated, this, [this](int index) {
        const auto kind = static_cast<SchedulerKind>(scheduler_->itemData(index).toInt());
        Q_EMIT edited([kind](GenerationRequest& request) { request.scheduler = kind; });
    });
}

void SamplingPanel::buildSeed() {
    seed_->setObjectName(QStringLiteral("seed"));
    seed_->setAccessibleName(tr("Seed"));
    seed_->setToolTip(tr("seed: the noise the picture starts from"));
    seed_->setFont(numberFont());
    seed_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    seed_->setFixedHeight(metrics::kControl);
    seed_->setAcceptDrops(false);
    auto* dice = new IconButton("dice", tr("Draw another seed"));
    dice->setObjectName(QStringLiteral("dice"));
    lock_->setObjectName(QStringLiteral("seed_lock"));
    lock_->setCheckable(true);
    addRow(tr("Seed"), {seed_, dice, lock_}, seed_);
    connect(seed_, &QLineEdit::editingFinished, this, &SamplingPanel::commitSeed);
    connect(dice, &IconButton::clicked, this, &SamplingPanel::seedRequested);
    connect(lock_, &IconButton::clicked, this, &SamplingPanel::seedLockEdited);
}

void SamplingPanel::commitSeed() {
    bool is_number = false;
    const quint64 seed = seed_->text().trimmed().toULongLong(&is_number);
    if (!is_number) {
        seed_->setText(QString::number(request_.seed));
    } else if (seed != request_.seed) {
        Q_EMIT edited([seed](GenerationRequest& request) { request.seed = seed; });
    }
    seed_->setModified(false);
}

void SamplingPanel::setRequest(const GenerationRequest& request, const ModelTraits& traits) {
    request_ = request;
    traits_ = traits;
    const int width = request.width.value_or(traits.default_width);
    const int height = request.height.value_or(traits.default_height);
    width_->setValue(width);
    height_->setValue(height);
    const int divisor = std::max(1, std::gcd(width, height));
    ratio_->setPlainText(QStringLiteral("%1 : %2").arg(width / divisor).arg(height / divisor));
    steps_->setDefault(traits.default_num_inference_steps);
    steps_->setValue(request.num_inference_steps.value_or(traits.default_num_inference_steps));
    guidance_->setDefault(traits.default_guidance_scale);
    guidance_->setValue(request.guidance_scale.value_or(traits.default_guidance_scale));
    const SchedulerKind kind = request.scheduler.value_or(traits.default_scheduler);
    scheduler_->setCurrentIndex(scheduler_->findData(static_cast<int>(kind)));
    if (!seed_->hasFocus() || !seed_->isModified()) {
        seed_->setText(QString::number(request.seed));
    }
    const auto* count = std::ranges::find(kNumImages, request.num_images);
    num_images_->setCurrent(
        count == std::end(kNumImages) ? -1 : static_cast<int>(count - std::begin(kNumImages)));
}

void SamplingPanel::setSeedLocked(bool locked) {
    lock_->setChecked(locked);
    lock_->setIconName(locked ? QStringLiteral("lock") : QStringLiteral("unlock"));
}

void SamplingPanel::setProblems(const std::vector<Problem>& problems) {
    const std::pair<QWidget*, const char*> fields[] = {{width_, "width"},
                                                       {height_, "height"},
                                                       {steps_->number(), "num_inference_steps"},
                                                       {guidance_->number(), "guidance_scale"}};
    for (const auto& [widget, name] : fields) {
        const auto problem = std::ranges::find(problems, name, &Problem::field);
        const bool bad = problem != problems.end();
        if (widget->property("problem").toBool() != bad) {
            widget->setProperty("problem", bad);
            widget->style()->unpolish(widget);
            widget->style()->polish(widget);
        }
        widget->setAccessibleDescription(bad ? QString::fromStdString(problem->message)
                                             : QString());
    }
    const auto size = std::ranges::find_if(problems, [](const Problem& problem) {
        return problem.field == "width" || problem.field == "height";
    });
    size_problem_->setVisible(size != problems.end());
    if (size != problems.end()) {
        size_problem_->setPlainText(QString::fromStdString(size->field + " " + size->message));
    }
}

} // namespace likeness
