#include "ui/panels/fine_tuning_panel.h"

#include "core/request/limits.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/range_slider.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/segmented_control.h"

#include <QVBoxLayout>

#include <algorithm>
#include <iterator>

namespace likeness {

namespace {

// The sizes in the order of their fields, two a row.
struct SizeField {
    const char* name;
    std::optional<int> SizeConditions::*value;
};

constexpr SizeField kSizes[] = {{"original_width", &SizeConditions::original_width},
                                {"original_height", &SizeConditions::original_height},
                                {"crop_left", &SizeConditions::crop_left},
                                {"crop_top", &SizeConditions::crop_top},
                                {"target_width", &SizeConditions::target_width},
                                {"target_height", &SizeConditions::target_height}};

} // namespace

FineTuningPanel::FineTuningPanel(QWidget* parent)
    : Section(tr("Fine tuning"), QStringLiteral("fine_tuning_panel"), parent),
      syntax_(new SegmentedControl(
          {{tr("Weighted"), tr("prompt_syntax: weighted. Brackets and BREAK are marks")},
           {tr("Plain"), tr("prompt_syntax: plain. Every character is read as it stands, and what "
                            "is past 75 tokens is not")}})),
      syntax_help_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      clip_skip_(new NumberField(limit("clip_skip"))), guided_(new RangeSlider),
      guided_words_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      rescale_(new ScaleSlider(limit("guidance_rescale"))) {
    buildPrompt();
    buildGuidance();
    sizes_ = makeSizes();
    body()->addWidget(sizes_);
    setOpen(false);
}

void FineTuningPanel::buildPrompt() {
    syntax_->setNames(QStringLiteral("prompt_syntax"), tr("Prompt syntax"));
    syntax_help_->setObjectName(QStringLiteral("prompt_syntax_help"));
    syntax_help_->setWordWrap(true);
    syntax_help_->setContentsMargins(0, 0, 0, 4);
    clip_skip_->setObjectName(QStringLiteral("clip_skip"));
    clip_skip_->setAccessibleName(tr("Skipped layers of the text encoder"));
    clip_skip_->setToolTip(tr("clip_skip: how many of the text encoder's last layers are not "
                              "read"));
    body()->addWidget(new LabelledRow(tr("Prompt"), {syntax_}, syntax_));
    body()->addWidget(syntax_help_);
    body()->addWidget(new LabelledRow(tr("Clip skip"), {clip_skip_}));
    connect(syntax_, &SegmentedControl::edited, this, [this](int index) {
        Q_EMIT edited([index](GenerationRequest& request) {
            request.prompt_syntax = index == 0 ? PromptSyntax::weighted : PromptSyntax::plain;
        });
    });
    connect(clip_skip_, &NumberField::edited, this, [this](double value) {
        Q_EMIT edited(
            [value](GenerationRequest& request) { request.clip_skip = static_cast<int>(value); });
    });
}

void FineTuningPanel::buildGuidance() {
    guided_->setObjectName(QStringLiteral("guidance_range"));
    guided_->setNames(tr("Steps that are guided"),
                      tr("guidance_range: share of the steps in which guidance acts; the others "
                         "are twice as fast. Double click: all of them"));
    guided_words_->setObjectName(QStringLiteral("guidance_range_words"));
    guided_words_->setFont(numberFont(11));
    guided_words_->setFixedWidth(
        std::max(metrics::kNumber,
                 QFontMetrics(numberFont(11)).horizontalAdvance(tr("%1–%2 %").arg(88).arg(100))));
    guided_words_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    rescale_->setNames(QStringLiteral("guidance_rescale"), tr("Guidance rescale"),
                       tr("guidance_rescale: takes back what strong guidance does to contrast. "
                          "0 nothing, 0.7 as usual for v-prediction models"));
    body()->addWidget(new LabelledRow(tr("Guided"), {guided_, guided_words_}, guided_));
    body()->addWidget(new LabelledRow(tr("Rescale"), {rescale_}, rescale_));
    connect(guided_, &RangeSlider::edited, this, [this](double start, double end) {
        Q_EMIT edited([start, end](GenerationRequest& request) {
            request.guidance_start = start;
            request.guidance_end = end;
        });
    });
    connect(rescale_, &ScaleSlider::edited, this, [this](double value) {
        Q_EMIT edited([value](GenerationRequest& request) { request.guidance_rescale = value; });
    });
}

QWidget* FineTuningPanel::makeSizes() {
    auto* box = new QWidget;
    box->setObjectName(QStringLiteral("size_conditions"));
    auto* words =
        new PlainLabel(tr("SDXL is told what the picture was cut from. A small original makes it "
                          "look enlarged, a crop cuts things off."),
                       PlainLabel::Tone::text2, 11);
    words->setWordWrap(true);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 4, 0, 0);
    column->setSpacing(4);
    column->addWidget(words);
    column->addWidget(makeSizeRow(tr("Original"), 0, tr("size the picture is said to come from")));
    column->addWidget(makeSizeRow(tr("Crop at"), 2, tr("what is said to be cut off there")));
    column->addWidget(makeSizeRow(tr("Target"), 4, tr("size the picture is said to be made for")));
    return box;
}

QWidget* FineTuningPanel::makeSizeRow(const QString& title, std::size_t first,
                                      const QString& explained) {
    const QString parts[] = {first == 2 ? tr("left") : tr("width"),
                             first == 2 ? tr("top") : tr("height")};
    for (std::size_t i = 0; i < 2; ++i) {
        const SizeField& size = kSizes[first + i];
        auto* field = new NumberField(limit(size.name));
        size_fields_[first + i] = field;
        field->setObjectName(QLatin1String(size.name));
        field->setAccessibleName(QStringLiteral("%1, %2").arg(title, parts[i]));
        field->setToolTip(QStringLiteral("%1: %2").arg(QLatin1String(size.name), explained));
        connect(field, &NumberField::edited, this, [this, value = size.value](double pixels) {
            Q_EMIT edited([value, pixels](GenerationRequest& request) {
                request.sizes.*value = static_cast<int>(pixels);
            });
        });
    }
    auto* own = new IconButton("close", tr("As the picture is"));
    own->setObjectName(QLatin1String(kSizes[first].name) + QStringLiteral("_clear"));
    own->setAccessibleName(tr("%1 as the picture is").arg(title));
    as_picture_[first / 2] = own;
    connect(own, &IconButton::clicked, this, [this, first] {
        Q_EMIT edited([first](GenerationRequest& request) {
            (request.sizes.*kSizes[first].value).reset();
            (request.sizes.*kSizes[first + 1].value).reset();
        });
    });
    return new LabelledRow(title, {size_fields_[first], size_fields_[first + 1], own});
}

int FineTuningPanel::changedFields(const GenerationRequest& request) {
    const GenerationRequest usual;
    const bool changed[] = {
        request.prompt_syntax != usual.prompt_syntax, request.clip_skip != usual.clip_skip,
        request.guidance_start != usual.guidance_start ||
            request.guidance_end != usual.guidance_end,
        request.guidance_rescale != usual.guidance_rescale, request.sizes != usual.sizes};
    return static_cast<int>(std::ranges::count(changed, true));
}

void FineTuningPanel::setRequest(const GenerationRequest& request, const ModelTraits& traits) {
    const bool weighted = request.prompt_syntax == PromptSyntax::weighted;
    syntax_->setCurrent(weighted ? 0 : 1);
    syntax_help_->setPlainText(
        weighted ? tr("(word:1.2) counts 1.2 times, [word] 0.91 times; BREAK begins a new piece. "
                      "Ctrl+Up and Ctrl+Down change what is selected.")
                 : tr("Brackets are read as they stand; past 75 tokens nothing is read."));
    clip_skip_->setValue(request.clip_skip);
    guided_->setRange(request.guidance_start, request.guidance_end);
    guided_words_->setPlainText(tr("%1–%2 %")
                                    .arg(qRound(100 * request.guidance_start))
                                    .arg(qRound(100 * request.guidance_end)));
    rescale_->setValue(request.guidance_rescale);
    // Where the model does not read them they are still shown while a request brings some.
    sizes_->setVisible(traits.family == "sdxl" || request.sizes != SizeConditions{});
    const int width = request.width.value_or(traits.default_width);
    const int height = request.height.value_or(traits.default_height);
    const int own[] = {width, height, 0, 0, width, height};
    for (std::size_t i = 0; i < size_fields_.size(); ++i) {
        size_fields_[i]->setValue((request.sizes.*kSizes[i].value).value_or(own[i]));
    }
    for (std::size_t row = 0; row < as_picture_.size(); ++row) {
        as_picture_[row]->setVisible((request.sizes.*kSizes[2 * row].value).has_value() ||
                                     (request.sizes.*kSizes[2 * row + 1].value).has_value());
    }
    const int changed = changedFields(request);
    setNote(changed == 0 ? QString() : tr("%1 changed").arg(changed));
}

} // namespace likeness
