#pragma once

#include "core/engine/engine.h"
#include "core/runner/torch_runner.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace likeness::cli {

// An engine for a program without an event loop: jobs one after another, their events brought back
// to the thread that waits for them. Ctrl+C stops the running job.
class Session {
public:
    explicit Session(const RunnerOptions& options = {});

    // Runs one job to its end; `on_event` sees its events in order, on this thread. What it throws
    // stops the job and is thrown on. Throws Error for a failed job, Cancelled for a stopped one.
    using OnEvent = std::function<void(const JobEvent&)>;
    Result run(const GenerationRequest& request, const OnEvent& on_event);

    // The same for requests that belong together; the results in their order.
    std::vector<Result> run_together(const std::vector<GenerationRequest>& requests,
                                     const OnEvent& on_event);

    // Stops the running job, as Ctrl+C does.
    void stop();

private:
    JobEvent next_event();
    std::vector<Result> wait(std::size_t jobs, const OnEvent& on_event);

    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<JobEvent> events_;
    JobId running_ = 0;
    bool stop_asked_ = false;
    Engine engine_; // last member: its thread speaks to the others
};

} // namespace likeness::cli
