#include "app/cli/session.h"

#include "app/cli/interrupt.h"

#include <chrono>
#include <exception>
#include <utility>
#include <variant>

namespace likeness::cli {

namespace {

using namespace std::chrono_literals;

constexpr auto kLookForInterrupt = 20ms; // a signal wakes no condition variable

} // namespace

Session::Session(const RunnerOptions& options)
    : engine_([options] { return make_torch_runner(options); },
              [this](JobEvent event) {
                  {
                      const std::lock_guard lock(mutex_);
                      events_.push_back(std::move(event));
                  }
                  arrived_.notify_one();
              }) {}

JobEvent Session::next_event() {
    std::unique_lock lock(mutex_);
    while (!arrived_.wait_for(lock, kLookForInterrupt, [this] { return !events_.empty(); })) {
        if (interrupted() && !stop_asked_) {
            lock.unlock();
            stop();
            lock.lock();
        }
    }
    JobEvent event = std::move(events_.front());
    events_.pop_front();
    return event;
}

void Session::stop() {
    stop_asked_ = true;
    engine_.cancel(running_);
}

Result Session::run(const GenerationRequest& request, const OnEvent& on_event) {
    check_interrupted();
    stop_asked_ = false;
    running_ = engine_.submit(request);
    return std::move(wait(1, on_event).front());
}

std::vector<Result> Session::run_together(const std::vector<GenerationRequest>& requests,
                                          const OnEvent& on_event) {
    check_interrupted();
    stop_asked_ = false;
    running_ = engine_.submit_together(requests);
    return wait(requests.size(), on_event);
}

std::vector<Result> Session::wait(std::size_t jobs, const OnEvent& on_event) {
    std::vector<Result> results(jobs);
    std::size_t over = 0;
    std::exception_ptr trouble; // of on_event
    std::exception_ptr end;     // of the first job that was not finished
    while (over < jobs) {
        JobEvent event = next_event();
        if (interrupted() && !stop_asked_) {
            stop();
        }
        if (!trouble) {
            try {
                on_event(event);
            } catch (const Error&) {
                trouble = std::current_exception();
                stop();
            }
        }
        if (const auto* failed = std::get_if<Failed>(&event.what)) {
            ++over;
            end =
                end ? end
                    : std::make_exception_ptr(Error(failed->code, failed->message, failed->detail));
        } else if (std::holds_alternative<Stopped>(event.what)) {
            ++over;
            end = end ? end : std::make_exception_ptr(Cancelled{});
        } else if (auto* finished = std::get_if<Finished>(&event.what)) {
            ++over;
            results[event.job - running_] = std::move(finished->result);
        }
    }
    if (trouble || end) {
        std::rethrow_exception(trouble ? trouble : end);
    }
    return results;
}

} // namespace likeness::cli
