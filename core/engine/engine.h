#pragma once

#include "core/engine/runner.h"
#include "core/request/job_event.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <thread>
#include <vector>

namespace likeness {

// Owns the worker. Safe to call from any thread; never blocks but for the destructor, which stops
// the running job at its next step and joins. Events are delivered on the worker thread; Stopped of
// a job that was still queued on the thread that cancelled it or that destroys the engine.
class Engine {
public:
    using MakeRunner = std::function<std::unique_ptr<Runner>()>;
    using OnEvent = std::function<void(JobEvent)>; // must not throw; may call submit and cancel

    Engine(MakeRunner make_runner, OnEvent on_event);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Makes a picture.
    JobId submit(GenerationRequest request);

    // Makes pictures that belong together: a job each, one id after the other from the one given,
    // whose steps may come side by side. Stopping one stops all.
    JobId submit_together(std::vector<GenerationRequest> requests);

    // The same job up to denoising; Finished carries no image.
    JobId prepare(GenerationRequest request);

    // Measures pictures; Finished carries the measurements and no image.
    JobId measure(MeasureRequest request);

    // Trains; Finished carries the training's result. Other jobs are done between its steps;
    // another training waits for its end.
    JobId train(TrainingRequest request);

    // Looks at what a training would learn from; Finished carries the check.
    JobId check_training(TrainingRequest request);

    // Stops that job: at once while it is queued, at its next step while it runs; a training leaves
    // its checkpoint. Nothing happens for a job that is over or never was.
    void cancel(JobId id);

    // Ends a running training after its step: what is learned by then is its result.
    void keep(JobId id);

private:
    struct Job {
        JobId id = 0;
        GenerationRequest request{};
        bool prepare_only = false;
        std::optional<std::vector<ImagePtr>> measure{}; // these, against the request
        bool influence = false;                         // of a measuring job
        std::shared_ptr<const TrainingRequest> train{}; // this, and no picture
        bool check_only = false;                        // of a training
        std::vector<GenerationRequest> others{}; // jobs of the next ids that go with this one
        std::stop_source stop{};
        std::shared_ptr<std::atomic<bool>> is_kept = std::make_shared<std::atomic<bool>>(false);

        bool holds(JobId wanted) const { return wanted >= id && wanted - id <= others.size(); }

        bool trains() const { return train && !check_only; }
    };

    JobId enqueue(Job job);
    void work(const std::stop_token& stop);
    void perform(std::unique_ptr<Runner>& runner, const Job& job);
    // What waits and may be done between the steps of a training.
    std::optional<Job> next_beside_training();
    void train(std::unique_ptr<Runner>& runner, const Job& job);
    void run(std::unique_ptr<Runner>& runner, const Job& job, std::set<JobId>& open);
    void run_together(Runner& runner, const Job& job, std::set<JobId>& open);
    Progress progress_of(const Job& job, JobId id);

    MakeRunner make_runner_;
    OnEvent on_event_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Job> queue_;
    JobId next_id_ = 1;
    std::vector<Job> running_{}; // a training, and what is done between its steps
    std::jthread worker_;        // last member: starts when the rest exists, joins before it goes
};

} // namespace likeness
