#include "ui/canvas/zoom_tools.h"

#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>

#include <cmath>

namespace likeness {

ZoomTools::ZoomTools(ZoomView& view, const QString& prefix, QWidget* parent)
    : QWidget(parent), view_(view), zoom_(new PlainLabel({}, PlainLabel::Tone::text2)),
      fit_(new IconButton("fit", tr("Fit to the window (Ctrl+0)"))),
      sharp_(new IconButton("pixels", tr("Sharp pixels: enlarge by whole multiples (Ctrl+P)"))) {
    zoom_->setObjectName(prefix + QStringLiteral("zoom_label"));
    zoom_->setFont(numberFont());
    zoom_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    zoom_->setFixedWidth(56); // wide enough for 6400 %, so that nothing jumps
    auto* out = new IconButton("zoom_out", tr("Zoom out (Ctrl+-)"));
    auto* in = new IconButton("zoom_in", tr("Zoom in (Ctrl++)"));
    auto* one = new TextButton(tr("100 %"), TextButton::Kind::flat);
    out->setObjectName(prefix + QStringLiteral("zoom_out"));
    in->setObjectName(prefix + QStringLiteral("zoom_in"));
    one->setObjectName(prefix + QStringLiteral("zoom_100"));
    one->setToolTip(tr("One picture pixel on one screen pixel (Ctrl+1)"));
    fit_->setObjectName(prefix + QStringLiteral("zoom_fit"));
    sharp_->setObjectName(prefix + QStringLiteral("sharp"));
    fit_->setCheckable(true);
    sharp_->setCheckable(true);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(zoom_);
    row->addSpacing(4);
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
    connect(sharp_, &IconButton::toggled, &view, &ZoomView::setSharp);
    connect(&view, &ZoomView::zoomChanged, this, &ZoomTools::showZoom);
    showZoom();
}

void ZoomTools::showZoom() {
    zoom_->setPlainText(tr("%1 %").arg(std::lround(view_.zoom() * 100)));
    fit_->setChecked(view_.isFit());
    sharp_->setChecked(view_.isSharp());
}

} // namespace likeness
