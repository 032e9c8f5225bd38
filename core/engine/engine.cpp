#include "core/engine/engine.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace likeness {

namespace {

constexpr MessageWords<0> kOutOfMemory =
    words("The picture was not made: memory ran out.\nMake it smaller or close other programs.");
constexpr MessageWords<0> kInternal =
    words("The picture was not made: the program made a mistake.\nIts details are in the log.");
constexpr MessageWords<0> kTrainingOutOfMemory =
    words("The training ended: memory ran out.\nA smaller resolution or batch needs less; its last "
          "checkpoint goes on.");
constexpr MessageWords<0> kTrainingInternal =
    words("The training ended: the program made a mistake.\nIts details are in the log; its last "
          "checkpoint goes on.");

// That job's and those of as many after it.
std::set<JobId> ids(JobId first, std::size_t others) {
    std::set<JobId> all;
    for (JobId id = first; id <= first + others; ++id) {
        all.insert(id);
    }
    return all;
}

} // namespace

Engine::Engine(MakeRunner make_runner, OnEvent on_event)
    : make_runner_(std::move(make_runner)), on_event_(std::move(on_event)),
      worker_([this](const std::stop_token& stop) { work(stop); }) {}

Engine::~Engine() {
    std::deque<Job> queued;
    worker_.request_stop();
    {
        const std::lock_guard lock(mutex_);
        queued.swap(queue_);
        for (Job& job : running_) {
            job.stop.request_stop();
        }
    }
    for (const Job& job : queued) {
        for (const JobId id : ids(job.id, job.others.size())) {
            on_event_({id, Stopped{}});
        }
    }
}

JobId Engine::submit(GenerationRequest request) {
    return enqueue({.request = std::move(request)});
}

JobId Engine::submit_together(std::vector<GenerationRequest> requests) {
    Job job{.request = std::move(requests.front())};
    requests.erase(requests.begin());
    job.others = std::move(requests);
    return enqueue(std::move(job));
}

JobId Engine::prepare(GenerationRequest request) {
    return enqueue({.request = std::move(request), .prepare_only = true});
}

JobId Engine::measure(MeasureRequest request) {
    return enqueue({.request = std::move(request.request),
                    .measure = std::move(request.images),
                    .influence = request.influence});
}

JobId Engine::train(TrainingRequest request) {
    return enqueue({.train = std::make_shared<const TrainingRequest>(std::move(request))});
}

JobId Engine::check_training(TrainingRequest request) {
    return enqueue(
        {.train = std::make_shared<const TrainingRequest>(std::move(request)), .check_only = true});
}

JobId Engine::enqueue(Job job) {
    JobId id = 0;
    {
        const std::lock_guard lock(mutex_);
        id = next_id_;
        job.id = id;
        next_id_ += 1 + job.others.size();
        queue_.push_back(std::move(job));
    }
    wake_.notify_one();
    return id;
}

void Engine::cancel(JobId id) {
    std::set<JobId> queued;
    {
        const std::lock_guard lock(mutex_);
        const auto held = [id](const Job& each) { return each.holds(id); };
        const auto job = std::ranges::find_if(queue_, held);
        if (job != queue_.end()) {
            queued = ids(job->id, job->others.size());
            queue_.erase(job);
        } else if (const auto found = std::ranges::find_if(running_, held);
                   found != running_.end()) {
            found->stop.request_stop();
        }
    }
    for (const JobId each : queued) {
        on_event_({each, Stopped{}});
    }
}

void Engine::keep(JobId id) {
    const std::lock_guard lock(mutex_);
    for (const Job& job : running_) {
        if (job.id == id) {
            *job.is_kept = true;
        }
    }
}

void Engine::work(const std::stop_token& stop) {
    std::unique_ptr<Runner> runner;
    while (true) {
        Job job;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, stop, [this] { return !queue_.empty(); });
            if (stop.stop_requested()) {
                return; // what is still queued is told by the destructor
            }
            job = std::move(queue_.front());
            queue_.pop_front();
            running_.push_back(job);
        }
        perform(runner, job);
    }
}

std::optional<Engine::Job> Engine::next_beside_training() {
    const std::lock_guard lock(mutex_);
    const auto job = std::ranges::find_if(queue_, [](const Job& each) { return !each.trains(); });
    if (job == queue_.end()) {
        return std::nullopt;
    }
    Job next = std::move(*job);
    queue_.erase(job);
    running_.push_back(next);
    return next;
}

void Engine::perform(std::unique_ptr<Runner>& runner, const Job& job) {
    std::set<JobId> open = ids(job.id, job.others.size()); // those without their last event
    on_event_({job.id, Started{job.request}});
    for (std::size_t i = 0; i < job.others.size(); ++i) {
        on_event_({job.id + 1 + i, Started{job.others[i]}});
    }
    const auto failed = [&](ErrorCode code, const Message& why, const std::string& detail) {
        for (const JobId id : open) {
            on_event_({id, Failed{code, why, detail}});
        }
    };
    const MessageWords<0>& out_of_memory = job.train ? kTrainingOutOfMemory : kOutOfMemory;
    const MessageWords<0>& internal = job.train ? kTrainingInternal : kInternal;
    try {
        if (!runner) {
            runner = make_runner_();
        }
        run(runner, job, open);
    } catch (const Cancelled&) {
        for (const JobId id : open) {
            on_event_({id, Stopped{}});
        }
    } catch (const Error& error) {
        failed(error.code, error.message, error.detail);
    } catch (const std::bad_alloc&) {
        failed(ErrorCode::out_of_memory, message(out_of_memory), "std::bad_alloc");
    } catch (const std::exception& error) {
        failed(ErrorCode::internal, message(internal), error.what());
    } catch (...) {
        failed(ErrorCode::internal, message(internal), "something that is not a std::exception");
    }
    const std::lock_guard lock(mutex_);
    std::erase_if(running_, [&job](const Job& each) { return each.id == job.id; });
}

void Engine::run_together(Runner& runner, const Job& job, std::set<JobId>& open) {
    std::vector<GenerationRequest> requests{job.request};
    requests.insert(requests.end(), job.others.begin(), job.others.end());
    std::vector<Progress> progress;
    for (const JobId id : ids(job.id, job.others.size())) {
        progress.push_back(progress_of(job, id));
    }
    progress.front().check();
    runner.run_together(requests, progress, [&](std::size_t index, Result result) {
        open.erase(job.id + index);
        on_event_({job.id + index, Finished{std::move(result)}});
    });
}

Progress Engine::progress_of(const Job& job, JobId id) {
    return Progress(
        job.stop.get_token(),
        [this, id](Stepped stepped) {
            on_event_({id, std::move(stepped)});
        },
        [this, id](ImageReady ready) {
            on_event_({id, std::move(ready)});
        },
        [this, id](Planned planned) {
            on_event_({id, std::move(planned)});
        });
}

void Engine::train(std::unique_ptr<Runner>& runner, const Job& job) {
    const auto tell = [this, &job](auto news) { on_event_({job.id, std::move(news)}); };
    // The stop is a wish here: the stages around the steps throw, the steps leave a checkpoint.
    const TrainingListener listener{
        .on_step = tell,
        .on_sample = tell,
        .on_checkpoint = [tell](std::int64_t steps) { tell(CheckpointWritten{steps}); },
        .wish =
            [&] {
                while (const std::optional<Job> beside = next_beside_training()) {
                    perform(runner, *beside);
                }
                if (job.stop.stop_requested()) {
                    return TrainingWish::stop;
                }
                return *job.is_kept ? TrainingWish::keep : TrainingWish::go_on;
            }};
    Result result;
    result.training = runner->train(*job.train, progress_of(job, job.id), listener);
    result.peak_memory_bytes = result.training->peak_memory_bytes;
    result.notices = result.training->notices;
    on_event_({job.id, Finished{std::move(result)}});
}

void Engine::run(std::unique_ptr<Runner>& made, const Job& job, std::set<JobId>& open) {
    Runner& runner = *made;
    if (!job.others.empty()) {
        run_together(runner, job, open);
        return;
    }
    const Progress progress = progress_of(job, job.id);
    progress.check();
    if (job.trains()) {
        train(made, job);
    } else if (job.check_only) {
        Result result;
        result.training_check = runner.check_training(*job.train, progress);
        on_event_({job.id, Finished{std::move(result)}});
    } else if (job.measure) {
        Result result = runner.measure(
            {.request = job.request, .images = *job.measure, .influence = job.influence}, progress);
        on_event_({job.id, Finished{std::move(result)}});
    } else if (job.prepare_only) {
        runner.prepare(job.request, progress);
        on_event_({job.id, Finished{}});
    } else {
        Result result = runner.run(job.request, progress);
        on_event_({job.id, Finished{std::move(result)}});
    }
}

} // namespace likeness
