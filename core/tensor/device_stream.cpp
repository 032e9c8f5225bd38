#include "core/tensor/device_stream.h"

#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <utility>

namespace likeness {

namespace {

c10::Stream current_stream(at::Device device) {
    return c10::impl::VirtualGuardImpl(device.type()).getStream(device);
}

c10::Event recorded(const c10::Stream& stream) {
    c10::Event event(stream.device_type());
    event.record(stream);
    return event;
}

} // namespace

SideStream::SideStream(at::Device device) : device_(device) {
    if (device.is_cuda()) {
        stream_ = c10::impl::VirtualGuardImpl(device.type()).getNewStream(device);
    }
}

void SideStream::run(const std::function<void()>& work) {
    if (!stream_) {
        work();
        return;
    }
    recorded(current_stream(device_)).block(*stream_);
    const c10::StreamGuard guard(*stream_);
    work();
    done_ = recorded(*stream_);
}

bool SideStream::is_done() const {
    return !done_ || done_->query();
}

StepPace::StepPace(at::Device device) : device_(device) {}

void StepPace::queued() {
    if (!device_.is_cuda()) {
        return;
    }
    ends_[1] = std::move(ends_[0]);
    ends_[0] = recorded(current_stream(device_));
    if (ends_[1]) {
        ends_[1]->synchronize();
    }
}

void StepPace::finish() {
    if (ends_[0]) {
        ends_[0]->synchronize();
    }
}

Tensor to_device(const Tensor& tensor, at::Device device) {
    // Only pinned memory is copied while the host goes on.
    return device.is_cuda() && tensor.device().is_cpu()
               ? tensor.pin_memory().to(device, /*non_blocking=*/true)
               : tensor.to(device);
}

} // namespace likeness
