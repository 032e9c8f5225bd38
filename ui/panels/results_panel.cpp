#include "ui/panels/results_panel.h"

#include "ui/model/job_history_model.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/image_tile.h"
#include "ui/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QListView>
#include <QMenu>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace likeness {

namespace {

constexpr int kRing = 4; // room around a tile for the selection ring

class TileDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    QSize sizeHint(const QStyleOptionViewItem& /*option*/,
                   const QModelIndex& /*index*/) const override {
        return {metrics::kResult + metrics::kGap, metrics::kResult + metrics::kGap};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override {
        const Theme theme = currentTheme();
        const QRect tile(option.rect.x() + kRing, option.rect.y() + kRing, metrics::kResult,
                         metrics::kResult);
        const auto image = qvariant_cast<QImage>(index.data(Qt::DecorationRole));
        if (!image.isNull()) {
            paintFilling(*painter, tile, image);
        }
        const bool selected = option.state & QStyle::State_Selected;
        if (selected || (option.state & QStyle::State_MouseOver)) {
            painter->save();
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(QPen(selected ? theme.accent : theme.control, selected ? 2 : 1));
            painter->drawRoundedRect(QRectF(tile).adjusted(-2, -2, 2, 2), 3, 3);
            painter->restore();
        }
    }
};

} // namespace

ResultsPanel::ResultsPanel(JobHistoryModel& history, QWidget* parent)
    : QWidget(parent), history_(history), count_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      list_(new QListView) {
    setObjectName(QStringLiteral("results_panel"));
    setAutoFillBackground(true);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(12, 0, 8, 0);
    head->setSpacing(4);
    head->addWidget(new PlainLabel(tr("Results"), PlainLabel::Tone::text, 12, QFont::DemiBold));
    head->addSpacing(4);
    head->addWidget(count_);
    head->addStretch(1);

    const struct {
        const char* icon;
        const char* name;
        QString tip;
        void (ResultsPanel::*wish)(int);
    } actions[] = {
        {"use", "use_settings", tr("Use its settings"), &ResultsPanel::settingsRequested},
        {"plus", "use_as_reference", tr("Use as a reference"), &ResultsPanel::referenceRequested},
        {"save", "save_result", tr("Save as (Ctrl+E)"), &ResultsPanel::saveRequested},
    };

    for (const auto& action : actions) {
        auto* button = new IconButton(action.icon, action.tip);
        button->setObjectName(QLatin1String(action.name));
        head->addWidget(button);
        actions_.append(button);
        connect(button, &IconButton::clicked, this, [this, wish = action.wish] {
            if (currentRow() >= 0) {
                Q_EMIT(this->*wish)(currentRow());
            }
        });
    }

    list_->setObjectName(QStringLiteral("results"));
    list_->setAccessibleName(tr("Results"));
    list_->setModel(&history);
    list_->setItemDelegate(new TileDelegate(list_));
    list_->setFlow(QListView::LeftToRight);
    list_->setWrapping(false);
    list_->setUniformItemSizes(true);
    list_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    list_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setMouseTracking(true);
    list_->setDragEnabled(true);
    list_->setDragDropMode(QAbstractItemView::DragOnly);
    list_->setContextMenuPolicy(Qt::CustomContextMenu);
    list_->setFixedHeight(metrics::kResult + metrics::kGap + 10);

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 4);
    column->setSpacing(0);
    auto* head_box = new QWidget;
    head_box->setLayout(head);
    head_box->setFixedHeight(metrics::kResultHead);
    column->addWidget(head_box);
    auto* inset = new QHBoxLayout;
    inset->setContentsMargins(8, 0, 8, 0);
    inset->addWidget(list_);
    column->addLayout(inset);
    setFixedHeight(metrics::kResultHead + list_->height() + 4);

    connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& current) {
                if (current.isValid() && !showing_) {
                    Q_EMIT chosen(current.row());
                }
                showCount();
            });
    connect(list_, &QListView::doubleClicked, this,
            [this](const QModelIndex& index) { Q_EMIT settingsRequested(index.row()); });
    connect(list_, &QWidget::customContextMenuRequested, this, &ResultsPanel::showMenu);
    connect(&history, &QAbstractItemModel::rowsInserted, this, &ResultsPanel::showCount);
    showCount();
}

int ResultsPanel::currentRow() const {
    return list_->currentIndex().row();
}

void ResultsPanel::showCount() {
    const int rows = history_.rowCount();
    count_->setPlainText(rows == 0   ? tr("nothing made yet")
                         : rows == 1 ? tr("1 picture")
                                     : tr("%1 pictures, newest first").arg(rows));
    for (QWidget* action : actions_) {
        action->setEnabled(currentRow() >= 0);
    }
}

void ResultsPanel::setCurrent(int row) {
    showing_ = true; // the window's doing, not a choice of the artist
    list_->setCurrentIndex(history_.index(row));
    showing_ = false;
    list_->scrollTo(history_.index(row));
    showCount();
}

void ResultsPanel::showMenu(const QPoint& at) {
    const QModelIndex index = list_->indexAt(at);
    if (!index.isValid()) {
        return;
    }
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const int row = index.row();
    menu->addAction(tr("Use its settings"), this, [this, row] { Q_EMIT settingsRequested(row); });
    menu->addAction(tr("Use as a reference"), this,
                    [this, row] { Q_EMIT referenceRequested(row); });
    menu->addAction(tr("Save as"), this, [this, row] { Q_EMIT saveRequested(row); });
    menu->popup(list_->viewport()->mapToGlobal(at));
}

} // namespace likeness
