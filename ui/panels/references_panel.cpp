#include "ui/panels/references_panel.h"

#include "core/request/limits.h"
#include "ui/model/reference_list_model.h"
#include "ui/panels/reference_card_view.h"
#include "ui/theme.h"
#include "ui/widgets/drop_well.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>

namespace likeness {

ReferencesPanel::ReferencesPanel(ReferenceListModel& references, QWidget* parent)
    : QWidget(parent), references_(references), master_(new ScaleSlider(limit("master_scale"))),
      combine_(new SegmentedControl(
          {{tr("Attend across all"), tr("combine: join. One attention over the parts of all "
                                        "references; the best fitting ones win.")},
           {tr("Average"), tr("combine: average. Each reference is looked at alone, then all count "
                              "the same.")}})),
      well_(new DropWell) {
    setObjectName(QStringLiteral("references_panel"));
    setAutoFillBackground(true);
    auto* cards = new QWidget;
    column_ = new QVBoxLayout(cards);
    column_->setContentsMargins(metrics::kGap, metrics::kGap, metrics::kGap, metrics::kGap);
    column_->setSpacing(metrics::kGap);
    well_->setObjectName(QStringLiteral("drop_well"));
    well_->setToolTip(tr("Add references: drop pictures, paste them, or click to choose files"));
    column_->addWidget(well_, 1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(cards);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setFocusPolicy(Qt::NoFocus);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeMaster());
    column->addWidget(scroll, 1);

    connect(&references, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { insertCards(first, last); });
    connect(&references, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex&, int first, int last) { removeCards(first, last); });
    connect(&references, &QAbstractItemModel::modelReset, this, &ReferencesPanel::rebuild);
    connect(&references, &QAbstractItemModel::dataChanged, this, &ReferencesPanel::showCards);
    connect(well_, &QAbstractButton::clicked, this, &ReferencesPanel::browseRequested);
    connect(master_, &ScaleSlider::edited, this, [this](double scale) {
        Q_EMIT edited([scale](GenerationRequest& request) { request.master_scale = scale; });
        Q_EMIT masterEdited(scale);
    });
    connect(combine_, &SegmentedControl::edited, this, [this](int index) {
        Q_EMIT edited([index](GenerationRequest& request) {
            request.combine = index == 0 ? CombineMode::join : CombineMode::average;
        });
    });
    rebuild();
}

QWidget* ReferencesPanel::makeMaster() {
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(metrics::kGap, 4, metrics::kGap, 4);
    column->setSpacing(4);
    master_->setNames(QStringLiteral("master_scale"), tr("Master strength"),
                      tr("master_scale: multiplies every reference's strength and keeps their "
                         "balance. Double click: %1")
                          .arg(limit("master_scale").default_value, 0, 'f', 2));
    combine_->setNames(QStringLiteral("combine"), tr("Combine"));
    const std::pair<QString, QWidget*> rows[] = {{tr("Master"), master_},
                                                 {tr("Combine"), combine_}};
    for (const auto& [text, widget] : rows) {
        auto* label = new PlainLabel(text, PlainLabel::Tone::text2);
        label->setFixedWidth(metrics::kLabelLeft);
        label->setBuddy(widget);
        auto* row = new QHBoxLayout;
        row->setSpacing(metrics::kGap);
        row->addWidget(label);
        row->addWidget(widget, 1);
        column->addLayout(row);
    }
    return box;
}

void ReferencesPanel::setRequest(const GenerationRequest& request) {
    master_->setValue(request.master_scale);
    combine_->setCurrent(request.combine == CombineMode::join ? 0 : 1);
}

void ReferencesPanel::insertCards(int first, int last) {
    for (int row = first; row <= last; ++row) {
        auto* view = new ReferenceCardView(references_.cards()[static_cast<std::size_t>(row)]);
        connect(view, &ReferenceCardView::scaleEdited, &references_, &ReferenceListModel::setScale);
        connect(view, &ReferenceCardView::mutedEdited, &references_, &ReferenceListModel::setMuted);
        connect(view, &ReferenceCardView::soloEdited, &references_, &ReferenceListModel::setSolo);
        connect(view, &ReferenceCardView::removeRequested, &references_,
                &ReferenceListModel::remove, Qt::QueuedConnection);
        views_.insert(row, view);
        column_->insertWidget(row, view);
    }
    showCards();
}

void ReferencesPanel::removeCards(int first, int last) {
    for (int row = last; row >= first; --row) {
        ReferenceCardView* view = views_.takeAt(row);
        column_->removeWidget(view);
        view->hide();
        view->deleteLater();
    }
    showCards();
}

void ReferencesPanel::rebuild() {
    removeCards(0, static_cast<int>(views_.size()) - 1);
    insertCards(0, references_.rowCount() - 1);
}

void ReferencesPanel::showCards() {
    for (ReferenceCardView* view : views_) {
        if (const ReferenceCard* card = references_.card(view->id())) {
            view->setCard(*card, references_.counts(*card));
        }
    }
    showWell();
}

void ReferencesPanel::showWell() {
    if (well_->state() == DropWell::State::resting) {
        well_->setState(DropWell::State::resting,
                        references_.isFull()
                            ? tr("%1 references, which is the most").arg(kMaxReferences)
                            : tr("Drop, paste or click to add"));
    }
    well_->setEnabled(!references_.isFull());
}

} // namespace likeness
