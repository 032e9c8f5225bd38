#include "ui/model/session_keeper.h"

#include "core/imageio/load.h"
#include "core/request/resolve.h"
#include "ui/model/paths.h"
#include "ui/model/session.h"
#include "ui/model/words.h"

#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include <utility>

namespace likeness {

namespace {

constexpr int kShownMs = 3000; // a picture that stands so long is kept with the work
constexpr int kRetryMs = 5000; // after a write that failed

constexpr const char* kPictureRole = "picture";
constexpr const char* kMaskRole = "mask";
constexpr const char* kLookMaskRole = "look_mask";

// Everything of a card that is pixels, by what it is to the card.
std::map<std::string, KeptPixels> pixelsOf(const ReferenceCard& card) {
    std::map<std::string, KeptPixels> pixels{
        {kPictureRole, {card.image, card.path}},
        {kMaskRole, {card.mask, card.mask_path}},
        {kLookMaskRole, {card.view.look_mask, card.look_mask_path}}};
    std::erase_if(pixels, [](const auto& each) { return !each.second.image; });
    return pixels;
}

TrainingRequest withPictures(const TrainingDraft& draft, const TrainingSet& set) {
    TrainingRequest request = draft.request;
    for (const DatasetPicture& picture : draft.pictures) {
        request.pictures.push_back({.path = picture.path.toStdString(),
                                    .caption = picture.caption.toStdString(),
                                    .content = set.content(picture.id)});
    }
    // Nothing of a first start is kept: older versions then read the project as it was.
    return draft == firstDraft() ? TrainingRequest{} : request;
}

TrainingDraft draftOf(const Project& project) {
    if (project.training_name.empty() && project.training == TrainingRequest{}) {
        return firstDraft();
    }
    TrainingDraft draft{.name = QString::fromStdString(project.training_name),
                        .request = project.training};
    for (const TrainingPicture& picture : project.training.pictures) {
        const QString path = QString::fromStdString(picture.path);
        draft.pictures.push_back({.name = QFileInfo(path).fileName(),
                                  .path = path,
                                  .caption = QString::fromStdString(picture.caption),
                                  .content = picture.content});
    }
    draft.request.pictures.clear();
    return draft;
}

} // namespace

SessionKeeper::SessionKeeper(Session& session, std::filesystem::path sessions, QObject* parent)
    : QObject(parent), session_(session), sessions_(std::move(sessions)),
      pixels_(content_store(sessions_)), sitting_(std::make_shared<Sitting>(sessions_)),
      writer_(std::make_unique<PictureFiles>(nullptr, 1)) {
    timer_.setSingleShot(true);
    shown_timer_.setSingleShot(true);
    connect(&pixels_, &PixelContents::failed, this, &SessionKeeper::tellWriteFailure);
    connect(&timer_, &QTimer::timeout, this, &SessionKeeper::keep);
    connect(&shown_timer_, &QTimer::timeout, this, &SessionKeeper::keepShown);
    connect(&session.edits(), &EditHistory::edited, this, [this] {
        worth_keeping_ = worth_keeping_ || session_.edits().stack().count() > 0;
        followRestore();
        keepSoon();
        Q_EMIT projectChanged();
    });
    connect(&session.references(), &ReferenceListModel::picturesChanged, this, [this] {
        rememberCards();
        keepSoon();
    });
    connect(&session, &Session::liveChanged, this, &SessionKeeper::keepSoon);
    connect(&session, &Session::shownChanged, this, [this] { shown_timer_.start(kShownMs); });
}

SessionKeeper::~SessionKeeper() {
    end();
}

QString SessionKeeper::name() const {
    return file_.isEmpty() ? tr("Untitled") : QFileInfo(file_).completeBaseName();
}

bool SessionKeeper::isModified() const {
    return unsaved_ || !session_.edits().stack().isClean();
}

void SessionKeeper::setFile(const QString& file, bool unsaved) {
    file_ = file;
    unsaved_ = unsaved;
    Q_EMIT projectChanged();
}

// What is undone is another project: it is not to be written into the restored one's file.
void SessionKeeper::followRestore() {
    if (!restore_step_) {
        return;
    }
    const QUndoStack& stack = session_.edits().stack();
    int place = 0;
    while (place < stack.count() && stack.command(place) != restore_step_->command) {
        ++place;
    }
    if (place == stack.count()) {
        restore_step_.reset(); // another edit took its place
    } else if (const bool done = place < stack.index(); done != restore_step_->is_done) {
        restore_step_->is_done = done;
        std::swap(file_, restore_step_->other_file);
        std::swap(unsaved_, restore_step_->other_unsaved);
    }
}

void SessionKeeper::rememberCards() {
    for (const ReferenceCard& card : session_.references().cards()) {
        const auto expected = expected_.find(card.id);
        if (!card.image || expected == expected_.end()) {
            continue;
        }
        for (const auto& [role, pixels] : pixelsOf(card)) {
            const auto content = expected->second.find(role);
            if (content != expected->second.end()) {
                pixels_.remember(pixels.image, content->second);
            }
        }
        expected_.erase(expected);
    }
}

Project SessionKeeper::capture() const {
    const EditState& state = session_.edits().state();
    Project project{.request = state.request,
                    .seed_locked = state.seed_locked,
                    .live = session_.isLive(),
                    .training_name = state.training.name.toStdString(),
                    .training = withPictures(state.training, session_.trainingSet()),
                    .file = file_.toStdString(),
                    .unsaved = isModified()};
    for (const ReferenceCard& card : state.cards) {
        project.request.references.push_back(toReference(card));
        ProjectCard kept{.name = card.name.toStdString(), .muted = card.muted, .solo = card.solo};
        if (card.role) {
            kept.role = roleKey(*card.role).toStdString();
        }
        const auto expected = expected_.find(card.id);
        if (!card.image && expected != expected_.end()) {
            kept.contents = expected->second;
        }
        for (const auto& [role, pixels] : pixelsOf(card)) {
            if (const std::string content = pixels_.nameOf(pixels.image); !content.empty()) {
                kept.contents[role] = content;
            }
        }
        project.cards.push_back(std::move(kept));
    }
    project.request = without_pixels(project.request);
    const std::string content = shown_ ? pixels_.nameOf(shown_->image) : std::string();
    if (!content.empty()) {
        project.shown = without_pixels(shown_->request);
        project.shown_content = content;
    }
    return project;
}

std::vector<KeptPixels> SessionKeeper::unstored() const {
    std::vector<KeptPixels> found;
    for (const ReferenceCard& card : session_.edits().state().cards) {
        for (const auto& [role, pixels] : pixelsOf(card)) {
            if (!pixels_.isKnown(pixels.image)) {
                found.push_back(pixels);
            }
        }
    }
    if (shown_ && !pixels_.isKnown(shown_->image)) {
        found.push_back({shown_->image, {}});
    }
    return found;
}

void SessionKeeper::storeContents(const std::function<void()>& then) {
    pixels_.keep([this] { return unstored(); }, then);
}

void SessionKeeper::keepShown() {
    if (session_.shown() != shown_) {
        shown_ = session_.shown();
        worth_keeping_ = true;
        keepSoon();
    }
}

void SessionKeeper::keepSoon() {
    if (!timer_.isActive() && !ended_) {
        timer_.start(kDelayMs);
    }
}

void SessionKeeper::keepNow() {
    timer_.stop();
    keep();
}

void SessionKeeper::keep() {
    if (!worth_keeping_) {
        return;
    }
    if (writing_) {
        keepSoon();
        return;
    }
    rememberCards();
    // The edits do not wait for pixels: a large picture takes its time.
    if (!unstored().empty() && !pixels_.isStoring()) {
        storeContents([this] { keepSoon(); });
    }
    const Project project = capture();
    if (project == last_kept_) {
        return;
    }
    writing_ = true;
    last_kept_ = project;
    writer_->run([this, project, sitting = sitting_,
                  left = std::exchange(went_on_from_, {})]() -> std::function<void()> {
        const QString reason = reasonOf([&] {
            sitting->keep(project);
            for (const std::filesystem::path& folder : left) {
                remove_sitting(folder);
            }
        });
        return [this, reason] {
            writing_ = false;
            if (reason.isEmpty()) {
                write_failed_ = false;
                pixels_.tryFailedAgain();
                if (saves_project_ && !save_failed_ && !file_.isEmpty() && isModified()) {
                    write(file_, false);
                }
                Q_EMIT kept();
            } else {
                last_kept_.reset();
                tellWriteFailure(reason);
                timer_.start(kRetryMs);
            }
        };
    });
}

void SessionKeeper::tellWriteFailure(const QString& reason) {
    if (!std::exchange(write_failed_, true)) {
        Q_EMIT session_.noticed(
            {.severity = Notice::Severity::warning,
             .title = tr("What you edit is not being kept on disk"),
             .reason = reason + '\n' + tr("It is still here. Writing is tried again.")});
    }
}

void SessionKeeper::end() {
    if (std::exchange(ended_, true)) {
        return;
    }
    timer_.stop();
    shown_timer_.stop();
    writer_.reset(); // waits for what is at work
    rememberCards();
    shown_ = session_.shown() ? session_.shown() : shown_;
    if (!worth_keeping_) {
        return; // the sitting before stays the one to go on with
    }
    pixels_.finish(unstored());
    const QString reason = reasonOf([this] {
        if (const Project project = capture(); project != last_kept_ || !sitting_->is_kept()) {
            sitting_->keep(project);
        }
        sitting_->end();
        for (const std::filesystem::path& folder : went_on_from_) {
            remove_sitting(folder);
        }
        if (cut_off_) {
            settle_sitting(*cut_off_); // it was told, and not wanted
        }
    });
    if (!reason.isEmpty()) {
        qWarning("the last edits were not kept: %s", qUtf8Printable(reason));
    }
}

EditState SessionKeeper::stateOf(const Project& project, QList<PictureSource>& pictures) const {
    EditState state{.request = project.request,
                    .seed_locked = project.seed_locked,
                    .training = draftOf(project)};
    state.request.references.clear();
    for (std::size_t i = 0; i < project.cards.size(); ++i) {
        const ProjectCard& kept = project.cards[i];
        ReferenceCard card =
            toCard(project.request.references[i], QString::fromStdString(kept.name));
        card.muted = kept.muted;
        card.solo = kept.solo;
        card.role = roleFromKey(QString::fromStdString(kept.role));
        const auto keptPath = [&](const char* role) {
            const auto content = kept.contents.find(role);
            return content != kept.contents.end() && pixels_.store().has(content->second)
                       ? fromPath(pixels_.store().path_of(content->second))
                       : QString();
        };
        // Masks are files of this program: where one is gone, the copy takes its place.
        const std::pair<QString*, const char*> masks[] = {{&card.mask_path, kMaskRole},
                                                          {&card.look_mask_path, kLookMaskRole}};
        for (const auto& [path, role] : masks) {
            if (const QString copy = keptPath(role); !copy.isEmpty() && !QFileInfo::exists(*path)) {
                *path = copy;
            }
        }
        // A picture that is gone from where it was becomes one without a file of its own: what is
        // made of it names what is kept.
        const QString copy = keptPath(kPictureRole);
        const bool is_gone = !copy.isEmpty() && !QFileInfo::exists(card.path);
        if (is_gone) {
            card.path.clear();
        }
        const PictureSource source{.name = card.name,
                                   .path = copy.isEmpty() ? card.path : copy,
                                   .mask_path = card.mask_path,
                                   .look_mask_path = card.look_mask_path,
                                   .is_copy = is_gone};
        pictures.append(source);
        state.cards.push_back(std::move(card));
    }
    return state;
}

void SessionKeeper::show(const Project& project) {
    QList<PictureSource> pictures;
    const EditState state = stateOf(project, pictures);
    session_.begin(state, pictures);
    session_.setLive(project.live);
    expected_.clear();
    const auto& cards = session_.references().cards();
    for (std::size_t i = 0; i < cards.size() && i < project.cards.size(); ++i) {
        std::map<std::string, std::string> contents = project.cards[i].contents;
        std::erase_if(contents,
                      [this](const auto& each) { return !pixels_.store().has(each.second); });
        expected_[cards[i].id] = std::move(contents);
    }
    if (project.shown && pixels_.store().has(project.shown_content)) {
        showKept(*project.shown, project.shown_content);
    }
}

void SessionKeeper::showKept(const GenerationRequest& request, const std::string& content) {
    pixels_.run([this, request, content,
                 path = pixels_.store().path_of(content)]() -> std::function<void()> {
        ResultImage picture{.request = request};
        ScreenPicture screen;
        const QString reason = reasonOf([&] {
            picture.image = std::make_shared<const Image>(load_image(path));
            screen = toScreen(*picture.image);
        });
        if (!reason.isEmpty()) {
            return {}; // it can be made again from its settings
        }
        return [this, content, picture, screen] {
            pixels_.remember(picture.image, content);
            shown_ = picture;
            session_.showKept(picture, screen);
        };
    });
}

bool SessionKeeper::goOn() {
    const std::vector<EarlierSitting> sittings = earlier_sittings(sessions_);
    bool found = false;
    for (const EarlierSitting& sitting : sittings) {
        if (sitting.settled) {
            continue;
        }
        if (!sitting.ended && !cut_off_) {
            cut_off_ = sitting.folder;
            const QString time = QLocale().toString(QDateTime::fromSecsSinceEpoch(sitting.kept),
                                                    QLocale::ShortFormat);
            Q_EMIT session_.noticed({.severity = Notice::Severity::warning,
                                     .title = tr("The last sitting was cut off"),
                                     .reason = tr("What was edited until %1 is kept.").arg(time),
                                     .action = Notice::Action::restore_sitting,
                                     .other_action = Notice::Action::leave_sitting});
        } else if (sitting.ended && !found) {
            if (const std::optional<Project> project = last_kept(sitting.folder)) {
                found = true;
                show(*project);
                session_.edits().restart();
                setFile(QString::fromStdString(project->file), project->unsaved);
                went_on_from_ = {sitting.folder};
            }
        }
    }
    timer_.stop();
    worth_keeping_ = false; // nothing was edited yet
    writer_->run([sessions = sessions_]() -> std::function<void()> {
        sweep_sittings(sessions, QDateTime::currentSecsSinceEpoch());
        return {};
    });
    return found;
}

void SessionKeeper::restoreCutOff() {
    if (cut_off_) {
        restore(*std::exchange(cut_off_, std::nullopt));
    }
}

void SessionKeeper::leaveCutOff() {
    if (cut_off_) {
        writer_->run([folder = *std::exchange(cut_off_, std::nullopt)]() -> std::function<void()> {
            reasonOf([&] { settle_sitting(folder); });
            return {};
        });
    }
}

std::vector<EarlierSitting> SessionKeeper::earlier() const {
    std::vector<EarlierSitting> found = earlier_sittings(sessions_);
    std::erase_if(found, [this](const EarlierSitting& sitting) {
        return std::ranges::find(went_on_from_, sitting.folder) != went_on_from_.end();
    });
    return found;
}

void SessionKeeper::restore(const std::filesystem::path& folder) {
    writer_->run([this, folder]() -> std::function<void()> {
        const std::optional<Project> project = last_kept(folder);
        reasonOf([&] { settle_sitting(folder); });
        if (!project) {
            return [this] {
                Q_EMIT session_.noticed({.title = tr("The sitting could not be brought back"),
                                         .reason = tr("None of its copies can be read.")});
            };
        }
        return [this, kept = *project] {
            const QUndoStack& stack = session_.edits().stack();
            const int count = stack.index();
            session_.edits().step(tr("Restore a sitting"), [&] { show(kept); });
            if (stack.index() > count) {
                restore_step_ = {.command = stack.command(stack.index() - 1),
                                 .other_file = file_,
                                 .other_unsaved = unsaved_};
            }
            setFile(QString::fromStdString(kept.file), true);
            Q_EMIT session_.statusChanged(tr("The sitting is back"));
        };
    });
}

} // namespace likeness
