#include "ui/panels/reference_card_view.h"

#include "core/request/limits.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace likeness {

ReferenceCardView::ReferenceCardView(const ReferenceCard& card, QWidget* parent)
    : QWidget(parent), id_(card.id), thumbnail_(new ImageTile(metrics::kThumbnail)),
      name_(new PlainLabel({}, PlainLabel::Tone::text, 12, QFont::DemiBold)),
      caption_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      solo_(new IconButton("S", tr("Solo: only this reference acts"))),
      mute_(new IconButton("eye", tr("Mute: the picture is made without this reference"))),
      scale_(new ScaleSlider(limit("ip_adapter_scale"))) {
    setObjectName(QStringLiteral("reference_card"));
    setFixedHeight(metrics::kThumbnail + 2 * metrics::kGap);
    name_->setElided();
    caption_->setElided();
    solo_->setObjectName(QStringLiteral("solo"));
    mute_->setObjectName(QStringLiteral("mute"));
    solo_->setCheckable(true);
    mute_->setCheckable(true);
    auto* remove = new IconButton("close", tr("Remove this reference"));
    remove->setObjectName(QStringLiteral("remove"));
    scale_->setNumberWidth(metrics::kCardNumber);

    auto* head = new QHBoxLayout;
    head->setSpacing(0);
    head->addWidget(name_, 1);
    for (QWidget* button : {solo_, mute_, remove}) {
        head->addWidget(button);
    }
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(scale_);
    column->addStretch(1);
    column->addWidget(caption_);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::kGap, metrics::kGap, metrics::kGap, metrics::kGap);
    row->setSpacing(metrics::kGap);
    row->addWidget(thumbnail_, 0, Qt::AlignTop);
    row->addLayout(column, 1);

    connect(scale_, &ScaleSlider::edited, this,
            [this](double scale) { Q_EMIT scaleEdited(id_, scale); });
    connect(mute_, &IconButton::clicked, this,
            [this](bool muted) { Q_EMIT mutedEdited(id_, muted); });
    connect(solo_, &IconButton::clicked, this, [this](bool solo) { Q_EMIT soloEdited(id_, solo); });
    connect(remove, &IconButton::clicked, this, [this] { Q_EMIT removeRequested(id_); });
    setCard(card, true);
}

void ReferenceCardView::setCard(const ReferenceCard& card, bool counts) {
    thumbnail_->setImage(card.thumbnail);
    thumbnail_->setDimmed(!counts && card.image);
    name_->setPlainText(card.name);
    name_->setToolTip(cleaned(card.name).toHtmlEscaped());
    caption_->setPlainText(card.image ? tr("%1 × %2").arg(card.image->width).arg(card.image->height)
                                      : tr("Reading"));
    solo_->setChecked(card.solo);
    mute_->setChecked(card.muted);
    mute_->setIconName(card.muted ? QStringLiteral("eye_off") : QStringLiteral("eye"));
    scale_->setValue(card.ip_adapter_scale);
    scale_->setEnabled(counts || !card.image);
    scale_->setNames(QStringLiteral("ip_adapter_scale"), tr("Strength of %1").arg(card.name),
                     tr("ip_adapter_scale: how strongly this reference acts.\n0 the words alone, "
                        "1 as trained. Double click: %1")
                         .arg(limit("ip_adapter_scale").default_value, 0, 'f', 2));
    setAccessibleName(tr("Reference %1").arg(card.name));
}

void ReferenceCardView::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(theme.line, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metrics::kRadius,
                            metrics::kRadius);
}

} // namespace likeness
