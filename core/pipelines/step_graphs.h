#pragma once

#include "core/models/unet_2d_condition.h"
#include "core/tensor/captured_work.h"

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace likeness {

// One call of a UNet.
struct UNetCall {
    Tensor sample{};    // [B, in_channels, h, w]
    Tensor timesteps{}; // [1], on the device
    std::shared_ptr<const AttentionContext> context{};
    AddedConditions added{};
};

// Records the call of a UNet for each combination of shapes, and replays it from then on: the
// launches of a step cost more time than its arithmetic on a fast device. The first call of a
// combination is run as it is (kernels are loaded and chosen then), the second recorded. What the
// call reads is copied into memory of the recording's own: keys and values when they change, the
// rest each time.
class StepGraphs {
public:
    using Capture = std::function<std::unique_ptr<CapturedWork>(at::Device device,
                                                                const std::function<void()>& work)>;

    // Without `capture`, and after it failed once, every call is run as it is.
    explicit StepGraphs(Capture capture = {});
    ~StepGraphs();
    StepGraphs(StepGraphs&&) noexcept;
    StepGraphs& operator=(StepGraphs&&) noexcept;

    // unet(call), to the last bit on a device whose kernels are the same each time; the caller's
    // own.
    Tensor operator()(const UNet2DCondition& unet, const UNetCall& call);

    // Recordings hold on to the memory of the network they were made of.
    void forget();

    // Recordings kept.
    std::size_t size() const;

    // Why no more are made; empty: nothing failed.
    const std::string& failure() const { return failure_; }

private:
    struct Recording;

    Capture capture_;
    std::string failure_;
    std::list<Recording> recordings_; // the most recently used first
};

} // namespace likeness
