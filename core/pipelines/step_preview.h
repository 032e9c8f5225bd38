#pragma once

#include "core/image/image.h"
#include "core/tensor/device_stream.h"

#include <chrono>
#include <functional>

namespace likeness {

// The previews of one picture's steps. On a GPU they are drawn beside the steps that go on
// meanwhile, one at a time: a step carries the last one that is done, or none, and nothing waits.
class StepPreview {
public:
    // (clean latents) -> [1, 3, h, w] in 0..1, on the latents' device.
    using Draw = std::function<Tensor(const Tensor&)>;

    // `share`: how much of the time since now may be spent on them; 1: any.
    StepPreview(Draw draw, at::Device device, double share);

    ImagePtr operator()(const Tensor& clean_latents);

    // The host's, on all of them.
    double seconds() const { return seconds_; }

private:
    using Clock = std::chrono::steady_clock;

    bool is_due() const;
    ImagePtr take();

    Draw draw_;
    at::Device device_;
    double share_;
    SideStream side_;
    Tensor read_{};  // by what is being drawn
    Tensor drawn_{}; // in the host's memory; undefined: nothing is being drawn
    Clock::time_point created_ = Clock::now();
    Clock::time_point last_{};
    double seconds_ = 0;
};

} // namespace likeness
