#include "ui/model/queue_journal.h"

#include "ui/model/paths.h"
#include "ui/model/words.h"

#include <filesystem>
#include <utility>

namespace likeness {

QueueJournal::QueueJournal(QObject* parent) : QObject(parent) {
    pool_.setMaxThreadCount(1); // one after the other, in the order of the wishes
}

QueueJournal::~QueueJournal() {
    pool_.waitForDone();
}

void QueueJournal::post(const std::function<void(File&)>& change,
                        const std::function<void()>& then) {
    if (!open_) {
        if (then) {
            then();
        }
        return;
    }
    pool_.start([this, change, then, file = file_] {
        const QString why = reasonOf([&] {
            if (file->queue) { // else it could not be opened, which was told
                change(*file);
            }
        });
        if (!std::exchange(file->refusing, !why.isEmpty()) && !why.isEmpty()) {
            QMetaObject::invokeMethod(
                this, [this, why] { Q_EMIT refused(why); }, Qt::QueuedConnection);
        }
        if (then) {
            QMetaObject::invokeMethod(this, then, Qt::QueuedConnection);
        }
    });
}

void QueueJournal::open(const QString& path, quint64 first_key,
                        const std::function<void(const Kept&)>& opened) {
    open_ = true;
    pool_.start([this, path, first_key, opened, file = file_] {
        Kept kept;
        const QString why = reasonOf([&] {
            const std::filesystem::path place = toPath(path);
            std::filesystem::create_directories(place.parent_path());
            if (!file->lock.take(toPath(path + QStringLiteral(".lock")))) {
                kept.problem = tr("Another window keeps the queue: what waits here ends with this "
                                  "window");
                return;
            }
            file->queue = std::make_unique<JobQueue>(place);
            kept.jobs = file->queue->jobs();
            kept.paused = file->queue->paused();
            kept.problem = inWords(file->queue->problem());
            quint64 key = first_key;
            for (const QueuedJob& job : kept.jobs) {
                file->ids[key++] = job.id;
            }
        });
        QMetaObject::invokeMethod(
            this,
            [this, opened, kept, why] {
                opened(kept);
                if (!why.isEmpty()) {
                    Q_EMIT refused(why);
                }
            },
            Qt::QueuedConnection);
    });
}

void QueueJournal::add(quint64 key, const GenerationRequest& request,
                       const std::optional<ComparisonRecord>& comparison) {
    post([key, request, comparison](File& file) {
        file.ids[key] = file.queue->add(request, comparison);
    });
}

void QueueJournal::start(quint64 key) {
    post([key](File& file) { file.queue->start(file.ids.at(key)); });
}

void QueueJournal::finish(quint64 key) {
    post([key](File& file) {
        file.queue->finish(file.ids.at(key));
        file.ids.erase(key);
    });
}

void QueueJournal::fail(quint64 key, const QString& why) {
    post([key, why](File& file) { file.queue->fail(file.ids.at(key), why.toStdString()); });
}

void QueueJournal::retry(quint64 key) {
    post([key](File& file) { file.queue->retry(file.ids.at(key)); });
}

void QueueJournal::stop(quint64 key) {
    post([key](File& file) { file.queue->stop(file.ids.at(key)); });
}

void QueueJournal::putBack(quint64 key) {
    post([key](File& file) {
        if (const auto id = file.ids.find(key); id != file.ids.end()) { // else it was removed
            file.queue->put_back(id->second);
        }
    });
}

void QueueJournal::keep(quint64 key, const ComparisonRecord& comparison, bool done,
                        const std::function<void()>& then) {
    post(
        [key, comparison, done](File& file) {
            if (const auto id = file.ids.find(key); id != file.ids.end()) { // else it was removed
                file.queue->keep(id->second, comparison, done);
            }
        },
        then);
}

void QueueJournal::move(quint64 key, quint64 before) {
    post([key, before](File& file) {
        const QueueId moved = file.ids.at(key);
        const auto next = file.ids.find(before);
        std::size_t place = 0;
        for (const QueuedJob& job : file.queue->jobs()) {
            if (next != file.ids.end() && job.id == next->second) {
                break;
            }
            place += job.id == moved ? 0 : 1;
        }
        file.queue->move(moved, place);
    });
}

void QueueJournal::pause(bool paused) {
    post([paused](File& file) { file.queue->pause(paused); });
}

} // namespace likeness
