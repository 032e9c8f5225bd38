#include "ui/panels/compare_view_panel.h"

#include "ui/theme.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

namespace likeness {

namespace {

constexpr Limit kWipe{"wipe", 0, 100, 1, 50, 0};
constexpr Limit kBlink{"blink", 0.5, 8, 0.5, 2, 1};
constexpr Limit kGain{"gain", 1, 16, 1, 4, 0};

} // namespace

CompareViewPanel::CompareViewPanel(QWidget* parent)
    : Section(tr("View"), QStringLiteral("compare_view_panel"), parent),
      wipe_(makeSlider(kWipe, tr("Wipe, %"), QStringLiteral("wipe"),
                       tr("Where the line between A and B stands"))),
      blink_(makeSlider(kBlink, tr("Blink, Hz"), QStringLiteral("blink"),
                        tr("How many times a second A and B change"))),
      gain_(makeSlider(kGain, tr("Diff gain"), QStringLiteral("diff_gain"),
                       tr("Differences are drawn that many times stronger"))),
      kind_(new SegmentedControl(
          {{tr("Absolute"), tr("The difference of each channel, times the gain")},
           {QString::fromUtf8("ΔE 2000"),
            tr("CIEDE2000: how far apart the eye sees the colours; 1 is just seen")}})) {
    kind_->setNames(QStringLiteral("difference_kind"), tr("Difference"));
    auto* line = new QHBoxLayout;
    line->setSpacing(metrics::kGap);
    auto* label = new PlainLabel(tr("Difference"), PlainLabel::Tone::text2);
    label->setFixedWidth(metrics::kLabelRight - metrics::kGap);
    label->setBuddy(kind_);
    line->addWidget(label);
    line->addWidget(kind_, 1);
    body()->insertLayout(2, line);
    setWipe(0.5);
    setBlinkRate(2);
    setDifference(0, 4);
    connect(wipe_, &ScaleSlider::edited, this,
            [this](double percent) { Q_EMIT wipeEdited(percent / 100); });
    connect(blink_, &ScaleSlider::edited, this, &CompareViewPanel::blinkEdited);
    const auto edited = [this] { Q_EMIT differenceEdited(kind_->current(), gain_->value()); };
    connect(gain_, &ScaleSlider::edited, this, edited);
    connect(kind_, &SegmentedControl::edited, this, edited);
}

ScaleSlider* CompareViewPanel::makeSlider(const Limit& limit, const QString& text,
                                          const QString& name, const QString& tool_tip) {
    auto* slider = new ScaleSlider(limit);
    slider->setNames(name, text, tool_tip);
    auto* line = new QHBoxLayout;
    line->setSpacing(metrics::kGap);
    auto* label = new PlainLabel(text, PlainLabel::Tone::text2);
    label->setFixedWidth(metrics::kLabelRight - metrics::kGap);
    label->setBuddy(slider);
    line->addWidget(label);
    line->addWidget(slider, 1);
    body()->addLayout(line);
    return slider;
}

void CompareViewPanel::setWipe(double share) {
    wipe_->setValue(share * 100);
}

void CompareViewPanel::setBlinkRate(double hertz) {
    blink_->setValue(hertz);
}

void CompareViewPanel::setDifference(int kind, double gain) {
    kind_->setCurrent(kind);
    gain_->setValue(gain);
}

} // namespace likeness
