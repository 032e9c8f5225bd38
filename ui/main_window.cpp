#include "ui/main_window.h"

#include "core/request/limits.h"
#include "ui/accessible_roles.h"
#include "ui/canvas/picture_view.h"
#include "ui/compare_workspace.h"
#include "ui/dock_folding.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/session.h"
#include "ui/model/session_keeper.h"
#include "ui/panels/active_panel.h"
#include "ui/panels/fine_tuning_panel.h"
#include "ui/panels/generate_bar.h"
#include "ui/panels/input_panel.h"
#include "ui/panels/library_panel.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/notice_list.h"
#include "ui/panels/prompt_panel.h"
#include "ui/panels/queue_panel.h"
#include "ui/panels/references_panel.h"
#include "ui/panels/sampling_panel.h"
#include "ui/panels/status_line.h"
#include "ui/panels/styles_panel.h"
#include "ui/run_words.h"
#include "ui/step_scrubber.h"
#include "ui/train_workspace.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/progress_strip.h"
#include "ui/widgets/section.h"
#include "ui/window_actions.h"
#include "ui/workspace_tabs.h"

#include <QDockWidget>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include <algorithm>

namespace likeness {

namespace {

constexpr const char* kPictureFilter =
    "(*.png *.jpg *.jpeg *.webp *.tif *.tiff *.exr *.bmp *.gif *.heic *.avif)";

constexpr int kVariations = 9;

} // namespace

MainWindow::MainWindow(Session& session, QWidget* parent)
    : QMainWindow(parent), session_(session), view_(new PictureView),
      references_(new ReferencesPanel(session.references(), session.encoderEye())),
      prompt_(new PromptPanel), input_(new InputPanel), sampling_(new SamplingPanel),
      fine_tuning_(new FineTuningPanel), model_(new ModelPanel), styles_(new StylesPanel),
      active_(new ActivePanel(session.request(), session.references(), session.knownFiles())),
      queue_(new QueuePanel(session.queue())), generate_(new GenerateBar), notices_(new NoticeList),
      library_(new LibraryPanel(session.library())) {
    installAccessibleRoles();
    setObjectName(QStringLiteral("main_window"));
    setWindowTitle(tr("Likeness"));
    setAcceptDrops(true);
    makeWorkspaces();
    makeDocks();
    makeStatus();
    fillMenus(*this, session);
    fillWorkspaceMenus();
    makeExamples();
    connectPanels();
    connectRuns();
    connectReferences();
    connectInput();
    connectFiles();
    connectTogether();
    showRequest();
    showReferenceCount();
    showProgress(session.run().progress());
    resize(1600, 1000);
    view_->setFocus();
}

QWidget* MainWindow::makeCanvas() {
    auto* canvas = new QWidget;
    auto* column = new QVBoxLayout(canvas);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    strip_ = new ProgressStrip;
    column->addWidget(view_, 1);
    column->addWidget(strip_);
    view_->setEmptyText(tr("The picture appears here: press Generate, or Ctrl+Enter"));
    scrubber_ = new StepScrubber(session_, *strip_, *view_, this);
    return canvas;
}

QDockWidget* MainWindow::addDock(const QString& title, const QString& name, QWidget* content,
                                 QWidget* head, Qt::DockWidgetArea area) {
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setWidget(content);
    dock->setTitleBarWidget(head);
    addDockWidget(area, dock);
    docks_.append(dock);
    return dock;
}

QWidget* MainWindow::makeReferencesHead() {
    auto* head = new QWidget;
    head->setAutoFillBackground(true);
    head->setFixedHeight(metrics::kDockHead);
    reference_count_ = new PlainLabel({}, PlainLabel::Tone::text2, 11);
    reference_count_->setObjectName(QStringLiteral("reference_count"));
    auto* add = new IconButton("plus", tr("Add references (Ctrl+R)"));
    add->setObjectName(QStringLiteral("add_reference"));
    connect(add, &IconButton::clicked, this, &MainWindow::browseReferences);
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(metrics::kGap + 4, 4, metrics::kGap, 4);
    row->setSpacing(4);
    row->addWidget(new PlainLabel(tr("References"), PlainLabel::Tone::text, 12, QFont::DemiBold));
    row->addWidget(reference_count_);
    row->addStretch(1);
    row->addWidget(makeSamplesButton());
    row->addWidget(add);
    row->addWidget(makeReferencesMenu());
    return head;
}

QWidget* MainWindow::makeSettingsColumn() {
    auto* box = new QWidget;
    box->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeSectionColumn({prompt_, input_, sampling_, fine_tuning_, active_, model_,
                                         styles_, queue_}),
                      1);
    column->addWidget(notices_);
    column->addWidget(generate_);
    return box;
}

void MainWindow::makeDocks() {
    QDockWidget* left = makeLeftDock();
    QDockWidget* right = addDock(tr("Settings"), QStringLiteral("settings_dock"),
                                 workspaces_->side(), new QWidget, Qt::RightDockWidgetArea);
    QDockWidget* bottom = addDock(tr("Library"), QStringLiteral("library_dock"), library_,
                                  new QWidget, Qt::BottomDockWidgetArea);
    connect(library_, &LibraryPanel::gridToggled, this, [this, bottom] {
        resizeDocks({bottom}, {library_->sizeHint().height()}, Qt::Vertical);
    });
    constexpr int kLeastLeft = 232; // less would cut the cards' controls
    left->setMinimumWidth(kLeastLeft);
    resizeDocks({left, right}, {metrics::kLeftDock, metrics::kRightDock}, Qt::Horizontal);
    folding_ = new DockFolding(*this, *left, *right);
}

void MainWindow::makeStatus() {
    status_ = new StatusLine(session_);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setFixedHeight(metrics::kStatus + 1);
    statusBar()->addWidget(status_, 1);
}

void MainWindow::connectPanels() {
    RequestModel& request = session_.request();
    connect(references_, &ReferencesPanel::edited, &request, &RequestModel::edit);
    connect(references_, &ReferencesPanel::masterEdited, &session_, &Session::strengthEdited);
    connect(references_, &ReferencesPanel::browseRequested, this, &MainWindow::browseReferences);
    connect(prompt_, &PromptPanel::edited, &request, &RequestModel::edit);
    connect(sampling_, &SamplingPanel::edited, &request, &RequestModel::edit);
    connect(fine_tuning_, &FineTuningPanel::edited, &request, &RequestModel::edit);
    connect(sampling_, &SamplingPanel::seedLockEdited, &request, &RequestModel::setSeedLocked);
    connect(sampling_, &SamplingPanel::seedRequested, &request, &RequestModel::drawSeed);
    connect(sampling_, &SamplingPanel::variationsRequested, this, &MainWindow::makeVariations);
    connect(sampling_, &SamplingPanel::branchCleared, &session_, &Session::clearBranch);
    connect(&session_, &Session::tokensChanged, prompt_,
            [this] { prompt_->setTokens(session_.tokens()); });
    connect(&session_, &Session::promptHistoryChanged, prompt_,
            [this] { prompt_->setHistory(session_.promptHistory()); });
    prompt_->setTokens(session_.tokens());
    prompt_->setHistory(session_.promptHistory());
    connect(generate_, &GenerateBar::generateRequested, this, &MainWindow::generate);
    connect(generate_, &GenerateBar::liveEdited, &session_, &Session::setLive);
    connect(&session_, &Session::liveChanged, generate_, &GenerateBar::setLive);
    connect(strip_, &ProgressStrip::stopRequested, &session_, &Session::stop);
    connect(library_, &LibraryPanel::chosen, this, [this](PictureId id) {
        watching_ = !session_.run().isBusy();
        session_.show(id);
    });
    connect(library_, &LibraryPanel::settingsRequested, &session_, &Session::useSettingsOfPicture);
    connect(library_, &LibraryPanel::referencesRequested, &session_, &Session::addAsReferences);
    connect(library_, &LibraryPanel::saveRequested, this, &MainWindow::saveOfLibrary);
    connect(library_, &LibraryPanel::exportRequested, this, &MainWindow::exportPictures);
    connect(view_, &PictureView::panelsToggled, this,
            [this] { setDocksVisible(!areDocksVisible()); });
    connect(&request, &RequestModel::changed, this, &MainWindow::showRequest);
    const auto counted = [this] { showReferenceCount(); };
    connect(&session_.references(), &QAbstractItemModel::rowsInserted, this, counted);
    connect(&session_.references(), &QAbstractItemModel::rowsRemoved, this, counted);
    connect(&session_.references(), &QAbstractItemModel::modelReset, this, counted);
}

void MainWindow::connectRuns() {
    connect(&session_.run(), &PictureRun::progressChanged, this, &MainWindow::showProgress);
    connect(queue_, &QueuePanel::smallerRequested, &session_, &Session::makeJobSmaller);
    connect(&session_.queue(), &PictureQueue::changed, this,
            [this] { showProgress(session_.run().progress()); });
    connect(scrubber_, &StepScrubber::left, this, &MainWindow::showPicture);
    connect(&session_.run(), &PictureRun::previewed, this, [this](const ImagePtr& preview) {
        if (!watching_) {
            return;
        }
        const std::optional<GenerationRequest> running = session_.run().runningRequest();
        const ModelTraits& traits = session_.request().traits();
        const QSize size = running ? QSize(running->width.value_or(traits.default_width),
                                           running->height.value_or(traits.default_height))
                                   : QSize();
        previewing_ = true;
        view_->setImage(toQImage(*preview), size);
    });
    connect(&session_.run(), &PictureRun::runStopped, this, &MainWindow::showPicture);
    connect(&session_.run(), &PictureRun::failed, this, &MainWindow::showPicture);
    connect(&session_, &Session::shownChanged, this, &MainWindow::showPicture);
    connect(&session_, &Session::modelChanged, this, [this] {
        const QString opened = session_.goodModel();
        if (!opened.isEmpty() && !models_.contains(opened)) {
            models_.append(opened);
            Q_EMIT modelOpened(opened);
        }
        showRequest();
    });
    connect(&session_, &Session::noticed, this, [this](const Notice& notice) {
        notices_->add(notice);
        status_->setDone(notice.title);
    });
    connect(notices_, &NoticeList::actionRequested, this,
            [this](Notice::Action action, const QList<PictureId>& pictures) {
                switch (action) {
                case Notice::Action::retry:
                    return generate();
                case Notice::Action::make_smaller:
                    return session_.makeSmaller();
                case Notice::Action::open_model:
                    return browseModel();
                case Notice::Action::save_elsewhere:
                    return pictures.isEmpty() ? saveShown() : saveOfLibrary(pictures.front());
                case Notice::Action::undo_settings:
                    return session_.undoSettings();
                case Notice::Action::keep_again:
                    return session_.library().keepAgain();
                case Notice::Action::restore_pictures:
                    return session_.library().restore(pictures);
                case Notice::Action::restore_sitting:
                    return session_.keeper()->restoreCutOff();
                case Notice::Action::leave_sitting:
                    return session_.keeper()->leaveCutOff();
                case Notice::Action::resume_training:
                    return session_.training().goOn();
                case Notice::Action::discard_training:
                    return train_->askToDiscard();
                case Notice::Action::train_on_pictures:
                    return session_.takeWay(session_.question().advice().of(AdvisedMethod::lora));
                case Notice::Action::find_dataset:
                    return train_->browseMissing();
                case Notice::Action::leave_out_missing:
                    return session_.trainingSet().remove(session_.trainingSet().missing());
                case Notice::Action::none:
                    return;
                }
            });
}

void MainWindow::setModels(const QStringList& models) {
    models_ = models;
    train_->setModels(models);
    showRequest();
}

void MainWindow::generate() {
    notices_->clearNotes();
    session_.generate();
}

void MainWindow::makeVariations() {
    session_.makeVariations(sampling_->variationStrength(), kVariations);
}

void MainWindow::showRequest() {
    const RequestModel& model = session_.request();
    references_->setRequest(model.request());
    prompt_->setRequest(model.request(), model.traits());
    input_->setRequest(model.request());
    sampling_->setRequest(model.request(), model.traits());
    sampling_->setSeedLocked(model.isSeedLocked());
    sampling_->setProblems(model.problems());
    fine_tuning_->setRequest(model.request(), model.traits());
    model_->setModels(models_, QString::fromStdString(model.request().model));
    compare_->setModels(models_);
    model_->setRequest(model.request(), model.traits());
    showFiles();
}

void MainWindow::showReferenceCount() {
    const int count = session_.references().rowCount();
    reference_count_->setPlainText(tr("%1 of %2").arg(count).arg(kMaxReferences));
}

void MainWindow::showProgress(const RunProgress& progress) {
    watching_ = watching_ || progress.phase == RunProgress::Phase::idle;
    const int queued = session_.queue().rowCount();
    const RunWords words = wordsOf(progress, session_.shown().has_value(), previewing_, queued);
    strip_->setTexts(words.title, words.phase, words.shown);
    strip_->setBar(barOf(progress, session_.shown().has_value()));
    strip_->setStoppable(progress.phase == RunProgress::Phase::running ||
                         progress.phase == RunProgress::Phase::preparing);
    generate_->setRunning(session_.run().isBusy());
    scrubber_->showRun(progress.phase == RunProgress::Phase::idle);
}

void MainWindow::showPicture() {
    previewing_ = false;
    if (session_.shown()) {
        view_->setImage(session_.shownScreen());
        library_->setCurrent(session_.shownId());
        Q_EMIT pictureShown();
    } else {
        view_->setImage({});
    }
    showProgress(session_.run().progress());
}

void MainWindow::browseReferences() {
    auto* dialog = openFileDialog(this, tr("Add references"), QFileDialog::ExistingFiles,
                                  tr("Pictures %1").arg(QLatin1String(kPictureFilter)));
    connect(dialog, &QFileDialog::filesSelected, this, [this](const QStringList& files) {
        MimePictures pictures;
        for (const QString& file : files) {
            pictures.sources.append({.name = QFileInfo(file).fileName(), .path = file});
        }
        session_.addPictures(pictures);
    });
}

void MainWindow::browseSettings() {
    auto* dialog = openFileDialog(this, tr("Open a picture's settings"), QFileDialog::ExistingFile,
                                  tr("Pictures %1").arg(QLatin1String(kPictureFilter)));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        session_.useSettingsOf({.name = QFileInfo(file).fileName(), .path = file});
    });
}

QByteArray MainWindow::layoutState() {
    folding_->unfold();
    return saveState();
}

bool MainWindow::areDocksVisible() const {
    return std::ranges::any_of(docks_, [](const QDockWidget* dock) { return !dock->isHidden(); });
}

void MainWindow::setDocksVisible(bool visible) {
    for (QDockWidget* dock : docks_) {
        dock->setVisible(visible);
    }
}

} // namespace likeness
