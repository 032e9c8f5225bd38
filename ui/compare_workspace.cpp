#include "ui/compare_workspace.h"

#include "ui/canvas/compare_bar.h"
#include "ui/canvas/compare_view.h"
#include "ui/canvas/rung_strip.h"
#include "ui/model/session.h"
#include "ui/model/words.h"
#include "ui/panels/compare_view_panel.h"
#include "ui/panels/comparison_panel.h"
#include "ui/panels/influence_panel.h"
#include "ui/panels/numbers_panel.h"
#include "ui/panels/queue_panel.h"
#include "ui/theme.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/section.h"
#include "ui/workspace_menu.h"

#include <QFileInfo>
#include <QKeyEvent>
#include <QMenuBar>
#include <QVBoxLayout>

namespace likeness {

CompareWorkspace::CompareWorkspace(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), model_(session.comparison()),
      view_(new CompareView(model_, difference_)), strip_(new RungStrip(model_)),
      panel_(new ComparisonPanel), view_panel_(new CompareViewPanel),
      keep_(new TextButton({}, TextButton::Kind::primary)),
      export_(new TextButton(tr("Export sheet"), TextButton::Kind::plain)), side_(makeSide()) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new CompareBar(model_, *view_));
    column->addWidget(view_, 1);
    column->addWidget(strip_);
    export_->setObjectName(QStringLiteral("export_sheet"));
    export_->setIconName(QStringLiteral("save"));
    export_->setAccessibleName(tr("Export sheet"));
    export_->setToolTip(tr("Save all pictures as one with captions"));
    connect(export_, &QAbstractButton::clicked, this, &CompareWorkspace::browseSheet);
    connectPanel();
    connectView();
    showDraft();
    showKeep();
}

QWidget* CompareWorkspace::corner() const {
    return export_;
}

QWidget* CompareWorkspace::makeSide() {
    auto* numbers = new NumbersPanel(model_);
    connect(numbers, &NumbersPanel::measureRequested, &model_, &ComparisonModel::measure);
    influence_ = new InfluencePanel(model_);
    connect(influence_, &InfluencePanel::influenceRequested, &model_,
            &ComparisonModel::askInfluence);
    keep_->setObjectName(QStringLiteral("keep_winner"));
    keep_->setHint(tr("Enter"));
    keep_->setToolTip(tr("This picture's settings go back to Generate"));
    connect(keep_, &QAbstractButton::clicked, this, &CompareWorkspace::keep);
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(12, 12, 12, 12);
    foot->addWidget(keep_);
    auto* box = new QWidget;
    box->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    queue_ = new QueuePanel(session_.queue(), QStringLiteral("compare_queue"));
    connect(queue_, &QueuePanel::comparisonRequested, &model_, &ComparisonModel::show);
    connect(queue_, &QueuePanel::smallerRequested, &session_, &Session::makeJobSmaller);
    column->addWidget(makeSectionColumn({panel_, queue_, view_panel_, numbers, influence_}), 1);
    column->addLayout(foot);
    return box;
}

void CompareWorkspace::connectPanel() {
    RequestModel& request = session_.request();
    connect(panel_, &ComparisonPanel::edited, &model_, &ComparisonModel::setDraft);
    connect(panel_, &ComparisonPanel::seedEdited, this, [&request](quint64 seed) {
        request.edit([seed](GenerationRequest& edited) { edited.seed = seed; });
    });
    connect(panel_, &ComparisonPanel::seedRequested, &request, &RequestModel::drawSeed);
    connect(panel_, &ComparisonPanel::seedLockEdited, &request, &RequestModel::setSeedLocked);
    connect(panel_, &ComparisonPanel::makeRequested, this, &CompareWorkspace::make);
    connect(panel_, &ComparisonPanel::stopRequested, &model_, &ComparisonModel::stop);
    connect(panel_, &ComparisonPanel::resumeRequested, &model_, &ComparisonModel::resume);
    connect(&model_, &ComparisonModel::draftChanged, this, &CompareWorkspace::showDraft);
    connect(&request, &RequestModel::changed, this, &CompareWorkspace::showDraft);
    ReferenceListModel& references = session_.references();
    connect(&references, &ReferenceListModel::strengthEdited, this, &CompareWorkspace::showDraft);
    connect(&references, &ReferenceListModel::picturesChanged, this, [this] {
        showDraft();
        if (make_when_read_ && !session_.references().isReading()) {
            make();
        }
    });
    connect(&model_, &ComparisonModel::stateChanged, this, [this] {
        showRun();
        showCost();
        showKeep();
    });
    connect(&session_.models(), &ModelLibrary::changed, this, &CompareWorkspace::showKnown);
    const PictureQueue& queue = session_.queue();
    connect(&queue, &PictureQueue::changed, this, &CompareWorkspace::showRun);
    connect(&queue, &PictureQueue::comparisonFinished, this, [this](quint64 key, double seconds) {
        const PictureQueue::Row& job = *session_.queue().comparison(key);
        const int count = job.doneCount();
        Q_EMIT session_.statusChanged((job.axes.size() == 1
                                           ? tr("Ladder finished, %1 pictures in %2 s")
                                           : tr("Sheet finished, %1 pictures in %2 s"))
                                          .arg(count)
                                          .arg(seconds, 0, 'f', 1));
    });
    connect(&queue, &PictureQueue::paneFailed, this,
            [this](quint64 key, int pane, const QString& reason) {
                const ComparisonSpec spec = session_.queue().comparison(key)->spec();
                const QString words = inWords(caption(spec, static_cast<std::size_t>(pane)));
                Q_EMIT session_.noticed(
                    {.title = tr("The picture %1 was not made").arg(words),
                     .reason = reason + '\n' + tr("The others go on; Go on makes it again.")});
            });
}

void CompareWorkspace::connectView() {
    connect(strip_, &RungStrip::marksRequested, &model_, &ComparisonModel::setMarks);
    connect(strip_, &RungStrip::insertRequested, &model_, &ComparisonModel::insertAfter);
    connect(strip_, &RungStrip::largeRequested, view_, &CompareView::setLarge);
    connect(strip_, &RungStrip::keepRequested, this, &CompareWorkspace::keep);
    connect(view_, &CompareView::keepRequested, this, &CompareWorkspace::keep);
    connect(view_, &CompareView::panelsToggled, this, &CompareWorkspace::panelsToggled);
    connect(view_, &CompareView::wipeEdited, view_panel_, &CompareViewPanel::setWipe);
    connect(view_, &CompareView::largeChanged, this, &CompareWorkspace::showKeep);
    connect(view_, &CompareView::zoomChanged, this, &CompareWorkspace::showDifference);
    connect(view_panel_, &CompareViewPanel::wipeEdited, view_, &CompareView::setWipe);
    connect(view_panel_, &CompareViewPanel::blinkEdited, view_, &CompareView::setBlinkRate);
    connect(view_panel_, &CompareViewPanel::differenceEdited, this, [this](int kind, double gain) {
        kind_ = static_cast<PictureDifference::Kind>(kind);
        gain_ = gain;
        showDifference();
    });
    connect(&model_, &ComparisonModel::marksChanged, this, [this] {
        showKeep();
        showDifference();
    });
    connect(&model_, &ComparisonModel::cellChanged, this, [this](int index) {
        if (index == model_.a() || index == model_.b()) {
            showDifference();
        }
    });
}

void CompareWorkspace::setNotices(QWidget* notices) {
    auto* column = static_cast<QVBoxLayout*>(side_->layout());
    column->insertWidget(1, notices); // between the sections and the foot
}

void CompareWorkspace::fillMenu(QMenuBar& bar) {
    const QList<MenuEntry> entries = {
        {tr("Make a &ladder"), "make_ladder", QKeySequence("Ctrl+L"), [this] { makeLadder(); }},
        {tr("&Show the comparison"), "show_compare", QKeySequence("Ctrl+Shift+L"),
         [this] { Q_EMIT shown(); }},
        {tr("&Go on with what is missing"), "resume", {}, [this] { model_.resume(); }},
        {tr("S&wap A and B"), "swap_a_b", {}, [this] { model_.swapMarks(); }},
        {tr("&Keep the winner"), "keep", {}, [this] { keep(); }},
        {tr("&Export as one sheet"), "export_as_sheet", {}, [this] { browseSheet(); }},
        {tr("Export as &files"), "export_as_files", {}, [this] { browseFolder(); }},
    };
    addWorkspaceMenu(bar, tr("&Compare"), "compare_menu", this, entries);
    // In Generate the comparison goes on.
    stopWithEsc(bar, this, [this] { model_.stop(); });
}

void CompareWorkspace::makeLadder() {
    ComparisonDraft draft = model_.draft();
    draft.sheet = false;
    model_.setDraft(draft);
    Q_EMIT shown();
    view_->setFocus();
    make();
}

void CompareWorkspace::sweep(const AxisChoice& choice) {
    constexpr qsizetype kFirstPicked = 4; // of more the person picks
    ComparisonDraft draft = model_.draft();
    draft.sheet = false;
    draft.vary = choice;
    draft.chosen = true;
    setUsualRange(draft);
    draft.words.clear();
    if (isPicked(choice.field)) {
        const bool models = choice.field == ComparisonField::model;
        draft.words = usualWords(choice.field, session_.currentRequest());
        draft.words += models ? knownModels() : knownAdapters();
        draft.words.removeDuplicates();
        draft.words = draft.words.mid(0, kFirstPicked);
    }
    model_.setDraft(draft);
    Q_EMIT shown();
    if (isPicked(choice.field)) {
        panel_->focusWords();
        Q_EMIT session_.statusChanged(tr("Pick what is compared, then make the ladder"));
    } else {
        view_->setFocus();
        make();
    }
}

void CompareWorkspace::setModels(const QStringList& models) {
    if (models != models_) {
        models_ = models;
        showKnown();
    }
}

QStringList CompareWorkspace::knownModels() const {
    QStringList models = models_;
    for (const LibraryEntry& entry : session_.models().entries()) {
        const QString path = QString::fromStdString(entry.path.string());
        // One that is installed has its name in the list already.
        const bool named = models.contains(QString::fromStdString(entry.name).toLower());
        if (entry.kind == ModelKind::model && entry.problem == Message{} && !named) {
            models << path;
        }
    }
    models.removeDuplicates();
    return models;
}

QStringList CompareWorkspace::knownAdapters() const {
    return QStringList{QString()} +
           session_.models().adaptersFor(session_.request().request().model,
                                         session_.request().traits().family);
}

void CompareWorkspace::showKnown() {
    panel_->setKnown(knownModels(), knownAdapters());
}

QString CompareWorkspace::problemOf(const std::vector<Problem>& problems) const {
    return problems.empty() ? QString() : inWords(problems.front());
}

void CompareWorkspace::make() {
    make_when_read_ = session_.references().isReading();
    if (make_when_read_) {
        Q_EMIT session_.statusChanged(tr("Waiting for a reference that is still being read"));
        return;
    }
    const GenerationRequest base = session_.currentRequest();
    const ComparisonSpec spec = specOf(fitted(model_.draft(), base), base);
    const std::vector<Problem> problems = validate(spec, session_.request().traits());
    if (!problems.empty()) {
        Q_EMIT session_.noticed({.title = tr("The comparison was not made: settings do not fit"),
                                 .reason = problemOf(problems)});
        return;
    }
    session_.compare(spec);
}

void CompareWorkspace::showDraft() {
    const GenerationRequest base = session_.currentRequest();
    const ComparisonDraft draft = fitted(model_.draft(), base);
    const bool picked =
        draft.sheet ? isPicked(draft.across.choice.field) || isPicked(draft.down.choice.field)
                    : isPicked(draft.vary.field);
    if (picked) {
        session_.models().scanOnce();
    }
    panel_->setDraft(draft, base);
    panel_->setSeedLocked(session_.request().isSeedLocked());
    showCost();
}

void CompareWorkspace::showCost() {
    const GenerationRequest base = session_.currentRequest();
    const ComparisonSpec spec = specOf(fitted(model_.draft(), base), base);
    const QString problem = problemOf(validate(spec, session_.request().traits()));
    panel_->setCount(static_cast<int>(column_count(spec) * row_count(spec)),
                     problem.isEmpty() ? session_.queue().estimate(spec) : std::nullopt, problem);
}

void CompareWorkspace::showRun() {
    const PictureQueue::Row* job = session_.queue().comparison(model_.key());
    panel_->setRun({.running = model_.isRunning(),
                    .waiting = model_.isWaiting(),
                    .paused = session_.queue().isPaused(),
                    .stopping = model_.isStopping(),
                    .done = model_.doneCount(),
                    .count = static_cast<int>(model_.cells().size()),
                    .seconds_left = job ? session_.queue().estimate(*job) : std::nullopt});
}

int CompareWorkspace::winner() const {
    return view_->large() >= 0 ? view_->large() : model_.b();
}

void CompareWorkspace::showKeep() {
    const ComparisonCell* cell = model_.cell(winner());
    const bool done = cell && cell->state == ComparisonCell::State::done;
    keep_->setText(cell ? tr("Keep %1 and return to Generate").arg(cell->caption)
                        : tr("Return to Generate"));
    keep_->setAccessibleName(keep_->text());
    keep_->setEnabled(done);
    export_->setEnabled(model_.doneCount() > 0);
    influence_->setPicture(winner());
}

void CompareWorkspace::keep() {
    const ComparisonCell* cell = model_.cell(winner());
    if (!cell || cell->state != ComparisonCell::State::done) {
        return;
    }
    const ResultImage result = cell->result;
    if (const PictureId id = session_.library().idOf(result); id != 0) {
        session_.useSettingsOfPicture(id);
    } else if (!cell->path.isEmpty()) {
        session_.useSettingsOf({.name = QFileInfo(cell->path).fileName(), .path = cell->path});
    } else {
        session_.useSettings(result.request);
    }
    Q_EMIT kept();
}

void CompareWorkspace::showDifference() {
    if (view_->mode() != CompareView::Mode::difference) {
        return;
    }
    const auto finished = [this](int index) {
        const ComparisonCell* cell = model_.cell(index);
        return cell && cell->state == ComparisonCell::State::done ? cell->result.image : ImagePtr();
    };
    difference_.ask(
        {.a = finished(model_.a()), .b = finished(model_.b()), .kind = kind_, .gain = gain_});
}

void CompareWorkspace::keyPressEvent(QKeyEvent* event) {
    // Number keys work wherever the hand is in this workspace.
    if (event->key() >= Qt::Key_0 && event->key() <= Qt::Key_9 && !view_->hasFocus()) {
        view_->setLarge(event->key() == Qt::Key_0 ? -1 : event->key() - Qt::Key_1);
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace likeness
