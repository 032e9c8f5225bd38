#include "ui/panels/influence_panel.h"

#include "ui/canvas/influence_view.h"
#include "ui/model/comparison_model.h"
#include "ui/model/reference_list_model.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"

#include <QHBoxLayout>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

// 0 is over all steps; how many there are is the map's own.
constexpr Limit kInfluenceStep{"influence_step", 0, 1000, 1, 0, 0};

} // namespace

InfluencePanel::InfluencePanel(const ComparisonModel& model, QWidget* parent)
    : Section(tr("Influence"), QStringLiteral("influence_panel"), parent), model_(model),
      reference_(new ChoiceBox), view_(new InfluenceView),
      words_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      ask_(new TextButton(tr("Show"), TextButton::Kind::plain)), steps_row_(new QWidget),
      steps_(new ScaleSlider(kInfluenceStep)) {
    ask_->setObjectName(QStringLiteral("show_influence"));
    ask_->setAccessibleName(tr("Show the influence"));
    ask_->setToolTip(tr("Make this picture once more and look where each reference acts"));
    addHeadWidget(ask_);
    reference_->setObjectName(QStringLiteral("influence_reference"));
    reference_->setAccessibleName(tr("Reference"));
    reference_->setToolTip(tr("Whose influence is shown"));
    reference_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    words_->setWordWrap(true);
    words_->setObjectName(QStringLiteral("influence_words"));
    steps_->setNames(QStringLiteral("influence_step"), tr("Step"),
                     tr("The step that is shown; 0 is the mean over all"));
    auto* line = new QHBoxLayout(steps_row_);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(metrics::kGap);
    auto* label = new PlainLabel(tr("Step"), PlainLabel::Tone::text2);
    label->setFixedWidth(metrics::kLabelRight - metrics::kGap);
    label->setBuddy(steps_);
    line->addWidget(label);
    line->addWidget(steps_, 1);
    for (QWidget* widget : std::initializer_list<QWidget*>{words_, reference_, view_, steps_row_}) {
        body()->addWidget(widget);
    }
    connect(ask_, &QAbstractButton::clicked, this, [this] {
        reveal();
        Q_EMIT influenceRequested(index_);
    });
    connect(reference_, &QComboBox::activated, this, &InfluencePanel::show);
    connect(steps_, &ScaleSlider::edited, this, &InfluencePanel::show);
    connect(&model, &ComparisonModel::measured, this, &InfluencePanel::show);
    connect(&model, &ComparisonModel::stateChanged, this, &InfluencePanel::show);
    connect(&model, &ComparisonModel::reset, this, [this] { setPicture(-1); });
    setOpen(false);
    show();
}

void InfluencePanel::setPicture(int index) {
    index_ = index;
    show();
}

void InfluencePanel::show() {
    const ComparisonCell* cell = model_.cell(index_);
    const bool done = cell && cell->state == ComparisonCell::State::done;
    const bool known = done && !cell->influences.empty();
    ask_->setEnabled(done && !known && !model_.isMeasuring() &&
                     !cell->result.request.references.empty());
    for (QWidget* widget : std::initializer_list<QWidget*>{reference_, view_, steps_row_}) {
        widget->setVisible(known);
    }
    words_->setVisible(!known);
    words_->setPlainText(model_.isMeasuring()
                             ? tr("Looking")
                             : tr("Where each reference acts on the picture, from the attention. "
                                  "The picture is made once more for it."));
    if (!known) {
        return;
    }
    const int before = std::max(0, reference_->currentIndex());
    const QSignalBlocker blocked(reference_);
    reference_->clear();
    for (std::size_t i = 0; i < cell->influences.size(); ++i) {
        const QString path = QString::fromStdString(cell->result.request.references[i].path);
        const QString number = tr("Reference %1").arg(i + 1);
        reference_->addItem(
            path.isEmpty() ? number : QStringLiteral("%1: %2").arg(number, nameOfFile(path)));
    }
    const int chosen = std::min(before, reference_->count() - 1);
    reference_->setCurrentIndex(chosen);
    const Influence& influence = cell->influences[static_cast<std::size_t>(chosen)];
    steps_->setTrackMaximum(static_cast<double>(influence.steps.size()));
    const auto step = static_cast<std::size_t>(steps_->value());
    const std::vector<float>& values =
        step == 0 || step > influence.steps.size() ? influence.mean : influence.steps[step - 1];
    // One scale for all references and steps of the picture: they can be compared.
    double strongest = 0;
    for (const Influence& each : cell->influences) {
        for (const std::vector<float>& map : each.steps) {
            strongest = std::max<double>(strongest, *std::ranges::max_element(map));
        }
    }
    view_->setPicture(cell->image);
    view_->setMap(values, QSize(influence.width, influence.height), strongest);
}

} // namespace likeness
