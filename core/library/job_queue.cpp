#include "core/library/job_queue.h"

#include "core/base/error.h"
#include "core/request/json.h"
#include "core/request/resolve.h"

#include <algorithm>

namespace likeness {

namespace {

using State = QueuedJob::State;

constexpr const char* kTables = R"sql(
CREATE TABLE IF NOT EXISTS jobs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    place INTEGER NOT NULL,
    state INTEGER NOT NULL,
    kills INTEGER NOT NULL,
    failure TEXT NOT NULL,
    request TEXT NOT NULL,
    comparison TEXT NOT NULL DEFAULT ''
);
CREATE TABLE IF NOT EXISTS queue (paused INTEGER NOT NULL);
INSERT INTO queue SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM queue);
)sql";

// Of a job that failed. Nobody wrote down why where the program died each time.
Message failure_of(const std::string& written, int kills) {
    return written.empty() ? message("The program ended {} times while it was made.", kills)
                           : verbatim(written);
}

} // namespace

JobQueue::JobQueue(const std::filesystem::path& file) {
    try {
        open(file);
    } catch (const Error& error) {
        if (error.code != ErrorCode::file_damaged) {
            throw;
        }
        database_.reset();
        move_aside(file);
        problem_ = message("The queue could not be read; it lies in {}.damaged now.",
                           file.filename().string());
        open(file);
    }
}

void JobQueue::open(const std::filesystem::path& file) {
    database_.emplace(file);
    database_->run(kTables);
    Statement column(*database_, "SELECT count(*) FROM pragma_table_info('jobs') WHERE name = ?1");
    if (column.bind(1, std::string_view("comparison")).step() && column.number(0) == 0) {
        column.reset(); // a file from before there were comparisons
        database_->run("ALTER TABLE jobs ADD COLUMN comparison TEXT NOT NULL DEFAULT ''");
    }
    // What ran when the program died.
    Statement(*database_,
              "UPDATE jobs SET kills = kills + 1, state = CASE WHEN kills + 1 < ?1 THEN "
              "?2 ELSE ?3 END, failure = '' WHERE state = ?4")
        .bind(1, kMostKills)
        .bind(2, static_cast<int>(State::waiting))
        .bind(3, static_cast<int>(State::failed))
        .bind(4, static_cast<int>(State::running))
        .finish();
    read();
}

void JobQueue::read() {
    jobs_.clear();
    Statement list(*database_, "SELECT id, state, kills, failure, request, comparison FROM jobs "
                               "ORDER BY place, id");
    while (list.step()) {
        QueuedJob job{.id = list.number(0),
                      .state = static_cast<State>(std::clamp<std::int64_t>(list.number(1), 0, 4)),
                      .kills = static_cast<int>(list.number(2))};
        job.failure = job.state == State::failed ? failure_of(list.text(3), job.kills) : Message{};
        try {
            job.request = request_from_json(list.text(4));
            if (const std::string comparison = list.text(5); !comparison.empty()) {
                job.comparison = comparison_record_from_json(comparison);
            }
        } catch (const Error& error) { // of another version: shown, never run
            job.state = State::failed;
            job.failure = error.message;
        }
        jobs_.push_back(std::move(job));
    }
    Statement queue(*database_, "SELECT paused FROM queue");
    paused_ = queue.step() && queue.number(0) != 0;
}

std::optional<QueuedJob> JobQueue::next() const {
    const auto of = [this](State state) {
        return std::ranges::find(jobs_, state, &QueuedJob::state);
    };
    const auto waiting = of(State::waiting);
    return paused_ || of(State::running) != jobs_.end() || waiting == jobs_.end()
               ? std::nullopt
               : std::optional(*waiting);
}

QueueId JobQueue::add(const GenerationRequest& request,
                      std::optional<ComparisonRecord> comparison) {
    QueuedJob job{.request = without_pixels(request), .comparison = std::move(comparison)};
    Statement(*database_, "INSERT INTO jobs (place, state, kills, failure, request, comparison) "
                          "SELECT coalesce(max(place), 0) + 1, 0, 0, '', ?1, ?2 FROM jobs")
        .bind(1, to_json(job.request))
        .bind(2, job.comparison ? to_json(*job.comparison) : std::string())
        .finish();
    job.id = database_->last_row();
    jobs_.push_back(job);
    return job.id;
}

QueuedJob& JobQueue::job(QueueId id) {
    const auto found = std::ranges::find(jobs_, id, &QueuedJob::id);
    if (found == jobs_.end()) {
        throw Error(ErrorCode::file_missing, message("The job is not in the queue any more."));
    }
    return *found;
}

void JobQueue::remove(QueueId id) {
    job(id);
    Statement(*database_, "DELETE FROM jobs WHERE id = ?1").bind(1, id).finish();
    std::erase_if(jobs_, [id](const QueuedJob& each) { return each.id == id; });
}

void JobQueue::finish(QueueId id) {
    remove(id);
}

void JobQueue::move(QueueId id, std::size_t place) {
    const QueuedJob moved = job(id);
    auto order = jobs_;
    std::erase_if(order, [id](const QueuedJob& each) { return each.id == id; });
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(std::min(place, order.size())), moved);
    Transaction transaction(*database_);
    Statement put(*database_, "UPDATE jobs SET place = ?1 WHERE id = ?2");
    for (std::size_t i = 0; i < order.size(); ++i) {
        put.bind(1, static_cast<std::int64_t>(i) + 1).bind(2, order[i].id).finish();
    }
    transaction.commit();
    jobs_ = std::move(order);
}

void JobQueue::pause(bool paused) {
    Statement(*database_, "UPDATE queue SET paused = ?1").bind(1, paused ? 1 : 0).finish();
    paused_ = paused;
}

void JobQueue::set_state(QueueId id, State state, int kills, const std::string& failure) {
    QueuedJob& changed = job(id);
    Statement(*database_, "UPDATE jobs SET state = ?1, kills = ?2, failure = ?3 WHERE id = ?4")
        .bind(1, static_cast<int>(state))
        .bind(2, kills)
        .bind(3, failure)
        .bind(4, id)
        .finish();
    changed.state = state;
    changed.kills = kills;
    changed.failure = state == State::failed ? failure_of(failure, kills) : Message{};
}

void JobQueue::start(QueueId id) {
    set_state(id, State::running, job(id).kills, "");
}

void JobQueue::fail(QueueId id, const std::string& why) {
    set_state(id, State::failed, job(id).kills, why);
}

void JobQueue::retry(QueueId id) {
    set_state(id, State::waiting, 0, "");
}

void JobQueue::put_back(QueueId id) {
    if (const QueuedJob& running = job(id); running.state == State::running) {
        set_state(id, State::waiting, running.kills, "");
    }
}

void JobQueue::stop(QueueId id) {
    set_state(id, State::stopped, job(id).kills, "");
}

void JobQueue::keep(QueueId id, const ComparisonRecord& comparison, bool done) {
    QueuedJob& kept = job(id);
    const State state = done                           ? State::done
                        : kept.state == State::running ? State::waiting
                                                       : kept.state;
    Transaction transaction(*database_);
    Statement(*database_, "UPDATE jobs SET comparison = ?1 WHERE id = ?2")
        .bind(1, to_json(comparison))
        .bind(2, id)
        .finish();
    set_state(id, state, 0, kept.failure.text());
    transaction.commit();
    kept.comparison = comparison;
}

} // namespace likeness
