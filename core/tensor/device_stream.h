#pragma once

#include "core/tensor/tensor.h"

#include <c10/core/Event.h>
#include <c10/core/Stream.h>

#include <array>
#include <functional>
#include <optional>

namespace likeness {

// A second line of work on a device, beside the one that computes. A processor has one line only:
// there the work is done at once.
class SideStream {
public:
    explicit SideStream(at::Device device);

    // Queues the work behind all that the current stream has queued so far. What it reads must be
    // kept until it is done.
    void run(const std::function<void()>& work);

    // Whether all of it is done; never waits.
    bool is_done() const;

private:
    at::Device device_;
    std::optional<c10::Stream> stream_{};
    std::optional<c10::Event> done_{};
};

// Keeps the host one step ahead of the device at most: a stop would wait for all that is queued.
class StepPace {
public:
    explicit StepPace(at::Device device);

    // A step has been queued; returns when the one before it is done.
    void queued();

    // Returns when all of them are.
    void finish();

private:
    at::Device device_;
    std::array<std::optional<c10::Event>, 2> ends_{}; // of the last two steps, the newer first
};

// From the host to that device without waiting for it.
Tensor to_device(const Tensor& tensor, at::Device device);

} // namespace likeness
