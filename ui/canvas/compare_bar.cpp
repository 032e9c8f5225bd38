#include "ui/canvas/compare_bar.h"

#include "ui/canvas/compare_view.h"
#include "ui/model/comparison_model.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QPainter>

#include <cmath>

namespace likeness {

namespace {

constexpr int kCompareBarHeight = 48;

} // namespace

CompareBar::CompareBar(ComparisonModel& model, CompareView& view, QWidget* parent)
    : QWidget(parent), model_(model), view_(view),
      mode_(new SegmentedControl(
          {{tr("Side by side"), tr("Every picture, zoomed and moved together")},
           {tr("Wipe"), tr("A on the left of a line, B on its right")},
           {tr("Blink"), tr("A and B in turn, in one place")},
           {tr("Difference"), tr("Where A and B differ, and how much")}})),
      a_(makeMark(QStringLiteral("mark_a"), tr("Picture A"))),
      b_(makeMark(QStringLiteral("mark_b"), tr("Picture B"))),
      zoom_(new PlainLabel({}, PlainLabel::Tone::text2)),
      fit_(new IconButton("fit", tr("Fit the pictures to their places"), this)),
      sharp_(new IconButton("pixels", tr("Sharp pixels: enlarge by whole multiples"), this)) {
    setObjectName(QStringLiteral("compare_bar"));
    setFixedHeight(kCompareBarHeight);
    mode_->setNames(QStringLiteral("compare_mode"), tr("Show"));
    mode_->setMinimumWidth(240);
    mode_->setCurrent(0);
    auto* swap = new IconButton("swap", tr("Swap A and B"), this);
    swap->setObjectName(QStringLiteral("swap_marks"));
    zoom_->setObjectName(QStringLiteral("compare_zoom"));
    zoom_->setFont(numberFont());
    zoom_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    zoom_->setFixedWidth(56);
    auto* out = new IconButton("zoom_out", tr("Zoom out"), this);
    auto* in = new IconButton("zoom_in", tr("Zoom in"), this);
    auto* one = new TextButton(tr("100 %"), TextButton::Kind::flat, this);
    out->setObjectName(QStringLiteral("compare_zoom_out"));
    in->setObjectName(QStringLiteral("compare_zoom_in"));
    one->setObjectName(QStringLiteral("compare_zoom_100"));
    one->setToolTip(tr("One picture pixel on one screen pixel"));
    fit_->setObjectName(QStringLiteral("compare_fit"));
    sharp_->setObjectName(QStringLiteral("compare_sharp"));
    fit_->setCheckable(true);
    sharp_->setCheckable(true);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(metrics::kCanvasMargin, 0, metrics::kGap + 4, 1);
    row->setSpacing(4);
    row->addWidget(mode_);
    row->addSpacing(12);
    row->addWidget(
        new PlainLabel(QStringLiteral("A"), PlainLabel::Tone::text, 12, QFont::DemiBold));
    row->addWidget(a_);
    row->addWidget(swap);
    row->addWidget(
        new PlainLabel(QStringLiteral("B"), PlainLabel::Tone::text, 12, QFont::DemiBold));
    row->addWidget(b_);
    row->addStretch(1);
    for (QWidget* widget : std::initializer_list<QWidget*>{zoom_, out, in, fit_, one, sharp_}) {
        row->addWidget(widget);
    }
    connect(mode_, &SegmentedControl::edited, &view,
            [&view](int mode) { view.setMode(static_cast<CompareView::Mode>(mode)); });
    connect(swap, &IconButton::clicked, &model, &ComparisonModel::swapMarks);
    const auto chosen = [this] { model_.setMarks(a_->currentIndex(), b_->currentIndex()); };
    connect(a_, &QComboBox::activated, this, chosen);
    connect(b_, &QComboBox::activated, this, chosen);
    connect(out, &IconButton::clicked, &view, [&view] { view.zoomStep(-1); });
    connect(in, &IconButton::clicked, &view, [&view] { view.zoomStep(1); });
    connect(one, &TextButton::clicked, &view, [&view] { view.setZoom(1); });
    connect(fit_, &IconButton::clicked, this, [this] {
        view_.setFit();
        showZoom();
    });
    connect(sharp_, &IconButton::toggled, &view, &CompareView::setSharp);
    connect(&view, &CompareView::zoomChanged, this, &CompareBar::showZoom);
    connect(&model, &ComparisonModel::reset, this, &CompareBar::showMarks);
    connect(&model, &ComparisonModel::inserted, this, &CompareBar::showMarks);
    connect(&model, &ComparisonModel::marksChanged, this, &CompareBar::showMarks);
    showMarks();
    showZoom();
}

ChoiceBox* CompareBar::makeMark(const QString& name, const QString& accessible_name) {
    auto* mark = new ChoiceBox(this);
    mark->setObjectName(name);
    mark->setAccessibleName(accessible_name);
    mark->setToolTip(tr("Which picture wipe, blink and difference show"));
    mark->setFixedWidth(80);
    return mark;
}

void CompareBar::showMarks() {
    for (ChoiceBox* box : {a_, b_}) {
        box->clear();
        for (const ComparisonCell& cell : model_.cells()) {
            box->addItem(cell.caption);
        }
        box->setCurrentIndex(box == a_ ? model_.a() : model_.b());
        box->setEnabled(!model_.cells().empty());
    }
}

void CompareBar::showZoom() {
    zoom_->setPlainText(tr("%1 %").arg(std::lround(view_.zoom() * 100)));
    fit_->setChecked(view_.isFit());
    sharp_->setChecked(view_.isSharp());
    mode_->setCurrent(static_cast<int>(view_.mode()));
}

void CompareBar::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.edge);
}

} // namespace likeness
