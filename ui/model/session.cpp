#include "ui/model/session.h"

#include "core/request/json.h"
#include "core/request/limits.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/session_keeper.h"
#include "ui/model/words.h"

#include <QDir>
#include <QFileInfo>
#include <QRandomGenerator>

#include <memory>
#include <utility>

namespace likeness {

namespace {

constexpr int kTypingPauseMs = 250;

bool isAboutFiles(ErrorCode code) {
    return code >= ErrorCode::file_missing && code <= ErrorCode::model_mismatch;
}

QString modelName(const std::string& model) {
    const QString text = QString::fromStdString(model);
    const QString last = QFileInfo(text).fileName();
    return last.isEmpty() ? text : last;
}

// A file that is only numbered is called by its folder too: "mug 0".
QString shownName(const QString& path) {
    const QFileInfo file(path);
    bool is_number = false;
    file.completeBaseName().toInt(&is_number);
    return is_number ? QStringLiteral("%1 %2").arg(file.dir().dirName(), file.completeBaseName())
                     : file.fileName();
}

} // namespace

Session::Session(SessionParts parts, QObject* parent)
    : QObject(parent), parts_(std::move(parts)), library_(parts_.library_folder),
      client_(parts_.make_runner), run_(client_), comparison_(client_), queue_(run_) {
    remake_timer_.setSingleShot(true);
    connect(&remake_timer_, &QTimer::timeout, this, &Session::remake);
    connect(&references_, &ReferenceListModel::strengthEdited, this, &Session::strengthEdited);
    connect(&references_, &ReferenceListModel::picturesChanged, this, [this] {
        if (generate_when_read_ && !references_.isReading()) {
            generate();
            return;
        }
        prepare();
        if (live_) {
            remakeSoon(0);
        }
    });
    connect(&queue_, &PictureQueue::noticed, this, &Session::noticed);
    connect(&request_, &RequestModel::changed, this, &Session::countTokens);
    connect(&edits_, &EditHistory::strengthRestored, this, &Session::strengthEdited);
    connect(&edits_, &EditHistory::restored, this, &Session::followUndo);
    connect(&request_, &RequestModel::edited, this, [this] {
        dropUnfitBranch();
        if (live_) {
            remakeSoon(kTypingPauseMs);
        }
    });
    connect(&run_, &PictureRun::pictureFinished, this, &Session::keepPicture);
    connect(&comparison_, &ComparisonModel::pictureFinished, this,
            [this](const ResultImage& picture, const ScreenPicture& screen) {
                keepPicture(picture, screen, {});
            });
    connect(&request_, &RequestModel::changed, this,
            [this] { comparison_.setTraits(request_.traits()); });
    connect(&run_, &PictureRun::runFinished, this, [this](const Result& result) {
        double seconds = 0;
        for (const auto& [stage, each] : result.seconds) {
            seconds += each;
        }
        const QString time = QString::number(seconds, 'f', 1);
        const auto count = result.images.size();
        Q_EMIT statusChanged(count == 1 ? tr("1 picture in %1 s").arg(time)
                                        : tr("%1 pictures in %2 s").arg(count).arg(time));
        for (const Message& notice : result.notices) {
            Q_EMIT noticed({.severity = Notice::Severity::note, .title = inWords(notice)});
        }
    });
    connect(&run_, &PictureRun::prepared, this, [this](const GenerationRequest& request) {
        good_model_ = QString::fromStdString(request.model);
        Q_EMIT modelChanged();
    });
    connect(&run_, &PictureRun::failed, this, &Session::tellFailure);
    connectLibrary();
    if (!parts_.sessions.empty()) {
        keeper_ = std::make_unique<SessionKeeper>(*this, parts_.sessions);
    }
    connectReferences();
}

Session::~Session() = default;

GenerationRequest Session::currentRequest() const {
    GenerationRequest request = request_.request();
    request.references = references_.references();
    return placed(std::move(request));
}

GenerationRequest Session::placed(GenerationRequest request) const {
    // A picture's settings may come from a machine with other devices.
    if (!request.device.empty() &&
        !parts_.devices.contains(QString::fromStdString(request.device))) {
        request.device.clear();
    }
    if (!placement_.device.empty()) {
        request.device = placement_.device;
    }
    if (!placement_.dtype.empty()) {
        request.dtype = placement_.dtype;
    }
    if (placement_.threads > 0) {
        request.threads = placement_.threads;
    }
    return request;
}

void Session::setPlacement(const Placement& placement) {
    placement_ = placement;
    prepare();
}

void Session::begin(const GenerationRequest& request) {
    request_.setRequest(request);
    loadReferences(request);
    edits_.restart();
}

void Session::begin(const EditState& state, const QList<PictureSource>& pictures) {
    request_.setRequest(state.request);
    request_.setSeedLocked(state.seed_locked);
    references_.replaceAll(state.cards);
    QList<quint64> cards;
    for (const ReferenceCard& card : references_.cards()) {
        cards.append(card.id);
    }
    fillCards(cards, pictures, {});
    Q_EMIT modelChanged();
    if (started_) {
        readTraits();
        prepare();
    }
}

void Session::shutDown() {
    stop_export_.request_stop();
    library_.keepAgain(); // what the disk refused gets a last try
    if (keeper_) {
        keeper_->end();
    }
    client_.shutDown();
}

void Session::start() {
    if (!std::exchange(started_, true) && !parts_.queue_file.isEmpty()) {
        queue_.open(parts_.queue_file);
    }
    readTraits();
    prepare();
}

void Session::generate() {
    generate_when_read_ = references_.isReading();
    if (generate_when_read_) {
        Q_EMIT statusChanged(tr("Waiting for a reference that is still being read"));
        return;
    }
    if (!request_.isSeedLocked() && seed_used_ && !request_.request().branch) {
        edits_.unrecorded([this] { request_.drawSeed(); });
    }
    const GenerationRequest wanted = currentRequest();
    const std::vector<Problem> problems = validate(wanted, request_.traits());
    if (!problems.empty()) {
        QStringList reasons;
        for (const Problem& problem : problems) {
            reasons << inWords(problem);
        }
        Q_EMIT noticed({.title = tr("The picture was not made: settings do not fit"),
                        .reason = reasons.join('\n')});
        return;
    }
    remake_timer_.stop();
    seed_used_ = true;
    rememberPrompt(wanted.prompt);
    enqueue(wanted);
}

void Session::enqueue(const GenerationRequest& request) {
    QImage thumbnail;
    for (const ReferenceCard& card : references_.cards()) {
        if (!request.references.empty() && card.image == request.references.front().image) {
            thumbnail = card.thumbnail;
        }
    }
    queue_.add(request, thumbnail);
}

void Session::countTokens() {
    const std::pair wanted{request_.request().model, request_.request().prompt};
    if (!parts_.count_tokens || counting_ || counted_ == wanted) {
        return; // what is being counted asks again when it is done
    }
    counting_ = true;
    // One at a time: what counts may keep the tokenizer of the last model.
    files_.run([this, wanted]() -> std::function<void()> {
        std::optional<TokenCount> counted;
        try {
            counted = parts_.count_tokens(wanted.first, wanted.second);
        } catch (const Error&) {
            counted.reset(); // opening the model tells why
        }
        return [this, wanted, counted] {
            counting_ = false;
            counted_ = wanted;
            tokens_ = counted;
            Q_EMIT tokensChanged();
            countTokens();
        };
    });
}

void Session::lookAtMachine() {
    if (parts_.machine_state) {
        files_.run([this, look = parts_.machine_state]() -> std::function<void()> {
            return [this, state = look()] { Q_EMIT machineLooked(state); };
        });
    }
}

void Session::setPromptHistory(const QStringList& prompts) {
    constexpr qsizetype kMost = 100;
    prompts_ = prompts.mid(0, kMost);
    Q_EMIT promptHistoryChanged();
}

void Session::rememberPrompt(const std::string& prompt) {
    const QString text = QString::fromStdString(prompt);
    if (text.trimmed().isEmpty() || (!prompts_.isEmpty() && prompts_.front() == text)) {
        return;
    }
    QStringList prompts = prompts_;
    prompts.removeAll(text);
    prompts.prepend(text);
    setPromptHistory(prompts);
}

StepPreviews Session::shownSteps() const {
    if (shown_) {
        for (const auto& [image, previews] : steps_) {
            if (image == shown_->image) {
                return previews;
            }
        }
    }
    return {};
}

void Session::keepSteps(const ImagePtr& image, const StepPreviews& previews) {
    constexpr std::size_t kMostPictures = 32; // previews are small: a number for each latent
    steps_.emplace_back(image, previews);
    if (steps_.size() > kMostPictures) {
        steps_.pop_front();
    }
}

void Session::branchFrom(int step) {
    if (!shown_) {
        return;
    }
    const auto branch = std::make_shared<const Branch>(Branch{.of = shown_->request, .step = step});
    edits_.step(tr("Branch from step %1").arg(step), [&] {
        request_.edit([&](GenerationRequest& request) {
            const GenerationRequest& of = branch->of;
            request.branch = branch;
            request.model = of.model;
            request.ip_adapter = of.ip_adapter;
            request.image_encoder = of.image_encoder;
            request.width = of.width;
            request.height = of.height;
            request.num_inference_steps = of.num_inference_steps;
            request.scheduler = of.scheduler;
            request.seed = of.seed;
            request.num_images = 1;
        });
    });
    Q_EMIT modelChanged();
    Q_EMIT statusChanged(
        tr("The next picture goes on from step %1 of seed %2").arg(step).arg(branch->of.seed));
}

void Session::clearBranch() {
    request_.edit([](GenerationRequest& request) { request.branch = {}; });
}

void Session::dropUnfitBranch() {
    const GenerationRequest& request = request_.request();
    if (!request.branch) {
        return;
    }
    const GenerationRequest& of = request.branch->of;
    if (request.model != of.model || request.width != of.width || request.height != of.height ||
        request.num_inference_steps != of.num_inference_steps ||
        request.scheduler != of.scheduler || request.seed != of.seed || request.num_images != 1) {
        edits_.unrecorded([this] { clearBranch(); }); // it goes with the edit that does not fit
        Q_EMIT statusChanged(tr("A branch keeps size, steps, scheduler and seed: the next picture "
                                "begins anew"));
    }
}

void Session::makeVariations(double strength, int count) {
    if (!shown_) {
        return;
    }
    GenerationRequest wanted = placed(shown_->request);
    if (wanted.branch) {
        Q_EMIT noticed({.severity = Notice::Severity::note,
                        .title = tr("A branched picture has no noise of its own to vary")});
        return;
    }
    if (wanted.variations.size() >= kMaxVariations) {
        wanted.variations.pop_back();
    }
    wanted.variations.push_back(
        {.seed = QRandomGenerator::global()->generate(), .strength = strength});
    wanted.num_images = count;
    enqueue(wanted);
}

void Session::stop() {
    remake_timer_.stop();
    generate_when_read_ = false;
    run_.stop();
}

void Session::setLive(bool live) {
    if (live_ != live) {
        live_ = live;
        Q_EMIT liveChanged(live);
    }
}

void Session::strengthEdited() {
    remakeSoon(0);
}

void Session::remakeSoon(int milliseconds) {
    if (shown_ || keeping_ || run_.isBusy()) {
        remake_timer_.start(milliseconds);
    }
}

void Session::remake() {
    GenerationRequest wanted = currentRequest();
    const std::optional<GenerationRequest> running = run_.runningRequest();
    if (running) {
        wanted.seed = running->seed;
    } else if (keeping_) {
        wanted.seed = keeping_->seed;
    } else if (shown_) {
        wanted.seed = shown_->request.seed;
    }
    wanted.num_images = 1;
    if (validate(wanted, request_.traits()).empty()) {
        // What was asked for by hand and is followed by more is not taken away.
        run_.remake(wanted, queue_.rowCount() == 0 && (!running || running->num_images == 1));
    }
}

void Session::prepare() {
    const GenerationRequest wanted = currentRequest();
    if (started_ && validate(wanted, request_.traits()).empty()) {
        run_.prepare(wanted);
    }
}

void Session::readTraits() {
    if (!parts_.model_traits) {
        return;
    }
    // Until the model's folder is read nothing is refused on its account: the runner checks again.
    ModelTraits unknown = request_.traits();
    unknown.vae_factor = 1;
    unknown.has_ip_adapter = true;
    request_.setTraits(unknown);
    const std::string model = request_.request().model;
    files_.run([this, model, read = parts_.model_traits]() -> std::function<void()> {
        try {
            return [this, model, traits = read(model)] {
                if (request_.request().model == model) {
                    request_.setTraits(traits);
                    prepare();
                }
            };
        } catch (const Error&) {
            return {}; // opening the model tells the same reason
        }
    });
}

void Session::openModel(const QString& model) {
    request_.edit([&](GenerationRequest& request) {
        request.model = model.toStdString();
        request.ip_adapter.clear();
        request.image_encoder.clear();
        request.width.reset();
        request.height.reset();
    });
    Q_EMIT modelChanged();
    start();
}

void Session::tellFailure(const GenerationRequest& request, const Failed& failure) {
    const QString message = inWords(failure.message);
    Notice notice{.title = message.section('\n', 0, 0),
                  .reason = message.section('\n', 1),
                  .detail = QString::fromStdString(failure.detail),
                  .action = Notice::Action::retry};
    const QString model = QString::fromStdString(request.model);
    if (isAboutFiles(failure.code) && model != good_model_) {
        if (request_.request().model != request.model) {
            return; // told already, when the first job found the model unfit
        }
        notice.reason = message;
        notice.title = tr("The model %1 was not opened").arg(modelName(request.model));
        notice.action = Notice::Action::open_model;
        if (!good_model_.isEmpty()) {
            notice.reason += '\n' + tr("%1 stays open.").arg(modelName(good_model_.toStdString()));
            edits_.unrecorded([this] {
                request_.edit([this](GenerationRequest& edited) {
                    edited.model = good_model_.toStdString();
                });
            });
            readTraits();
            Q_EMIT modelChanged();
        }
    }
    if (failure.code == ErrorCode::out_of_memory && smaller(request)) {
        too_large_ = request;
        notice.other_action = Notice::Action::make_smaller;
    }
    Q_EMIT noticed(notice);
}

void Session::tellRefusals(const QList<Refusal>& refusals) {
    if (refusals.isEmpty()) {
        return;
    }
    QStringList lines;
    for (const Refusal& refusal : refusals) {
        lines << (refusal.reason.contains(refusal.name)
                      ? refusal.reason
                      : tr("%1: %2").arg(refusal.name, refusal.reason));
    }
    const qsizetype count = refusals.size();
    Q_EMIT noticed({.title = count == 1 ? tr("A picture was not taken")
                                        : tr("%1 pictures were not taken").arg(count),
                    .reason = lines.join('\n')});
}

void Session::addPictures(const MimePictures& pictures) {
    QList<Refusal> refusals = pictures.refusals;
    QList<PictureSource> sources;
    QList<quint64> cards;
    edits_.step({}, [&] {
        for (const PictureSource& source : pictures.sources) {
            const std::optional<quint64> card =
                references_.add({.name = source.name,
                                 .path = source.path,
                                 .ip_adapter_scale = limit("ip_adapter_scale").default_value});
            if (card) {
                sources.append(source);
                cards.append(*card);
            } else {
                refusals.append({source.name, tr("there are %1 references already, which is the "
                                                 "most. Remove one first.")
                                                  .arg(kMaxReferences)});
            }
        }
    });
    fillCards(cards, sources, refusals);
}

void Session::fillCards(const QList<quint64>& cards, const QList<PictureSource>& sources,
                        const QList<Refusal>& refusals) {
    // Refusals are told once, when the last file of the drop has been answered.
    struct Batch {
        qsizetype unanswered = 0;
        QList<Refusal> refusals{};
    };

    auto batch = std::make_shared<Batch>(Batch{cards.size(), refusals});
    if (cards.isEmpty()) {
        tellRefusals(refusals);
    }
    for (qsizetype i = 0; i < cards.size(); ++i) {
        const quint64 card = cards[i];
        reading_.insert(card);
        const auto answered = [this, batch, card] {
            reading_.remove(card);
            if (--batch->unanswered == 0) {
                tellRefusals(batch->refusals);
            }
        };
        files_.load(
            sources[i],
            [this, card, batch, answered](const LoadedPicture& picture) {
                const CardPixels pixels{.image = picture.image,
                                        .thumbnail = picture.thumbnail,
                                        .path = picture.kept_path,
                                        .mask = picture.mask,
                                        .look_mask = picture.look_mask};
                edits_.fillCard(card, pixels);
                references_.setPixels(card, pixels);
                if (!picture.kept_path.isEmpty()) {
                    keepReference(picture.image);
                }
                batch->refusals.append(picture.refusals);
                answered();
            },
            [this, card, batch, answered](const Refusal& refusal) {
                edits_.forgetCard(card);
                batch->refusals.append(refusal);
                answered();
            });
    }
}

void Session::useSettings(const GenerationRequest& request) {
    const std::string model = request_.request().model;
    steps_before_settings_ = edits_.stack().index();
    edits_.step(tr("Use settings of seed %1").arg(request.seed), [&] {
        request_.setRequest(request);
        request_.setSeedLocked(true);
        loadReferences(request);
    });
    if (request.model != model) {
        Q_EMIT modelChanged();
        readTraits();
    }
}

void Session::undoSettings() {
    if (steps_before_settings_ >= 0) {
        edits_.undoTo(std::exchange(steps_before_settings_, -1));
    }
}

void Session::followUndo(const EditState& before) {
    if (before.request.model != request_.request().model) {
        Q_EMIT modelChanged();
        readTraits();
        prepare();
    }
    readPictures();
}

void Session::loadReferences(const GenerationRequest& request) {
    std::vector<ReferenceCard> cards;
    for (const ReferenceImage& reference : request.references) {
        const QString path = QString::fromStdString(reference.path);
        const QString name = path.isEmpty() ? tr("a reference") : shownName(path);
        ReferenceCard card = toCard(reference, name);
        if (card.image) {
            card.thumbnail = toThumbnail(*card.image, kThumbnailSide);
        }
        cards.push_back(card);
    }
    references_.replaceAll(std::move(cards));
    readPictures();
}

void Session::readPictures() {
    QList<quint64> unread;
    QList<PictureSource> sources;
    for (const ReferenceCard& card : references_.cards()) {
        if (!card.image && !reading_.contains(card.id)) {
            unread.append(card.id);
            sources.append({.name = card.name,
                            .path = card.path,
                            .mask_path = card.mask_path,
                            .look_mask_path = card.look_mask_path});
        }
    }
    fillCards(unread, sources, {});
}

void Session::save(const QString& path) {
    if (!shown_) {
        return;
    }
    files_.save(
        path, *shown_,
        [this](const QString& saved) {
            Q_EMIT statusChanged(tr("Saved %1").arg(QFileInfo(saved).fileName()));
        },
        [this](const Refusal& refusal) {
            Q_EMIT noticed({.title = tr("The picture could not be saved as %1").arg(refusal.name),
                            .reason = refusal.reason + '\n' + tr("It is still here in the strip."),
                            .action = Notice::Action::save_elsewhere});
        });
}

} // namespace likeness
