#pragma once

#include "core/tensor/tensor.h"

#include <functional>
#include <memory>

namespace likeness {

// Work on a device that was recorded once and is started whole again, with one launch in place of
// thousands (CUDA graphs). It reads and writes the memory it was recorded with.
class CapturedWork {
public:
    virtual ~CapturedWork() = default;
    // Queues it on the current stream.
    virtual void replay() = 0;
};

// Records that work; what it makes has no values before the first replay. The work must have run
// once as it is, and may neither wait for the device nor read from it. Throws Error{internal} where
// the device cannot record, c10::Error where the work cannot be.
std::unique_ptr<CapturedWork> capture_cuda(at::Device device, const std::function<void()>& work);

// Whether capture_cuda() can be had.
bool can_capture_cuda();

} // namespace likeness
