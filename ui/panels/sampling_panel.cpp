#include "ui/panels/sampling_panel.h"

#include "core/request/json.h"
#include "core/request/limits.h"
#include "ui/model/words.h"
#include "ui/panels/sampling_presets.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/segmented_control.h"

#include <QMenu>
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

// As people know them; the same in every language.
const std::pair<SchedulerKind, const char*> kRules[] = {
    {SchedulerKind::ddim, "DDIM"},
    {SchedulerKind::euler, "Euler"},
    {SchedulerKind::euler_ancestral, "Euler a"},
    {SchedulerKind::pndm, "PNDM (PLMS)"},
    {SchedulerKind::dpmpp_2m, "DPM++ 2M"},
    {SchedulerKind::dpmpp_2m_sde, "DPM++ 2M SDE"},
    {SchedulerKind::dpmpp_2s, "DPM++ 2S"},
    {SchedulerKind::dpmpp_sde, "DPM++ SDE"},
    {SchedulerKind::unipc, "UniPC"},
    {SchedulerKind::heun, "Heun"},
    {SchedulerKind::lms, "LMS"},
    {SchedulerKind::dpm2, "DPM2"},
    {SchedulerKind::dpm2_ancestral, "DPM2 a"},
    {SchedulerKind::lcm, "LCM"},
    {SchedulerKind::ddpm, "DDPM"}};

const std::pair<const char*, const char*> kLevels[] = {
    {"karras", "Karras"}, {"exponential", "Exponential"}, {"beta", "Beta"}};

} // namespace

SamplingPanel::SamplingPanel(QWidget* parent)
    : Section(tr("Sampling"), QStringLiteral("sampling_panel"), parent),
      width_(new NumberField(limit("width"))), height_(new NumberField(limit("height"))),
      ratio_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      size_problem_(new PlainLabel({}, PlainLabel::Tone::text, 11)),
      steps_(new ScaleSlider(limit("num_inference_steps"))),
      guidance_(new ScaleSlider(limit("guidance_scale"))), scheduler_(new ChoiceBox),
      levels_(new ChoiceBox), seed_(new QLineEdit),
      lock_(new IconButton("unlock",
                           tr("Lock the seed: the next picture starts from the same noise"))),
      num_images_(new SegmentedControl({{QStringLiteral("1"), {}},
                                        {QStringLiteral("2"), {}},
                                        {QStringLiteral("4"), {}},
                                        {QStringLiteral("8"), {}}})),
      count_(new NumberField(limit("num_images"))),
      variation_(new ScaleSlider(limit("variation_strength"))),
      vary_(new TextButton(tr("Make 9"), TextButton::Kind::plain)),
      branch_(new PlainLabel({}, PlainLabel::Tone::text)) {
    buildPresets();
    buildSize();
    buildSteps();
    buildSeed();
    num_images_->setNames(QStringLiteral("num_images"), tr("Number of pictures"));
    num_images_->setToolTip(tr("num_images: picture k has the seed plus k"));
    buildPictures();
}

void SamplingPanel::buildPictures() {
    const auto set_count = [this](int count) {
        Q_EMIT edited([count](GenerationRequest& request) { request.num_images = count; });
    };
    count_->setObjectName(QStringLiteral("num_images_number"));
    count_->setAccessibleName(tr("Number of pictures, 1 to 64"));
    count_->setToolTip(tr("num_images: 1 to 64; picture k has the seed plus k"));
    addRow(tr("Pictures"), {num_images_, count_}, num_images_);
    connect(num_images_, &SegmentedControl::edited, this,
            [set_count](int index) { set_count(kNumImages[index]); });
    connect(count_, &NumberField::edited, this,
            [set_count](double count) { set_count(static_cast<int>(count)); });

    variation_->setNames(QStringLiteral("variation_strength"), tr("Variation"),
                         tr("variations: how far the near pictures are from the shown one, as a "
                            "share of the way to another seed.\n0 the same, 1 another seed"));
    vary_->setObjectName(QStringLiteral("vary"));
    vary_->setFixedHeight(metrics::kControl);
    vary_->setAccessibleName(tr("Make nine variations"));
    vary_->setToolTip(tr("Nine pictures near the shown one (Ctrl+Shift+V)"));
    addRow(tr("Variation"), {variation_, vary_}, variation_);
    connect(vary_, &QAbstractButton::clicked, this,
            [this] { Q_EMIT variationsRequested(variation_->value()); });

    // Takes room only while there is a branch.
    auto* clear = new IconButton("close", tr("Begin from noise again"));
    clear->setObjectName(QStringLiteral("clear_branch"));
    branch_->setObjectName(QStringLiteral("branch_text"));
    branch_->setElided();
    branch_row_ = new LabelledRow(tr("Branch"), {branch_, clear}, branch_);
    body()->addWidget(branch_row_);
    connect(clear, &IconButton::clicked, this, &SamplingPanel::branchCleared);
}

double SamplingPanel::variationStrength() const {
    return variation_->value();
}

void SamplingPanel::addRow(const QString& text, const QList<QWidget*>& widgets,
                           QWidget* stretched) {
    body()->addWidget(new LabelledRow(text, widgets, stretched));
}

void SamplingPanel::buildPresets() {
    auto* more = new IconButton("more", tr("Presets: the model's own values, and other formats"));
    more->setObjectName(QStringLiteral("sampling_presets"));
    addHeadWidget(more);
    connect(more, &IconButton::clicked, this, [this, more] {
        auto* menu = new QMenu(this);
        menu->setObjectName(QStringLiteral("sampling_presets_menu"));
        menu->setAttribute(Qt::WA_DeleteOnClose);
        fillPresets(*menu, traits_, [this](const RequestEdit& edit) { Q_EMIT edited(edit); });
        menu->popup(more->mapToGlobal(QPoint(0, more->height())));
    });
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

    buildScheduler();
}

void SamplingPanel::buildScheduler() {
    scheduler_->setObjectName(QStringLiteral("scheduler"));
    scheduler_->setAccessibleName(tr("Scheduler"));
    scheduler_->setToolTip(tr("scheduler: the rule of each step"));
    for (const auto& [kind, name] : kRules) {
        scheduler_->addItem(QString::fromLatin1(name), static_cast<int>(kind));
    }
    addRow(tr("Scheduler"), {scheduler_}, scheduler_);
    levels_->setObjectName(QStringLiteral("noise_levels"));
    levels_->setAccessibleName(tr("Noise levels"));
    levels_->setToolTip(tr("scheduler: how the noise falls from step to step. Karras and "
                           "exponential give the fine steps more of them, beta both ends"));
    levels_->addItem(tr("The model's own"), QString());
    for (const auto& [levels, name] : kLevels) {
        levels_->addItem(QString::fromLatin1(name), QString::fromLatin1(levels));
    }
    addRow(tr("Noise levels"), {levels_}, levels_);
    for (const ChoiceBox* box : {scheduler_, levels_}) {
        connect(box, &QComboBox::activated, this, [this] {
            const auto rule = static_cast<SchedulerKind>(scheduler_->currentData().toInt());
            const std::string levels = levels_->currentData().toString().toStdString();
            // A rule without such levels takes the model's own.
            const SchedulerKind kind =
                scheduler_of_parts({.rule = rule, .levels = levels}).value_or(rule);
            Q_EMIT edited([kind](GenerationRequest& request) { request.scheduler = kind; });
        });
    }
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
    const SchedulerParts parts = parts_of(request.scheduler.value_or(traits.default_scheduler));
    scheduler_->setCurrentIndex(scheduler_->findData(static_cast<int>(parts.rule)));
    levels_->setCurrentIndex(levels_->findData(
        QString::fromLatin1(parts.levels.data(), static_cast<qsizetype>(parts.levels.size()))));
    levels_->setEnabled(
        scheduler_of_parts({.rule = parts.rule, .levels = kLevels[0].first}).has_value());
    if (!seed_->hasFocus() || !seed_->isModified()) {
        seed_->setText(QString::number(request.seed));
    }
    const auto* count = std::ranges::find(kNumImages, request.num_images);
    num_images_->setCurrent(
        count == std::end(kNumImages) ? -1 : static_cast<int>(count - std::begin(kNumImages)));
    count_->setValue(request.num_images);
    branch_row_->setVisible(request.branch != nullptr);
    if (request.branch) {
        branch_->setPlainText(
            tr("step %1 of seed %2").arg(request.branch->step).arg(request.branch->of.seed));
    }
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
        widget->setAccessibleDescription(bad ? inWords(problem->message) : QString());
    }
    const auto size = std::ranges::find_if(problems, [](const Problem& problem) {
        return problem.field == "width" || problem.field == "height";
    });
    size_problem_->setVisible(size != problems.end());
    if (size != problems.end()) {
        size_problem_->setPlainText(inWords(*size));
    }
}

} // namespace likeness
