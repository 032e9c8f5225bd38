#include "ui/train_workspace.h"

#include "ui/model/session.h"
#include "ui/model/words.h"
#include "ui/panels/active_panel.h"
#include "ui/panels/dataset_panel.h"
#include "ui/panels/method_cards.h"
#include "ui/panels/method_choice.h"
#include "ui/panels/training_panel.h"
#include "ui/panels/training_proof_panel.h"
#include "ui/theme.h"
#include "ui/training_words.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/loss_plot.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/sample_grid.h"
#include "ui/widgets/sample_view.h"
#include "ui/widgets/scroll_column.h"
#include "ui/widgets/section.h"
#include "ui/widgets/training_strip.h"
#include "ui/workspace_menu.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QMenuBar>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>

namespace likeness {

namespace {

constexpr int kDrawMs = 60; // steps within it are drawn together

// What a card says once there are pictures: what it costs here, what it gives and what it does not.
MethodWords wordsOf(const MethodAdvice& advice, const QString& state, bool has_pictures) {
    if (!has_pictures) {
        return {.note = state};
    }
    const QString advised = advice.is_advised ? TrainWorkspace::tr("advised") : QString();
    const QString both = state.isEmpty() || advised.isEmpty()
                             ? state + advised
                             : QStringLiteral("%1, %2").arg(state, advised);
    return {.note = both,
            .when = inWords(advice.cost),
            .what = inWords(advice.will_not),
            .why = inWords(advice.gives) + ' ' + inWords(advice.why),
            .is_advised = advice.is_advised};
}

QWidget* titled(const QString& title, PlainLabel* note) {
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(metrics::kGap);
    row->addWidget(new PlainLabel(title, PlainLabel::Tone::text, 12, QFont::DemiBold));
    row->addWidget(note);
    row->addStretch(1);
    return head;
}

} // namespace

TrainWorkspace::TrainWorkspace(Session& session, QWidget* parent)
    : QWidget(parent), session_(session), training_(session.training()), cards_(new MethodCards),
      active_(new ActivePanel(session.request(), session.references(), session.knownFiles(),
                              QStringLiteral("train_active_panel"))),
      samples_note_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      loss_note_(new PlainLabel({}, PlainLabel::Tone::text2, 11)), samples_(new SampleStrip),
      sample_view_(new SampleView), pages_(new QStackedWidget), plot_(new LossPlot),
      strip_(new TrainingStrip), dataset_(new DatasetPanel(training_)), panel_(new TrainingPanel),
      proof_(new TrainingProofPanel), words_(new PlainLabel({}, PlainLabel::Tone::text2, 11)),
      again_(new TextButton({}, TextButton::Kind::plain)),
      start_(new TextButton({}, TextButton::Kind::primary)), side_(makeSide()) {
    setAutoFillBackground(true);
    setFocusPolicy(Qt::ClickFocus);
    auto* all = new QWidget;
    auto* page = new QVBoxLayout(all);
    page->setContentsMargins(metrics::kCanvasMargin, metrics::kCanvasMargin, metrics::kCanvasMargin,
                             12);
    page->setSpacing(metrics::kGap);
    page->addWidget(new MethodAnswers(session.question(), Qt::Horizontal));
    page->addWidget(cards_);
    page->addSpacing(4);
    page->addWidget(titled(tr("Samples"), samples_note_));
    page->addWidget(samples_, 3);
    page->addWidget(titled(tr("Loss"), loss_note_));
    page->addWidget(plot_, 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    pages_->addWidget(new ScrollColumn(all)); // what the cards say may be long
    pages_->addWidget(sample_view_);
    column->addWidget(pages_, 1);
    column->addWidget(strip_);
    samples_note_->setFont(numberFont(11));
    loss_note_->setFont(numberFont(11));
    samples_->setMaximumHeight(samples_->sizeHint().height());
    step_timer_.setSingleShot(true);
    step_timer_.setInterval(kDrawMs);
    connectModels();
    showDraft();
    showRun();
    showSteps();
    showSamples();
}

QWidget* TrainWorkspace::makeSide() {
    words_->setObjectName(QStringLiteral("training_words"));
    words_->setWordWrap(true);
    again_->setObjectName(QStringLiteral("train_again"));
    start_->setObjectName(QStringLiteral("start_training"));
    connect(start_, &QAbstractButton::clicked, this, &TrainWorkspace::start);
    connect(again_, &QAbstractButton::clicked, this, [this] {
        if (training_.run().phase == TrainingRun::Phase::none) {
            training_.start(); // of the adapter
        } else {
            training_.again();
        }
    });
    auto* foot = new QVBoxLayout;
    foot->setContentsMargins(12, 12, 12, 12);
    foot->setSpacing(metrics::kGap);
    foot->addWidget(words_);
    foot->addWidget(again_);
    foot->addWidget(start_);
    auto* box = new QWidget;
    box->setAutoFillBackground(true);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeSectionColumn({panel_, active_, proof_}), 1);
    column->addLayout(foot);
    return box;
}

void TrainWorkspace::connectModels() {
    TrainingSet& set = training_.set();
    connect(cards_, &MethodCards::chosen, &set, [&set](LikenessWay way) {
        set.edit([way](TrainingDraft& draft) {
            draft.request.method = way == LikenessWay::lora         ? TrainingMethod::lora
                                   : way == LikenessWay::dreambooth ? TrainingMethod::dreambooth
                                                                    : TrainingMethod::ip_adapter;
            draft.request.learning_rate.reset(); // what is usual for the method
        });
    });
    connect(panel_, &TrainingPanel::edited, &set, &TrainingSet::edit);
    connect(panel_, &TrainingPanel::adapterRequested, this, &TrainWorkspace::browseAdapter);
    connect(&session_.models(), &ModelLibrary::changed, this, &TrainWorkspace::showAdapters);
    connect(&session_.request(), &RequestModel::traitsChanged, this, &TrainWorkspace::showAdapters);
    connect(&set, &TrainingSet::changed, this, &TrainWorkspace::showDraft);
    connect(&set, &TrainingSet::fixedChanged, this, &TrainWorkspace::showRun);
    connect(&set, &TrainingSet::readingChanged, this, &TrainWorkspace::showStart);
    connect(&training_, &TrainingModel::checkChanged, this, &TrainWorkspace::showRun);
    connect(&training_, &TrainingModel::runChanged, this, &TrainWorkspace::showRun);
    connect(&training_, &TrainingModel::stepped, this, [this] {
        if (!step_timer_.isActive()) {
            step_timer_.start();
        }
    });
    connect(&step_timer_, &QTimer::timeout, this, [this] {
        showRun();
        showSteps();
        showSamples();
    });
    connect(&training_, &TrainingModel::sampled, this, [this] {
        showSamples();
        proof_->setRun(training_.run());
    });
    connect(&training_, &TrainingModel::finished, this, [this] {
        QWidget* above = proof_->parentWidget();
        while (above && !qobject_cast<ScrollColumn*>(above)) {
            above = above->parentWidget();
        }
        if (above) { // what one waited for is seen
            static_cast<ScrollColumn*>(above)->reveal(proof_);
        }
    });
    connect(&samples_->grid(), &SampleGrid::opened, this, &TrainWorkspace::openSample);
    connect(sample_view_, &SampleView::closed, this, &TrainWorkspace::closeSample);
    connect(sample_view_, &SampleView::shownChanged, this, &TrainWorkspace::showSample);
    connect(sample_view_, &SampleView::takeRequested, &training_, &TrainingModel::takeSample);
    connect(strip_, &TrainingStrip::keepRequested, &training_, &TrainingModel::keep);
    connect(strip_, &TrainingStrip::pauseRequested, &training_, &TrainingModel::pause);
    connect(strip_, &TrainingStrip::goOnRequested, &training_, &TrainingModel::goOn);
    connect(strip_, &TrainingStrip::stopRequested, &training_, &TrainingModel::stop);
    connect(strip_, &TrainingStrip::discardRequested, this, &TrainWorkspace::askToDiscard);
    connect(dataset_, &DatasetPanel::browseRequested, this, &TrainWorkspace::browseFiles);
    connect(dataset_, &DatasetPanel::findRequested, this, &TrainWorkspace::browseMissing);
    connect(dataset_, &DatasetPanel::browseFolderRequested, this, &TrainWorkspace::browseFolder);
    const auto cards = [this] { showCards(); };
    connect(&session_.question(), &MethodQuestion::changed, this, cards);
    connect(&session_.references(), &QAbstractItemModel::rowsInserted, this, cards);
    connect(&session_.references(), &QAbstractItemModel::rowsRemoved, this, cards);
    connect(&session_.references(), &QAbstractItemModel::modelReset, this, cards);
    connect(&session_.references(), &QAbstractItemModel::dataChanged, this, cards);
}

void TrainWorkspace::setModels(const QStringList& models) {
    panel_->setModels(models);
}

void TrainWorkspace::setNotices(QWidget* notices) {
    auto* column = static_cast<QVBoxLayout*>(side_->layout());
    column->insertWidget(1, notices); // between the sections and the foot
}

void TrainWorkspace::showDraft() {
    const TrainingDraft& draft = training_.set().draft();
    cards_->setWay(wayOf(draft));
    panel_->setDraft(draft);
    showAdapters();
    showRun();
    showSteps();
    showSamples();
}

void TrainWorkspace::showAdapters() {
    const std::string& model = training_.set().draft().request.model;
    const std::string& family = session_.request().traits().family;
    panel_->setAdapters(session_.models().adaptersFor(
        model, model == session_.request().request().model ? family : std::string()));
}

void TrainWorkspace::showRun() {
    using Phase = TrainingRun::Phase;
    const TrainingRun& run = training_.run();
    const bool fixed = training_.set().isFixed();
    cards_->setEnabled(!fixed);
    panel_->setFixed(fixed);
    const auto& checked = training_.checked();
    const TrainingWords words =
        wordsOf(run, checked && !training_.isCheckOld() ? checked->estimate
                                                        : std::optional<TrainingEstimate>());
    strip_->setTexts(words.title, words.phase, words.saved);
    strip_->setBar(run.step, run.total, run.phase == Phase::running);
    strip_->setButtons({.can_keep = run.phase == Phase::running && !run.is_kept,
                        .can_pause = run.isBusy() && !run.takesSample() &&
                                     run.phase != Phase::stopping && run.phase != Phase::proving,
                        .goes_on = run.canGoOn(),
                        .can_stop = run.isBusy() && run.phase != Phase::stopping,
                        .can_discard = run.canGoOn()});
    proof_->setRun(run);
    showStart();
    showSample();
    showCards();
}

void TrainWorkspace::showStart() {
    using Phase = TrainingRun::Phase;
    const TrainingRun& run = training_.run();
    const bool image_prompt = wayOf(training_.set().draft()) == LikenessWay::image_prompt;
    QString text, hint;
    bool enabled = true;
    QString again;
    if (run.phase == Phase::done) {
        text = tr("Use %1 in Generate").arg(run.name);
        again = tr("Train again");
    } else if (run.canGoOn()) {
        text = tr("Go on with %1").arg(run.name);
    } else if (run.isBusy()) {
        text = tr("Use %1 in Generate").arg(run.name);
        hint = tr("When it is trained, it is used from here.");
        enabled = false;
    } else if (image_prompt) {
        text = tr("Use as references");
        enabled = !training_.set().pictures().empty();
        hint = enabled
                   ? tr("Nothing is trained: the first ten come to Generate. The adapter itself "
                        "can be taught by them, too.")
                   : tr("Drop pictures of one thing.");
        again = tr("Train the adapter");
    } else {
        text = tr("Start training");
        const QStringList problems = training_.problems();
        enabled = problems.isEmpty();
        hint = enabled ? QString() : problems.front();
    }
    start_->setText(text);
    start_->setAccessibleName(text);
    start_->setToolTip(enabled ? text : hint);
    start_->setEnabled(enabled);
    again_->setVisible(!again.isEmpty());
    again_->setText(again);
    again_->setAccessibleName(again);
    again_->setToolTip(run.phase == Phase::done
                           ? tr("The settings can be edited again; what is trained stays")
                           : tr("ip_adapter: its projection, keys and values go on learning"));
    again_->setEnabled(run.phase == Phase::done ||
                       (image_prompt && enabled && training_.problems().isEmpty()));
    words_->setPlainText(hint);
    words_->setVisible(!hint.isEmpty());
}

void TrainWorkspace::showCards() {
    const ReferenceListModel& list = session_.references();
    const auto references =
        std::ranges::count_if(list.cards(), [&](const auto& card) { return list.counts(card); });
    const TrainingRun& run = training_.run();
    const auto state = [&](LikenessWay way) {
        const bool is_own =
            (run.request.method == TrainingMethod::lora && way == LikenessWay::lora) ||
            (run.request.method == TrainingMethod::dreambooth && way == LikenessWay::dreambooth) ||
            (run.request.method == TrainingMethod::ip_adapter && way == LikenessWay::image_prompt);
        if (run.isBusy() && is_own) {
            return tr("training");
        }
        if (way == LikenessWay::image_prompt && references > 0) {
            return references == 1 ? tr("on, 1 reference")
                                   : tr("on, %1 references").arg(references);
        }
        return QString();
    };
    const std::size_t count = training_.set().pictures().size();
    const TrainingAdvice advice =
        session_.question().adviceFor(count, training_.set().draft().request.resolution);
    for (const LikenessWay way :
         {LikenessWay::image_prompt, LikenessWay::lora, LikenessWay::dreambooth}) {
        cards_->setAdvice(
            way, wordsOf(advice.of(static_cast<AdvisedMethod>(way)), state(way), count > 0));
    }
    active_->setTraining(run.isBusy() ? run.name : QString(), tr("in training"));
}

void TrainWorkspace::showSteps() {
    const TrainingRun& run = training_.run();
    plot_->setSteps(run.steps, run.phase == TrainingRun::Phase::none
                                   ? training_.set().draft().request.max_train_steps
                                   : run.total);
    loss_note_->setPlainText(
        run.steps.empty() ? QString()
                          : tr("each step, and smoothed; learning rate %1")
                                .arg(QLocale().toString(run.steps.back().learning_rate, 'g', 2)));
}

void TrainWorkspace::showSamples() {
    const TrainingRun& run = training_.run();
    const TrainingRequest& request =
        run.phase == TrainingRun::Phase::none ? training_.set().draft().request : run.request;
    const std::int64_t every = request.validation_steps;
    const int seeds = request.num_validation_images;
    samples_note_->setPlainText(
        every == 0   ? tr("none; set how often at the right")
        : seeds == 1 ? tr("the same seed, every %1 steps").arg(every)
                     : tr("the same %1 seeds, every %2 steps").arg(seeds).arg(every));
    std::int64_t next = 0;
    QString when;
    const bool ends = run.phase == TrainingRun::Phase::done || run.is_kept;
    if (every > 0 && !ends) {
        next = run.samples.empty() ? every : (run.step / every + 1) * every;
        if (next > request.max_train_steps) {
            next = 0;
        } else if (run.phase == TrainingRun::Phase::running && run.seconds_per_step) {
            when = tr("in %1").arg(
                durationWords(*run.seconds_per_step * static_cast<double>(next - run.step)));
        }
    }
    samples_->setSamples(run.samples, seeds, next, when);
    samples_->grid().setResultStep(run.phase == TrainingRun::Phase::done ? run.step : 0);
    sample_view_->setSamples(run.samples);
    if (run.samples.empty() && isSampleOpen()) {
        closeSample();
    }
    showSample();
}

void TrainWorkspace::start() {
    const TrainingRun& run = training_.run();
    if (run.phase == TrainingRun::Phase::done) {
        session_.useTrained();
        Q_EMIT used();
    } else if (run.canGoOn()) {
        training_.goOn();
    } else if (!run.isBusy() && wayOf(training_.set().draft()) == LikenessWay::image_prompt) {
        session_.useDatasetAsReferences();
        Q_EMIT used();
    } else {
        training_.start();
    }
}

bool TrainWorkspace::pauseOrGoOn() {
    if (training_.run().canGoOn()) {
        training_.goOn();
    } else if (training_.run().isBusy()) {
        training_.pause();
    } else {
        return false;
    }
    return true;
}

void TrainWorkspace::fillMenu(QMenuBar& bar) {
    const auto here = [this](const std::function<void()>& act) {
        return [this, act] {
            Q_EMIT shown();
            act();
        };
    };
    const QList<MenuEntry> entries = {
        {tr("&Show the training"), "show_train", QKeySequence("Ctrl+T"), here([] {})},
        {tr("Add &pictures"), "train_add", {}, here([this] { browseFiles(); })},
        {tr("Add a &folder"), "train_add_folder", {}, here([this] { browseFolder(); })},
        {tr("Find &missing pictures"), "train_find", {}, here([this] { browseMissing(); })},
        {tr("&Check the dataset"), "train_check", QKeySequence("Ctrl+Shift+K"),
         here([this] { training_.check(); })},
        {tr("&Write missing captions"), "train_captions", {}, here([this] {
             training_.set().writeCaptions();
         })},
        {tr("St&art training"), "train_start", QKeySequence("Ctrl+Shift+T"),
         here([this] { training_.run().canGoOn() ? training_.goOn() : training_.start(); })},
        {tr("Pa&use or go on"), "train_pause", {}, [this] { pauseOrGoOn(); }},
        {tr("S&top the training"), "train_stop", {}, [this] { training_.stop(); }},
        {tr("&Keep what is learned"), "train_keep", {}, [this] { training_.keep(); }},
        {tr("&Discard the training"), "train_discard", {}, [this] { askToDiscard(); }},
    };
    addWorkspaceMenu(bar, tr("&Train"), "train_menu", this, entries);
    stopWithEsc(bar, this, [this] { // elsewhere the training goes on
        if (isSampleOpen()) {
            closeSample();
        } else if (training_.run().isBusy()) {
            training_.stop();
        }
    });
}

void TrainWorkspace::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    window()->installEventFilter(this); // once: the same filter again only moves to the front
}

bool TrainWorkspace::eventFilter(QObject* watched, QEvent* event) {
    // What nobody else has taken comes to the window: Space from anywhere on this page.
    if (event->type() == QEvent::KeyPress && isVisible()) {
        const auto* key = static_cast<QKeyEvent*>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::NoModifier &&
            !key->isAutoRepeat() && pauseOrGoOn()) {
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace likeness
