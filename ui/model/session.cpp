#include "ui/model/session.h"

#include "ui/model/paths.h"
#include "ui/model/session_keeper.h"
#include "ui/model/words.h"

#include <QFileInfo>

#include <memory>
#include <utility>

namespace likeness {

namespace {

constexpr int kTypingPauseMs = 250;

// What is remembered of the machine and of what runs lies beside the sittings.
std::filesystem::path besideSittings(const SessionParts& parts, const char* name) {
    return parts.sessions.empty() ? parts.sessions : parts.sessions.parent_path() / name;
}

} // namespace

Session::Session(SessionParts parts, QObject* parent)
    : QObject(parent), parts_(std::move(parts)),
      training_set_(besideSittings(parts_, "told-changes.json")), library_(parts_.library_folder),
      client_(parts_.make_runner), run_(client_), queue_(run_),
      comparison_(client_, queue_, library_.folder()),
      training_(client_, training_set_, trainedFolder(), besideSittings(parts_, "training.json")),
      question_(client_, request_, besideSittings(parts_, "training-paces.json")) {
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
    connect(&request_, &RequestModel::changed, this, &Session::countTokens);
    connect(&request_, &RequestModel::changed, this, &Session::readInput);
    connect(&edits_, &EditHistory::strengthRestored, this, &Session::strengthEdited);
    connect(&edits_, &EditHistory::restored, this, &Session::followUndo);
    connect(&request_, &RequestModel::edited, this, [this] {
        dropUnfitBranch();
        if (live_) {
            remakeSoon(kTypingPauseMs);
        }
    });
    connect(&client_, &EngineClient::planned, this,
            [this](JobId, const MemoryPlan& plan) { Q_EMIT memoryPlanned(plan); });
    connectRuns();
    connectFiles();
    connectLibrary();
    if (!parts_.sessions.empty()) {
        keeper_ = std::make_unique<SessionKeeper>(*this, parts_.sessions);
    }
    connectReferences();
    connectTraining();
    connectPromotion();
    connect(&models_, &ModelLibrary::refused, this,
            [this](const QString& title, const QString& reason) {
                Q_EMIT noticed(
                    {.severity = Notice::Severity::warning, .title = title, .reason = reason});
            });
    connect(&samples_, &ModelSamples::refused, this,
            [this](const QString& model, const QString& reason) {
                Q_EMIT noticed({.severity = Notice::Severity::warning,
                                .title = tr("The examples of %1 were not read").arg(model),
                                .reason = reason});
            });
}

Session::~Session() = default;

std::filesystem::path Session::trainedFolder() {
    if (!parts_.trained_folder.empty()) {
        return parts_.trained_folder;
    }
    own_folder_ = std::make_unique<QTemporaryDir>();
    return toPath(own_folder_->path());
}

GenerationRequest Session::currentRequest() const {
    GenerationRequest request = request_.request();
    request.references = references_.references();
    return placed(withoutUnused(std::move(request)));
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
    training_.setPlacement(placement.device, placement.threads);
    question_.setPlacement(placement.device, placement.threads);
    prepare();
}

void Session::begin(const GenerationRequest& request, const std::vector<ReferenceCard>& cards) {
    request_.setRequest(request);
    references_.replaceAll(inRoles(cards, references_.blocks()));
    readPictures();
    edits_.restart();
}

void Session::begin(const EditState& state, const QList<PictureSource>& pictures) {
    request_.setRequest(state.request);
    request_.setSeedLocked(state.seed_locked);
    references_.replaceAll(state.cards);
    training_set_.setDraft(state.training);
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
    queue_.shutDown();
    training_.shutDown();
    library_.keepAgain(); // what the disk refused gets a last try
    if (keeper_) {
        keeper_->end();
    }
    client_.shutDown();
}

void Session::start() {
    if (!std::exchange(started_, true)) {
        if (!parts_.queue_file.isEmpty()) {
            queue_.open(parts_.queue_file);
        }
        training_.open();
    }
    readTraits();
    prepare();
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

void Session::readTraits() {
    samples_.open(QString::fromStdString(request_.request().model));
    if (!parts_.model_traits) {
        return;
    }
    // Until the model's folder is read nothing is refused on its account: the runner checks again.
    ModelTraits unknown = request_.traits();
    unknown.family.clear();
    unknown.cross_attention_dim = 0;
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

void Session::followModel(const std::string& before) {
    if (request_.request().model != before) {
        Q_EMIT modelChanged();
        readTraits();
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
    followModel(model);
}

void Session::undoSettings() {
    if (steps_before_settings_ >= 0) {
        edits_.undoTo(std::exchange(steps_before_settings_, -1));
    }
}

void Session::followUndo(const EditState& before) {
    followModel(before.request.model);
    if (before.request.model != request_.request().model) {
        prepare();
    }
    readPictures();
}

void Session::save(const QString& path, const ResultImage& picture, PictureId id) {
    library_.hold(id);
    files_.save(
        path, picture,
        [this](const QString& saved) {
            Q_EMIT statusChanged(tr("Saved %1").arg(QFileInfo(saved).fileName()));
        },
        [this, id](const Refusal& refusal) {
            Q_EMIT noticed({.title = tr("The picture could not be saved as %1").arg(refusal.name),
                            .reason = refusal.reason + '\n' + tr("It is still here in the strip."),
                            .action = Notice::Action::save_elsewhere,
                            .pictures = id != 0 ? QList<PictureId>{id} : QList<PictureId>()});
        });
}

} // namespace likeness
