#include "ui/panels/references_panel.h"

#include "core/request/limits.h"
#include "ui/model/reference_list_model.h"
#include "ui/panels/reference_card_view.h"
#include "ui/theme.h"
#include "ui/widgets/drop_well.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/scale_slider.h"
#include "ui/widgets/scroll_column.h"
#include "ui/widgets/segmented_control.h"

#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

// A line between two cards.
class DropMark : public QWidget {
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent* /*event*/) override {
        QPainter(this).fillRect(rect(), currentTheme().accent);
    }
};

} // namespace

ReferencesPanel::ReferencesPanel(ReferenceListModel& references, EncoderEye& eye, QWidget* parent)
    : QWidget(parent), references_(references), eye_(eye),
      master_(new ScaleSlider(limit("master_scale"))),
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
    mark_ = new DropMark(cards);
    mark_->setObjectName(QStringLiteral("drop_mark"));
    mark_->hide();

    outer_ = new QVBoxLayout(this);
    outer_->setContentsMargins(0, 0, 0, 0);
    outer_->setSpacing(0);
    outer_->addWidget(makeMaster());
    outer_->addWidget(new ScrollColumn(cards), 1);

    connect(&references, &QAbstractItemModel::rowsInserted, this,
            [this](const QModelIndex&, int first, int last) { insertCards(first, last); });
    connect(&references, &QAbstractItemModel::rowsRemoved, this,
            [this](const QModelIndex&, int first, int last) { removeCards(first, last); });
    connect(&references, &QAbstractItemModel::rowsMoved, this,
            [this](const QModelIndex&, int from, int, const QModelIndex&, int to) {
                moveCards(from, to > from ? to - 1 : to);
            });
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
        column->addWidget(
            new LabelledRow(text, {widget}, widget, metrics::kLabelLeft + metrics::kGap));
    }
    return box;
}

void ReferencesPanel::setChoice(QWidget* choice) {
    auto* inset = new QVBoxLayout;
    inset->setContentsMargins(metrics::kGap, 0, metrics::kGap, 0);
    inset->addWidget(choice);
    outer_->insertLayout(1, inset);
}

void ReferencesPanel::setRequest(const GenerationRequest& request) {
    master_->setValue(request.master_scale);
    combine_->setCurrent(request.combine == CombineMode::join ? 0 : 1);
}

void ReferencesPanel::insertCards(int first, int last) {
    for (int row = first; row <= last; ++row) {
        const ReferenceCard& card = references_.cards()[static_cast<std::size_t>(row)];
        auto* view = new ReferenceCardView(card, references_, eye_);
        view->setOpen(open_.contains(card.id));
        connect(view, &ReferenceCardView::openChanged, this, [this](quint64 id, bool open) {
            open ? void(open_.insert(id)) : void(open_.remove(id));
            if (open) {
                Q_EMIT opened();
            }
        });
        connect(view, &ReferenceCardView::moveRequested, this, [this](quint64 id, int by) {
            references_.move(id, std::max(0, static_cast<int>(views_.indexOf(viewOf(id))) + by));
        });
        connect(view, &ReferenceCardView::dragged, this, &ReferencesPanel::showDrag);
        connect(view, &ReferenceCardView::dropped, this, &ReferencesPanel::drop);
        connect(view, &ReferenceCardView::lookMaskPainted, this, &ReferencesPanel::lookMaskPainted);
        connect(view, &ReferenceCardView::maskRequested, this, &ReferencesPanel::maskRequested);
        connect(view, &ReferenceCardView::maskRemoved, this, &ReferencesPanel::maskRemoved);
        connect(view, &ReferenceCardView::adapterChosen, this, &ReferencesPanel::adapterChosen);
        connect(view, &ReferenceCardView::adapterRequested, this,
                &ReferencesPanel::adapterRequested);
        connect(view, &ReferenceCardView::menuRequested, this, &ReferencesPanel::menuRequested);
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
            view->setCard(*card);
        }
    }
    showWell();
}

ReferenceCardView* ReferencesPanel::viewOf(quint64 id) const {
    const auto found = std::ranges::find(views_, id, &ReferenceCardView::id);
    return found == views_.end() ? nullptr : *found;
}

void ReferencesPanel::moveCards(int from, int to) {
    ReferenceCardView* view = views_.takeAt(from);
    QWidget* focused = view->focusWidget();
    const bool had_focus = focused && focused->hasFocus();
    views_.insert(to, view);
    column_->removeWidget(view);
    column_->insertWidget(to, view);
    if (had_focus) {
        focused->setFocus();
    }
    // The keyboard's way follows the cards.
    for (qsizetype i = 1; i < views_.size(); ++i) {
        QWidget::setTabOrder(views_[i - 1], views_[i]);
    }
}

// The row whose place the pointer is at, and a line there.
void ReferencesPanel::showDrag(quint64 id, const QPoint& at) {
    ReferenceCardView* dragged = viewOf(id);
    const int y = dragged->mapToParent(at).y();
    int row = 0;
    for (const ReferenceCardView* view : views_) {
        row += view != dragged && y > view->geometry().center().y() ? 1 : 0;
    }
    drop_row_ = row;
    QList<ReferenceCardView*> others = views_;
    others.removeOne(dragged);
    const int line = others.isEmpty()      ? dragged->geometry().top()
                     : row < others.size() ? others[row]->geometry().top()
                                           : others.back()->geometry().bottom() + metrics::kGap;
    mark_->setGeometry(metrics::kGap, line - metrics::kGap / 2 - 1, dragged->width(), 2);
    mark_->show();
    mark_->raise();
}

void ReferencesPanel::drop(quint64 id) {
    mark_->hide();
    references_.move(id, drop_row_);
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
