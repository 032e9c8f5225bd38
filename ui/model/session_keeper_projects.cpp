#include "core/base/read_file.h"
#include "ui/model/paths.h"
#include "ui/model/session.h"
#include "ui/model/session_keeper.h"
#include "ui/model/words.h"

#include <QFileInfo>

#include <utility>

// Projects that are given a name: new, open, save.

namespace likeness {

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
    pixels_.run([this, path, store = pixels_.store()]() -> std::function<void()> {
        Project project;
        const QString name = QFileInfo(path).fileName();
        const QString reason = reasonOf([&] {
            const std::vector<std::byte> bytes =
                read_file(toPath(path), ProjectLimits{}.file_bytes);
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
    write(path, true);
}

void SessionKeeper::write(const QString& path, bool by_hand) {
    shown_ = session_.shown() ? session_.shown() : shown_;
    storeContents([this, path, by_hand] {
        writer_->run([this, path, by_hand, state = session_.edits().state(), project = capture(),
                      store = pixels_.store()]() -> std::function<void()> {
            const QString reason = reasonOf([&] {
                write_project_file(toPath(path), project, [&store](const std::string& content) {
                    return store.bytes(content);
                });
            });
            const QString name = QFileInfo(path).fileName();
            if (!reason.isEmpty()) {
                return [this, name, reason] {
                    save_failed_ = true;
                    Q_EMIT session_.noticed(
                        {.title = tr("The project could not be saved as %1").arg(name),
                         .reason = reason + '\n' +
                                   tr("It is still here, and kept for the next "
                                      "start.")});
                };
            }
            return [this, path, state, by_hand, name] {
                save_failed_ = false;
                // What was typed meanwhile may belong to the same step.
                const bool is_all = session_.edits().state() == state;
                if (is_all) {
                    session_.edits().markSaved();
                }
                setFile(path, unsaved_ && !is_all);
                keepSoon();
                Q_EMIT fileUsed(path);
                if (by_hand) {
                    Q_EMIT session_.statusChanged(tr("Saved %1").arg(name));
                }
            };
        });
    });
}

} // namespace likeness
