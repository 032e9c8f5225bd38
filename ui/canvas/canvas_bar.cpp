#include "ui/canvas/canvas_bar.h"

#include "ui/canvas/picture_view.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPainter>

#include <cmath>

namespace likeness {

CanvasBar::CanvasBar(PictureView& view, QWidget* parent)
    : QWidget(parent), view_(view), zoom_(new PlainLabel({}, PlainLabel::Tone::text2)),
      fit_(new IconButton("fit", tr("Fit the picture to the window (Ctrl+0)"), this)),
      sharp_(
          new IconButton("pixels", tr("Sharp pixels: enlarge by whole multiples (Ctrl+P)"), this)) {
    setObjectName(QStringLiteral("canvas_bar"));
    setFixedHeight(metrics::kTabRow);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 1);
    row->setSpacing(4);

    zoom_->setObjectName(QStringLiteral("zoom_label"));
    zoom_->setFont(numberFont());
    zoom_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    zoom_->setFixedWidth(56); // wide enough for 6400 %, so that nothing jumps
    row->addWidget(zoom_);
    row->addSpacing(4);
    auto* out = new IconButton("zoom_out", tr("Zoom out (Ctrl+-)"), this);
    auto* in = new IconButton("zoom_in", tr("Zoom in (Ctrl++)"), this);
    auto* one = new TextButton(tr("100 %"), TextButton::Kind::flat, this);
    out->setObjectName(QStringLiteral("zoom_out"));
    in->setObjectName(QStringLiteral("zoom_in"));
    one->setObjectName(QStringLiteral("zoom_100"));
    one->setToolTip(tr("One picture pixel on one screen pixel (Ctrl+1)"));
    fit_->setObjectName(QStringLiteral("zoom_fit"));
    sharp_->setObjectName(QStringLiteral("sharp"));
    fit_->setCheckable(true);
    sharp_->setCheckable(true);
    for (QWidget* widget : std::initializer_list<QWidget*>{out, in, fit_, one, sharp_}) {
        row->addWidget(widget);
    }
    connect(out, &IconButton::clicked, &view, [&view] { view.zoomStep(-1); });
    connect(in, &IconButton::clicked, &view, [&view] { view.zoomStep(1); });
    connect(one, &TextButton::clicked, &view, [&view] { view.setZoom(1); });
    connect(fit_, &IconButton::clicked, this, [this] {
        view_.setFit();
        showZoom();
    });
    connect(sharp_, &IconButton::toggled, &view, &PictureView::setSharp);
    connect(&view, &PictureView::zoomChanged, this, &CanvasBar::showZoom);
    showZoom();
}

void CanvasBar::addTools(QWidget* tools) {
    auto* row = static_cast<QHBoxLayout*>(layout());
    row->insertWidget(row->indexOf(zoom_), tools);
}

void CanvasBar::showZoom() {
    zoom_->setPlainText(tr("%1 %").arg(std::lround(view_.zoom() * 100)));
    fit_->setChecked(view_.isFit());
    sharp_->setChecked(view_.isSharp());
}

void CanvasBar::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.edge);
}

} // namespace likeness
