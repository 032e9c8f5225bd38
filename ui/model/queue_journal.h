#pragma once

#include "core/base/file_lock.h"
#include "core/library/job_queue.h"

#include <QObject>
#include <QThreadPool>

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace likeness {

// The queue's file, written on a thread of its own in the order of the wishes, so that the window
// never waits for a disk. Jobs are named by the window's own keys.
class QueueJournal : public QObject {
    Q_OBJECT

public:
    // What the file held: the jobs in their order, and whether the queue was paused.
    struct Kept {
        std::vector<QueuedJob> jobs{};
        bool paused = false;
        QString problem{}; // what could not be read
    };

    explicit QueueJournal(QObject* parent = nullptr);
    ~QueueJournal() override; // waits for what is being written

    // Opens the file and gives what it holds, by keys from `first_key` on. Where another program
    // has it nothing is read and nothing kept, which is told as its problem.
    void open(const QString& file, quint64 first_key,
              const std::function<void(const Kept&)>& opened);

    void add(quint64 key, const GenerationRequest& request,
             const std::optional<ComparisonRecord>& comparison = {});
    void start(quint64 key);
    void finish(quint64 key); // done, stopped or removed by hand
    void fail(quint64 key, const QString& why);
    void retry(quint64 key); // also of one that was stopped
    void stop(quint64 key);
    void putBack(quint64 key); // it waits again where it runs

    // How far a comparison is; `then` comes when that is on the disk, or will not be.
    void keep(quint64 key, const ComparisonRecord& comparison, bool done,
              const std::function<void()>& then = {});
    void move(quint64 key, quint64 before); // 0: to the end
    void pause(bool paused);

Q_SIGNALS:
    void refused(const QString& why); // the disk would not take a change; said once in a row

private:
    // What only the writing thread touches.
    struct File {
        FileLock lock{}; // beside the file: one program keeps it
        std::unique_ptr<JobQueue> queue{};
        std::map<quint64, QueueId> ids{};
        bool refusing = false;
    };

    void post(const std::function<void(File&)>& change, const std::function<void()>& then = {});

    std::shared_ptr<File> file_ = std::make_shared<File>();
    bool open_ = false;
    QThreadPool pool_;
};

} // namespace likeness
