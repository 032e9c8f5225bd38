#pragma once

#include "core/base/message.h"
#include "core/library/database.h"
#include "core/request/comparison.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

using QueueId = std::int64_t;

// One job: pictures of one request, or a comparison.
struct QueuedJob {
    // Stopped: waits until it is resumed by hand. Done: a comparison that is remembered.
    enum class State { waiting, running, failed, stopped, done };

    QueueId id = 0;
    GenerationRequest request{}; // references by path, without pixels; of a comparison the base
    std::optional<ComparisonRecord> comparison{};
    State state = State::waiting;
    int kills = 0;     // how often the program died while it ran
    Message failure{}; // why it failed, for the screen

    bool operator==(const QueuedJob&) const = default;
};

// The jobs that are still to be made, in their order, kept on disk: every change is there, synced,
// when the call returns, so that a kill loses none. For one thread. Throws Error{write_failed}
// where the disk refuses; the change then did not happen.
class JobQueue {
public:
    // A job that ran in so many programs that died counts as failed, so that it stops nothing more.
    static constexpr int kMostKills = 2;

    // Reads the file where there is one. What ran when the program died waits again. A file that is
    // damaged is moved aside to "<file>.damaged", which problem() tells.
    explicit JobQueue(const std::filesystem::path& file);

    const std::vector<QueuedJob>& jobs() const { return jobs_; }

    bool paused() const { return paused_; }

    // What could not be read at the start; empty: all could.
    const Message& problem() const { return problem_; }

    // The first that waits; none while paused or while one runs.
    std::optional<QueuedJob> next() const;

    // At the end.
    QueueId add(const GenerationRequest& request, std::optional<ComparisonRecord> comparison = {});
    void remove(QueueId id);
    void move(QueueId id, std::size_t place); // to that place of jobs()
    void pause(bool paused);

    void start(QueueId id);
    void finish(QueueId id);                       // it is done and leaves the queue
    void fail(QueueId id, const std::string& why); // as it is shown
    void retry(QueueId id);                        // a failed or stopped one waits again
    void put_back(QueueId id); // the program ends as it should: what runs waits again
    void stop(QueueId id);

    // A comparison came further: it waits for its next pane, or is done. How often the program died
    // is counted anew.
    void keep(QueueId id, const ComparisonRecord& comparison, bool done);

private:
    void open(const std::filesystem::path& file);
    void read();
    QueuedJob& job(QueueId id);
    void set_state(QueueId id, QueuedJob::State state, int kills, const std::string& failure);

    std::optional<Database> database_{};
    std::vector<QueuedJob> jobs_{};
    bool paused_ = false;
    Message problem_{};
};

} // namespace likeness
