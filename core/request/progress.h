#pragma once

#include "core/base/error.h"
#include "core/request/job_event.h"

#include <functional>
#include <stop_token>
#include <utility>

namespace likeness {

// How a running job speaks to the outside: news out, the wish to stop in. A value; cheap to copy.
// Standard C++ only.
class Progress {
public:
    using OnEvent = std::function<void(Stepped)>;
    using OnImage = std::function<void(ImageReady)>;
    using OnPlan = std::function<void(Planned)>;

    Progress() = default;

    Progress(std::stop_token stop, OnEvent on_step, OnImage on_image = {}, OnPlan on_plan = {})
        : stop_(std::move(stop)), on_step_(std::move(on_step)), on_image_(std::move(on_image)),
          on_plan_(std::move(on_plan)) {}

    // Throws Cancelled when the job was stopped. Called before each stage, after each step, between
    // tensors while loading.
    void check() const {
        if (stop_.stop_requested()) {
            throw Cancelled{};
        }
    }

    // Reports, then checks.
    void step(Stepped stepped) const {
        if (on_step_) {
            on_step_(std::move(stepped));
        }
        check();
    }

    void image(ImageReady ready) const {
        if (on_image_) {
            on_image_(std::move(ready));
        }
    }

    void plan(Planned planned) const {
        if (on_plan_) {
            on_plan_(std::move(planned));
        }
    }

    // The same with another who hears of images.
    Progress with_images(OnImage on_image) const {
        Progress other = *this;
        other.on_image_ = std::move(on_image);
        return other;
    }

    bool wants_steps() const { return static_cast<bool>(on_step_); }

private:
    std::stop_token stop_{};
    OnEvent on_step_{};
    OnImage on_image_{};
    OnPlan on_plan_{};
};

} // namespace likeness
