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
        on_event_({job.id, Stopped{}});
    }
}

JobId Engine::submit(GenerationRequest request) {
    return enqueue({.request = std::move(request)});
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
        id = next_id_++;
        job.id = id;
        queue_.push_back(std::move(job));
    }
    wake_.notify_one();
    return id;
}

void Engine::cancel(JobId id) {
    bool was_queued = false;
    {
        const std::lock_guard lock(mutex_);
        const auto job = std::ranges::find(queue_, id, &Job::id);
        if (job != queue_.end()) {
            queue_.erase(job);
            was_queued = true;
        } else if (id == running_id_) {
            running_stop_.request_stop();
        }
    }
    if (was_queued) {
        on_event_({id, Stopped{}});
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
            running_id_ = job.id;
            running_stop_ = job.stop;
        }
        on_event_({job.id, Started{job.request}});
        const auto failed = [&](ErrorCode code, Message why, std::string detail) {
            on_event_({job.id, Failed{code, std::move(why), std::move(detail)}});
        };
        try {
            if (!runner) {
                runner = make_runner_();
            }
            run(*runner, job);
        } catch (const Cancelled&) {
            on_event_({job.id, Stopped{}});
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
        running_id_ = 0;
        running_stop_ = {};
    }
}

void Engine::run(Runner& runner, const Job& job) {
    const Progress progress(
        job.stop.get_token(),
        [&](Stepped stepped) {
            on_event_({job.id, std::move(stepped)});
        },
        [&](ImageReady ready) {
            on_event_({job.id, std::move(ready)});
        },
        [&](Planned planned) {
            on_event_({job.id, std::move(planned)});
        });
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
