#include "ui/model/session_keeper.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "core/request/resolve.h"
#include "ui/model/session.h"

#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include <new>
#include <utility>

namespace likeness {

namespace {

constexpr int kShownMs = 3000; // a picture that stands so long is kept with the work
constexpr int kRetryMs = 5000; // after a write that failed

std::filesystem::path fsPath(const QString& text) {
    return std::filesystem::path(text.toStdU16String());
}

std::vector<std::byte> encoded(const Image& image) {
    return encode_image(image, image.type == PixelType::f32 ? ImageFormat::exr : ImageFormat::png);
}

// The bytes that hold these pixels: the file's own where it still does, else a picture file made of
// them.
std::vector<std::byte> contentOf(const Image& image, const QString& path) {
    if (!path.isEmpty()) {
        try {
            std::vector<std::byte> bytes = read_file(fsPath(path), ImageLimits{}.file_bytes);
            if (load_image(bytes, "") == image) {
                return bytes;
            }
        } catch (const Error&) { // moved or changed meanwhile
            return encoded(image);
        }
    }
    return encoded(image);
}

QString reasonOf(const std::function<void()>& work) {
    try {
        work();
        return {};
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    } catch (const std::bad_alloc&) {
        return SessionKeeper::tr("memory ran out");
    }
}

} // namespace

// Pixels that no content holds yet.
struct SessionKeeper::Unstored {
    ImagePtr image{};
    QString path{};
};

SessionKeeper::SessionKeeper(Session& session, std::filesystem::path sessions, QObject* parent)
    : QObject(parent), session_(session), sessions_(std::move(sessions)),
      store_(content_store(sessions_)), sitting_(std::make_shared<Sitting>(sessions_)),
      contents_files_(std::make_unique<PictureFiles>()),
      writer_(std::make_unique<PictureFiles>(nullptr, 1)) {
    timer_.setSingleShot(true);
    shown_timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &SessionKeeper::keep);
    connect(&shown_timer_, &QTimer::timeout, this, &SessionKeeper::keepShown);
    connect(&session.edits(), &EditHistory::edited, this, [this] {
        worth_keeping_ = worth_keeping_ || session_.edits().stack().count() > 0;
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

// ---- what is on disk of it

void SessionKeeper::rememberCards() {
    for (const ReferenceCard& card : session_.references().cards()) {
        const auto expected = expected_.find(card.id);
        if (card.image && expected != expected_.end()) {
            contents_[card.image] = expected->second;
            expected_.erase(expected);
        }
    }
}

Project SessionKeeper::capture() const {
    const EditState& state = session_.edits().state();
    Project project{.request = state.request,
                    .seed_locked = state.seed_locked,
                    .live = session_.isLive(),
                    .file = file_.toStdString(),
                    .unsaved = isModified()};
    for (const ReferenceCard& card : state.cards) {
        project.request.references.push_back(toReference(card));
        ProjectCard kept{.name = card.name.toStdString(), .muted = card.muted, .solo = card.solo};
        const auto content = contents_.find(card.image);
        const auto expected = expected_.find(card.id);
        if (card.image && content != contents_.end() && !content->second.empty()) {
            kept.contents["picture"] = content->second;
        } else if (!card.image && expected != expected_.end()) {
            kept.contents["picture"] = expected->second;
        }
        project.cards.push_back(std::move(kept));
    }
    project.request = without_pixels(project.request);
    if (shown_) {
        const auto content = contents_.find(shown_->image);
        if (content != contents_.end() && !content->second.empty()) {
            project.shown = without_pixels(shown_->request);
            project.shown_content = content->second;
        }
    }
    return project;
}

std::vector<SessionKeeper::Unstored> SessionKeeper::unstored() const {
    std::vector<Unstored> found;
    for (const ReferenceCard& card : session_.edits().state().cards) {
        if (card.image && !contents_.contains(card.image)) {
            found.push_back({card.image, card.path});
        }
    }
    if (shown_ && !contents_.contains(shown_->image)) {
        found.push_back({shown_->image, {}});
    }
    return found;
}

void SessionKeeper::storeContents(const std::function<void()>& then) {
    const std::vector<Unstored> wanted = unstored();
    if (wanted.empty() && !storing_) {
        then();
        return;
    }
    after_storing_.push_back(then);
    if (std::exchange(storing_, true)) {
        return;
    }
    contents_files_->run([this, wanted, store = store_]() -> std::function<void()> {
        std::vector<std::string> names;
        QString reason;
        for (const Unstored& each : wanted) {
            const QString problem =
                reasonOf([&] { names.push_back(store.put(contentOf(*each.image, each.path))); });
            if (!problem.isEmpty()) {
                names.emplace_back();
                reason = problem;
            }
        }
        return [this, wanted, names, reason] {
            storing_ = false;
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                contents_[wanted[i].image] = names[i];
            }
            if (!reason.isEmpty()) {
                tellWriteFailure(reason);
            }
            for (const auto& next : std::exchange(after_storing_, {})) {
                storeContents(next); // more may have come
            }
        };
    });
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
    if (!unstored().empty() && !storing_) {
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
                std::erase_if(contents_, [](const auto& each) {
                    return each.second.empty() || each.first.expired();
                });
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
    contents_files_.reset(); // both wait for what is at work
    writer_.reset();
    rememberCards();
    shown_ = session_.shown() ? session_.shown() : shown_;
    if (!worth_keeping_) {
        return; // the sitting before stays the one to go on with
    }
    const QString reason = reasonOf([this] {
        for (const Unstored& each : unstored()) {
            contents_[each.image] = store_.put(contentOf(*each.image, each.path));
        }
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

// ---- what comes back

EditState SessionKeeper::stateOf(const Project& project, QList<PictureSource>& pictures) const {
    EditState state{.request = project.request, .seed_locked = project.seed_locked};
    state.request.references.clear();
    for (std::size_t i = 0; i < project.cards.size(); ++i) {
        const ProjectCard& kept = project.cards[i];
        ReferenceCard card =
            toCard(project.request.references[i], QString::fromStdString(kept.name));
        card.muted = kept.muted;
        card.solo = kept.solo;
        PictureSource source{.name = card.name, .path = card.path};
        const auto content = kept.contents.find("picture");
        if (content != kept.contents.end() && store_.has(content->second)) {
            source.path = QString::fromStdU16String(store_.path_of(content->second).u16string());
        }
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
        const auto content = project.cards[i].contents.find("picture");
        if (content != project.cards[i].contents.end() && store_.has(content->second)) {
            expected_[cards[i].id] = content->second;
        }
    }
    if (project.shown && store_.has(project.shown_content)) {
        showKept(*project.shown, project.shown_content);
    }
}

void SessionKeeper::showKept(const GenerationRequest& request, const std::string& content) {
    contents_files_->run(
        [this, request, content, path = store_.path_of(content)]() -> std::function<void()> {
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
                contents_[picture.image] = content;
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
        if (!project) {
            return [this] {
                Q_EMIT session_.noticed({.title = tr("The sitting could not be brought back"),
                                         .reason = tr("None of its copies can be read.")});
            };
        }
        reasonOf([&] { settle_sitting(folder); });
        return [this, kept = *project] {
            session_.edits().step(tr("Restore a sitting"), [&] { show(kept); });
            Q_EMIT session_.statusChanged(tr("The sitting is back"));
        };
    });
}

// ---- project files

// What was edited stays reachable, and the next edits go into a folder of their own.
void SessionKeeper::leaveSitting() {
    timer_.stop();
    writer_->run([project = capture(), sitting = sitting_, edited = worth_keeping_,
                  left = std::exchange(went_on_from_, {})]() -> std::function<void()> {
        reasonOf([&] {
            if (edited) {
                sitting->keep(project);
                sitting->end();
                settle_sitting(sitting->folder());
            }
            for (const std::filesystem::path& folder : left) {
                settle_sitting(folder);
            }
        });
        return {};
    });
    sitting_ = std::make_shared<Sitting>(sessions_);
    last_kept_.reset();
    shown_.reset();
    worth_keeping_ = true;
}

void SessionKeeper::startNew() {
    storeContents([this] {
        leaveSitting();
        EditState empty;
        empty.request.model = session_.request().request().model;
        empty.request.seed = session_.request().request().seed;
        session_.begin(empty, {});
        session_.edits().restart();
        setFile({}, false);
    });
}

void SessionKeeper::open(const QString& path) {
    contents_files_->run([this, path, store = store_]() -> std::function<void()> {
        Project project;
        const QString name = QFileInfo(path).fileName();
        const QString reason = reasonOf([&] {
            const std::vector<std::byte> bytes =
                read_file(fsPath(path), ProjectLimits{}.file_bytes);
            const ProjectFile file = parse_project_file(bytes, name.toStdString());
            for (const auto& [content, part] : file.contents) {
                store.put(part);
            }
            project = file.project;
        });
        if (!reason.isEmpty()) {
            return [this, name, reason] {
                Q_EMIT session_.noticed(
                    {.title = tr("The project %1 was not opened").arg(name), .reason = reason});
            };
        }
        return [this, path, project] {
            storeContents([this, path, project] {
                leaveSitting();
                show(project);
                session_.edits().restart();
                setFile(path, false);
                Q_EMIT fileUsed(path);
            });
        };
    });
}

void SessionKeeper::save(const QString& path) {
    shown_ = session_.shown() ? session_.shown() : shown_;
    storeContents([this, path] {
        const int step = session_.edits().stack().index();
        writer_->run(
            [this, path, step, project = capture(), store = store_]() -> std::function<void()> {
                const QString reason = reasonOf([&] {
                    write_project_file(fsPath(path), project, [&store](const std::string& content) {
                        return store.bytes(content);
                    });
                });
                const QString name = QFileInfo(path).fileName();
                if (!reason.isEmpty()) {
                    return [this, name, reason] {
                        Q_EMIT session_.noticed(
                            {.title = tr("The project could not be saved as %1").arg(name),
                             .reason = reason + '\n' +
                                       tr("It is still here, and kept for the next "
                                          "start.")});
                    };
                }
                return [this, path, step, name] {
                    const bool is_all = session_.edits().stack().index() == step;
                    if (is_all) {
                        session_.edits().markSaved();
                    }
                    setFile(path, unsaved_ && !is_all);
                    keepSoon();
                    Q_EMIT fileUsed(path);
                    Q_EMIT session_.statusChanged(tr("Saved %1").arg(name));
                };
            });
    });
}

} // namespace likeness
