#include "ui/panels/active_row.h"

#include "core/request/limits.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>

namespace likeness {

namespace {

constexpr int kRowTile = 18;
constexpr double kLoraTrackStart = -1; // as on a LoRA's card
constexpr double kLoraTrackEnd = 2;

} // namespace

ActiveRow::ActiveRow(ActiveThing::Kind kind, QWidget* parent)
    : QWidget(parent), kind_(kind), name_(new PlainLabel),
      more_(new IconButton("more", tr("More of this"))) {
    setObjectName(QStringLiteral("active_row"));
    setFixedHeight(metrics::kControl);
    name_->setObjectName(QStringLiteral("active_name"));
    more_->setObjectName(QStringLiteral("active_more"));
    build();
    connect(more_, &IconButton::clicked, this,
            [this] { Q_EMIT menuRequested(more_->mapToGlobal(QPoint(0, more_->height()))); });
}

void ActiveRow::build() {
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kGap);
    auto* head = new QHBoxLayout;
    int label = metrics::kLabelRight - metrics::kGap;
    if (kind_ == ActiveThing::Kind::reference) {
        constexpr int kNear = 4; // the longest role needs the rest
        picture_ = new ImageTile(kRowTile);
        label -= kRowTile + kNear;
        name_->setFont(textFont(11));
        head->setSpacing(kNear);
        head->addWidget(picture_);
    }
    name_->setElided();
    name_->setFixedWidth(label);
    name_->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    head->addWidget(name_);
    row->addLayout(head);
    if (kind_ == ActiveThing::Kind::reference || kind_ == ActiveThing::Kind::lora) {
        const bool lora = kind_ == ActiveThing::Kind::lora;
        scale_ = new ScaleSlider(limit(lora ? "lora_scale" : "ip_adapter_scale"));
        if (lora) {
            scale_->setTrackRange(kLoraTrackStart, kLoraTrackEnd);
        }
        scale_->setNumberWidth(metrics::kCardNumber);
        row->addWidget(scale_, 1);
        connect(scale_, &ScaleSlider::edited, this, &ActiveRow::scaleEdited);
    } else {
        words_ = new PlainLabel({}, PlainLabel::Tone::text2, 12);
        words_->setObjectName(QStringLiteral("active_words"));
        words_->setElided();
        row->addWidget(words_, 1);
    }
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(0);
    if (kind_ != ActiveThing::Kind::model) {
        mute_ = new IconButton("eye", tr("Mute: the picture is made without it"));
        mute_->setObjectName(QStringLiteral("active_mute"));
        mute_->setCheckable(true);
        buttons->addWidget(mute_);
        connect(mute_, &IconButton::clicked, this, &ActiveRow::muteEdited);
    }
    buttons->addWidget(more_);
    row->addLayout(buttons);
}

void ActiveRow::setThing(const ActiveThing& thing) {
    thing_ = thing;
    const bool model = kind_ == ActiveThing::Kind::model;
    name_->setPlainText(model ? tr("Base model") : thing.name);
    name_->setTone(model || !thing.acts ? PlainLabel::Tone::text2 : PlainLabel::Tone::text);
    const QString file = cleaned(thing.explained).toHtmlEscaped();
    const QString tip =
        thing.problem.isEmpty() ? file : QStringLiteral("%1\n%2").arg(file, thing.problem);
    name_->setToolTip(tip);
    if (picture_) {
        picture_->setImage(thing.thumbnail);
        picture_->setDimmed(!thing.acts);
        picture_->setToolTip(tip);
    }
    if (scale_) {
        scale_->setValue(thing.scale);
        scale_->setEnabled(!thing.muted);
    }
    if (words_) {
        words_->setPlainText(model ? thing.name : tr("learned word"));
        words_->setTone(model ? PlainLabel::Tone::text : PlainLabel::Tone::text2);
        words_->setToolTip(tip);
    }
    if (mute_) {
        mute_->setChecked(thing.muted);
        mute_->setIconName(thing.acts ? QStringLiteral("eye") : QStringLiteral("eye_off"));
    }
    showNames();
}

// What a screen reader says of each part.
void ActiveRow::showNames() {
    const bool is_reference = kind_ == ActiveThing::Kind::reference;
    const QString name = is_reference ? thing_.explained : thing_.name;
    setAccessibleName(name);
    more_->setAccessibleName(tr("More of %1").arg(name));
    if (mute_) {
        mute_->setAccessibleName(tr("Mute %1").arg(name));
    }
    if (scale_) {
        scale_->setNames(
            is_reference ? QStringLiteral("active_reference") : QStringLiteral("active_lora"),
            tr("Strength of %1").arg(name),
            is_reference ? tr("ip_adapter_scale: how strongly this reference counts, before the "
                              "master. Double click: %1")
                               .arg(limit("ip_adapter_scale").default_value, 0, 'f', 2)
                         : tr("lora_scale: how strongly this LoRA counts.\n0 without it, 1 as "
                              "trained, below 0 the contrary. Double click: %1")
                               .arg(limit("lora_scale").default_value, 0, 'f', 2));
    }
}

void ActiveRow::contextMenuEvent(QContextMenuEvent* event) {
    Q_EMIT menuRequested(event->globalPos());
}

} // namespace likeness
