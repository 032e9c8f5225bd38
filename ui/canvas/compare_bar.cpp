#include "ui/canvas/compare_bar.h"

#include "ui/canvas/compare_view.h"
#include "ui/canvas/zoom_tools.h"
#include "ui/model/comparison_model.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QPainter>

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
      b_(makeMark(QStringLiteral("mark_b"), tr("Picture B"))) {
    setObjectName(QStringLiteral("compare_bar"));
    setFixedHeight(kCompareBarHeight);
    mode_->setNames(QStringLiteral("compare_mode"), tr("Show"));
    mode_->setMinimumWidth(240);
    mode_->setCurrent(0);
    auto* swap = new IconButton("swap", tr("Swap A and B"), this);
    swap->setObjectName(QStringLiteral("swap_marks"));
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
    row->addWidget(new ZoomTools(view, QStringLiteral("compare_")));
    connect(mode_, &SegmentedControl::edited, &view,
            [&view](int mode) { view.setMode(static_cast<CompareView::Mode>(mode)); });
    connect(swap, &IconButton::clicked, &model, &ComparisonModel::swapMarks);
    const auto chosen = [this] { model_.setMarks(a_->currentIndex(), b_->currentIndex()); };
    connect(a_, &QComboBox::activated, this, chosen);
    connect(b_, &QComboBox::activated, this, chosen);
    connect(&view, &CompareView::modeChanged, mode_,
            [this] { mode_->setCurrent(static_cast<int>(view_.mode())); });
    connect(&model, &ComparisonModel::reset, this, &CompareBar::showMarks);
    connect(&model, &ComparisonModel::inserted, this, &CompareBar::showMarks);
    connect(&model, &ComparisonModel::marksChanged, this, &CompareBar::showMarks);
    showMarks();
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

void CompareBar::paintEvent(QPaintEvent* /*event*/) {
    const Theme theme = currentTheme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.panel);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.edge);
}

} // namespace likeness
