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
    std::exception_ptr trouble; // of on_event
    running_ = engine_.submit(request);
    while (true) {
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
        const bool over = std::holds_alternative<Finished>(event.what) ||
                          std::holds_alternative<Stopped>(event.what) ||
                          std::holds_alternative<Failed>(event.what);
        if (over && trouble) {
            std::rethrow_exception(trouble);
        }
        if (auto* failed = std::get_if<Failed>(&event.what)) {
            throw Error(failed->code, failed->message, failed->detail);
        }
        if (std::holds_alternative<Stopped>(event.what)) {
            throw Cancelled{};
        }
        if (auto* finished = std::get_if<Finished>(&event.what)) {
            return std::move(finished->result);
        }
    }
}

} // namespace likeness::cli
