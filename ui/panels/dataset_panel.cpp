#include "ui/panels/dataset_panel.h"

#include "ui/model/training_model.h"
#include "ui/panels/caption_panel.h"
#include "ui/panels/dataset_tiles.h"
#include "ui/panels/training_check_panel.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/drop_well.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/section.h"

#include <QHBoxLayout>
#include <QItemSelectionModel>
#include <QMenu>
#include <QPainter>
#include <QVBoxLayout>

namespace likeness {

DatasetPanel::DatasetPanel(TrainingModel& training, QWidget* parent)
    : QWidget(parent), training_(training), set_(training.set()), tiles_(new DatasetTiles(set_)),
      well_(new DropWell), check_(new TrainingCheckPanel(training)),
      caption_(new CaptionPanel(set_)) {
    setObjectName(QStringLiteral("dataset_panel"));
    setAutoFillBackground(true);
    well_->setObjectName(QStringLiteral("dataset_well"));
    well_->setToolTip(tr("Add pictures to learn from: drop files or a folder, paste, or click"));
    well_->setFixedHeight(40);
    auto* top = new QVBoxLayout;
    top->setContentsMargins(5, 6, 5, metrics::kGap);
    top->setSpacing(4);
    top->addWidget(tiles_);
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(3, 0, 3, 0);
    foot->addWidget(well_);
    top->addLayout(foot);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(top, 1);
    column->addWidget(makeSectionColumn({check_, caption_}), 2);
    connect(well_, &QAbstractButton::clicked, this, &DatasetPanel::browseRequested);
    connect(tiles_, &DatasetTiles::removeRequested, &set_, &TrainingSet::remove);
    connect(tiles_, &DatasetTiles::currentPictureChanged, caption_, &CaptionPanel::setPicture);
    connect(tiles_, &QWidget::customContextMenuRequested, this, &DatasetPanel::showMenu);
    connect(check_, &TrainingCheckPanel::lookRequested, this, &DatasetPanel::look);
    connect(check_, &TrainingCheckPanel::captionsRequested, this, [this] {
        set_.writeCaptions();
        caption_->reveal();
    });
    connect(caption_, &CaptionPanel::stepRequested, this, [this](int by) {
        const int row = tiles_->currentIndex().row() + by;
        if (row >= 0 && row < set_.rowCount()) {
            tiles_->setCurrentIndex(set_.index(row));
        }
    });
    connect(&set_, &TrainingSet::picturesChanged, this, [this] {
        showCount();
        if (!tiles_->currentIndex().isValid() && set_.rowCount() > 0) {
            tiles_->setCurrentIndex(set_.index(0));
        } else if (set_.rowCount() == 0) {
            caption_->setPicture(0);
        }
    });
    connect(&set_, &TrainingSet::readingChanged, this, &DatasetPanel::showCount);
    connect(&set_, &TrainingSet::fixedChanged, this, &DatasetPanel::showWell);
    showWell();
}

QWidget* DatasetPanel::makeHead() {
    auto* head = new QWidget;
    head->setAutoFillBackground(true);
    head->setFixedHeight(metrics::kDockHead);
    count_ = new PlainLabel({}, PlainLabel::Tone::text2, 11);
    count_->setObjectName(QStringLiteral("dataset_count"));
    auto* add = new IconButton("plus", tr("Add pictures to learn from"));
    add->setObjectName(QStringLiteral("add_dataset"));
    add->setAccessibleName(tr("Add pictures to learn from"));
    connect(add, &IconButton::clicked, this, &DatasetPanel::browseRequested);
    auto* more = new IconButton("more", tr("More for the dataset"));
    more->setObjectName(QStringLiteral("dataset_menu_button"));
    more->setAccessibleName(tr("More for the dataset"));
    connect(more, &IconButton::clicked, this,
            [this, more] { makeMenu(more)->popup(more->mapToGlobal(QPoint(0, more->height()))); });
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(metrics::kGap + 4, 4, metrics::kGap, 4);
    row->setSpacing(4);
    row->addWidget(new PlainLabel(tr("Dataset"), PlainLabel::Tone::text, 12, QFont::DemiBold));
    row->addWidget(count_);
    row->addStretch(1);
    row->addWidget(add);
    row->addWidget(more);
    showCount();
    return head;
}

QMenu* DatasetPanel::makeMenu(QWidget* parent) {
    auto* menu = new QMenu(parent);
    menu->setObjectName(QStringLiteral("dataset_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QList<quint64> chosen = tiles_->selectedPictures();
    const bool any = set_.rowCount() > 0 && !set_.isFixed();
    menu->addAction(tr("Add a folder"), this, &DatasetPanel::browseFolderRequested)
        ->setEnabled(!set_.isFixed());
    if (!set_.missing().isEmpty()) {
        menu->addAction(tr("Find missing pictures"), this, &DatasetPanel::findRequested)
            ->setEnabled(!set_.isFixed());
        menu->addAction(tr("Leave out what is missing"), this,
                        [this] { set_.remove(set_.missing()); })
            ->setEnabled(!set_.isFixed());
    }
    menu->addAction(tr("Write missing captions"), &set_, &TrainingSet::writeCaptions)
        ->setEnabled(any);
    menu->addAction(tr("Take out what is chosen"), this, [this, chosen] { set_.remove(chosen); })
        ->setEnabled(any && !chosen.isEmpty());
    menu->addAction(tr("Take all out"), this,
                    [this] { set_.edit([](TrainingDraft& draft) { draft.pictures.clear(); }); })
        ->setEnabled(any);
    return menu;
}

void DatasetPanel::showMenu(const QPoint& at) {
    makeMenu(this)->popup(tiles_->viewport()->mapToGlobal(at));
}

void DatasetPanel::showCount() {
    if (!count_) {
        return;
    }
    const int count = set_.rowCount();
    const qsizetype missing = set_.missing().size();
    count_->setPlainText(set_.isReading() ? tr("%1 pictures, reading").arg(count)
                         : missing > 0    ? tr("%1 pictures, %2 missing").arg(count).arg(missing)
                         : count == 1     ? tr("1 picture")
                                          : tr("%1 pictures").arg(count));
}

void DatasetPanel::showWell() {
    well_->setState(DropWell::State::resting, set_.isFixed() ? tr("Fixed while the training runs")
                                                             : tr("Drop, paste or click to add"));
    well_->setEnabled(!set_.isFixed());
}

void DatasetPanel::look(const QList<quint64>& ids) {
    set_.setMarked(ids);
    auto* chosen = tiles_->selectionModel();
    chosen->clearSelection();
    for (const quint64 id : ids) {
        if (const int row = set_.rowOf(id); row >= 0) {
            chosen->select(set_.index(row), QItemSelectionModel::Select);
        }
    }
    if (!ids.isEmpty()) {
        const QModelIndex first = set_.index(set_.rowOf(ids.front()));
        chosen->setCurrentIndex(first, QItemSelectionModel::NoUpdate);
        tiles_->scrollTo(first);
        tiles_->setFocus(Qt::MouseFocusReason); // one sees what is chosen
    }
}

void DatasetPanel::paintEvent(QPaintEvent* /*event*/) {
    QPainter(this).fillRect(QRect(0, 0, width(), 1), currentTheme().line);
}

} // namespace likeness
