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
        running_stop_.request_stop();
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
        const auto job =
            std::ranges::find_if(queue_, [id](const Job& each) { return each.holds(id); });
        if (job != queue_.end()) {
            queued = ids(job->id, job->others.size());
            queue_.erase(job);
        } else if (running_ids_.contains(id)) {
            running_stop_.request_stop();
        }
    }
    for (const JobId each : queued) {
        on_event_({each, Stopped{}});
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
            running_ids_ = ids(job.id, job.others.size());
            running_stop_ = job.stop;
        }
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
        try {
            if (!runner) {
                runner = make_runner_();
            }
            run(*runner, job, open);
        } catch (const Cancelled&) {
            for (const JobId id : open) {
                on_event_({id, Stopped{}});
            }
        } catch (const Error& error) {
            failed(error.code, error.message, error.detail);
        } catch (const std::bad_alloc&) {
            failed(ErrorCode::out_of_memory, message(kOutOfMemory), "std::bad_alloc");
        } catch (const std::exception& error) {
            failed(ErrorCode::internal, message(kInternal), error.what());
        } catch (...) {
            failed(ErrorCode::internal, message(kInternal),
                   "something that is not a std::exception");
        }
        const std::lock_guard lock(mutex_);
        running_ids_.clear();
        running_stop_ = {};
    }
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

void Engine::run(Runner& runner, const Job& job, std::set<JobId>& open) {
    if (!job.others.empty()) {
        run_together(runner, job, open);
        return;
    }
    const Progress progress = progress_of(job, job.id);
    progress.check();
    if (job.measure) {
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
