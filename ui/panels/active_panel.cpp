#include "ui/panels/active_panel.h"

#include "core/request/limits.h"
#include "ui/model/known_files.h"
#include "ui/model/reference_list_model.h"
#include "ui/panels/active_row.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/scale_slider.h"

#include <QMenu>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

// The file of that row while it is still the one that was meant.
template <typename File>
File* fileAt(std::vector<File>& files, const ActiveThing& thing) {
    return thing.row < files.size() && files[thing.row].path == thing.path ? &files[thing.row]
                                                                           : nullptr;
}

template <typename File>
void removeFile(std::vector<File>& files, const ActiveThing& thing) {
    if (fileAt(files, thing)) {
        files.erase(files.begin() + static_cast<std::ptrdiff_t>(thing.row));
    }
}

} // namespace

ActivePanel::ActivePanel(const RequestModel& request, ReferenceListModel& references,
                         const KnownFiles& files, const QString& name)
    : Section(tr("Active together"), name), request_(request), references_(references),
      files_(files), master_(new ScaleSlider(limit("master_scale"))), master_row_(makeMaster()),
      loras_(new PlainLabel(tr("LoRAs"), PlainLabel::Tone::text2, 11)), training_(new QWidget),
      training_name_(new PlainLabel), training_how_(new PlainLabel({}, PlainLabel::Tone::text2)) {
    for (QVBoxLayout*& group : groups_) {
        group = new QVBoxLayout;
        group->setContentsMargins(0, 0, 0, 0);
        group->setSpacing(4);
    }
    auto* line = new QHBoxLayout(training_);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(metrics::kGap);
    training_->setObjectName(QStringLiteral("active_training"));
    training_name_->setElided();
    training_name_->setFixedWidth(metrics::kLabelRight - metrics::kGap);
    training_name_->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    line->addWidget(training_name_);
    line->addWidget(training_how_, 1);
    body()->addLayout(groups_[0]);
    body()->addWidget(master_row_);
    body()->addLayout(groups_[1]);
    body()->addWidget(loras_);
    body()->addLayout(groups_[2]);
    body()->addLayout(groups_[3]);
    body()->addWidget(training_);
    setTraining({});
    connect(&request, &RequestModel::changed, this, &ActivePanel::showAll);
    connect(&files, &KnownFiles::changed, this, &ActivePanel::showAll);
    connect(&references, &QAbstractItemModel::dataChanged, this, &ActivePanel::showAll);
    connect(&references, &QAbstractItemModel::rowsInserted, this, &ActivePanel::showAll);
    connect(&references, &QAbstractItemModel::rowsRemoved, this, &ActivePanel::showAll);
    connect(&references, &QAbstractItemModel::rowsMoved, this, &ActivePanel::showAll);
    connect(&references, &QAbstractItemModel::modelReset, this, &ActivePanel::showAll);
    showAll();
}

QWidget* ActivePanel::makeMaster() {
    master_->setNames(QStringLiteral("active_master"), tr("Master strength"),
                      tr("master_scale: multiplies every reference's strength and keeps their "
                         "balance. Double click: %1")
                          .arg(limit("master_scale").default_value, 0, 'f', 2));
    master_->setNumberWidth(metrics::kCardNumber);
    auto* more = new IconButton("more", tr("More of the master strength"));
    more->setObjectName(QStringLiteral("active_master_more"));
    connect(more, &IconButton::clicked, this, [this, more] {
        auto* menu = new QMenu(this);
        menu->setObjectName(QStringLiteral("active_menu"));
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(tr("Sweep: a ladder of the master strength"), this,
                        [this] { Q_EMIT sweepRequested({ComparisonField::master_scale}); })
            ->setObjectName(QStringLiteral("sweep"));
        menu->addAction(tr("Compare adapters"), this,
                        [this] { Q_EMIT sweepRequested({ComparisonField::ip_adapter}); })
            ->setObjectName(QStringLiteral("sweep_adapters"));
        menu->popup(more->mapToGlobal(QPoint(0, more->height())));
    });
    connect(master_, &ScaleSlider::edited, this, [this](double scale) {
        Q_EMIT edited([scale](GenerationRequest& edited) { edited.master_scale = scale; });
        Q_EMIT masterEdited(scale);
    });
    auto* gap = new QWidget; // where the others have their eye
    gap->setFixedWidth(metrics::kControl - metrics::kGap);
    auto* row = new LabelledRow(tr("Image prompt"), {master_, gap, more}, master_);
    return row;
}

void ActivePanel::setTraining(const QString& name, const QString& how) {
    training_->setVisible(!name.isEmpty());
    training_name_->setPlainText(name);
    training_how_->setPlainText(how);
}

ActiveRow* ActivePanel::addRow(ActiveThing::Kind kind) {
    auto* row = new ActiveRow(kind);
    connect(row, &ActiveRow::scaleEdited, this,
            [this, row](double scale) { setScale(row->thing(), scale); });
    connect(row, &ActiveRow::muteEdited, this,
            [this, row](bool muted) { setMuted(row->thing(), muted); });
    connect(row, &ActiveRow::menuRequested, this,
            [this, row](const QPoint& at) { showMenu(row->thing(), at); });
    return row;
}

// Rows of a kind are used again in their order: a slider that is being dragged stays.
void ActivePanel::showRows(const std::vector<ActiveThing>& things) {
    QList<ActiveRow*> old = rows_;
    rows_.clear();
    for (const ActiveThing& thing : things) {
        const auto reused = std::ranges::find(old, thing.kind, &ActiveRow::kind);
        ActiveRow* row = nullptr;
        if (reused != old.end()) {
            row = *reused;
            old.erase(reused);
        } else {
            row = addRow(thing.kind);
            groups_[static_cast<std::size_t>(thing.kind)]->addWidget(row);
        }
        row->setThing(thing);
        rows_.append(row);
    }
    for (ActiveRow* row : std::as_const(old)) {
        row->hide();
        row->deleteLater();
    }
}

void ActivePanel::showAll() {
    const std::vector<ActiveThing> things = activeTogether(request_, references_, files_);
    showRows(things);
    master_->setValue(request_.request().master_scale);
    master_row_->setVisible(references_.rowCount() > 0);
    loras_->setVisible(!request_.request().loras.empty());
    setNote(countOf(things));
    const bool alone = things.size() <= 1;
    if (alone != alone_) {
        alone_ = alone;
        setOpen(!alone);
    }
}

void ActivePanel::setScale(const ActiveThing& thing, double scale) {
    if (thing.kind == ActiveThing::Kind::reference) {
        references_.setScale(thing.card, scale);
        return;
    }
    Q_EMIT edited([thing, scale](GenerationRequest& request) {
        if (Lora* lora = fileAt(request.loras, thing)) {
            lora->scale = scale;
        }
    });
}

void ActivePanel::setMuted(const ActiveThing& thing, bool muted) {
    switch (thing.kind) {
    case ActiveThing::Kind::reference:
        references_.setMuted(thing.card, muted);
        break;
    case ActiveThing::Kind::lora:
        Q_EMIT edited([thing, muted](GenerationRequest& request) {
            if (Lora* lora = fileAt(request.loras, thing)) {
                lora->muted = muted;
            }
        });
        break;
    case ActiveThing::Kind::word:
        Q_EMIT edited([thing, muted](GenerationRequest& request) {
            if (TextualInversion* word = fileAt(request.textual_inversions, thing)) {
                word->muted = muted;
            }
        });
        break;
    case ActiveThing::Kind::model:
        break;
    }
}

void ActivePanel::remove(const ActiveThing& thing) {
    if (thing.kind == ActiveThing::Kind::reference) {
        references_.remove(thing.card);
        return;
    }
    Q_EMIT edited([thing](GenerationRequest& request) {
        thing.kind == ActiveThing::Kind::lora ? removeFile(request.loras, thing)
                                              : removeFile(request.textual_inversions, thing);
    });
}

void ActivePanel::showMenu(const ActiveThing& thing, const QPoint& at) {
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("active_menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool model = thing.kind == ActiveThing::Kind::model;
    if (thing.kind != ActiveThing::Kind::word) {
        QAction* sweep =
            menu->addAction(model ? tr("Compare models") : tr("Sweep: a ladder of its strength"),
                            this, [this, thing] { Q_EMIT sweepRequested(thing.sweep); });
        sweep->setObjectName(QStringLiteral("sweep"));
        sweep->setEnabled(thing.acts);
    }
    if (thing.kind == ActiveThing::Kind::reference) {
        menu->addAction(thing.solo ? tr("End solo") : tr("Solo: only this reference acts"), this,
                        [this, thing] { references_.setSolo(thing.card, !thing.solo); })
            ->setObjectName(QStringLiteral("active_solo"));
    }
    if (!model) {
        menu->addSeparator();
        menu->addAction(tr("Remove"), this, [this, thing] { remove(thing); })
            ->setObjectName(QStringLiteral("active_remove"));
    }
    menu->popup(at);
}

} // namespace likeness
