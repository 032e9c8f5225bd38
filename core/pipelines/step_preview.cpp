#include "core/pipelines/step_preview.h"

#include "core/base/seconds_since.h"
#include "core/tensor/image_tensor.h"

#include <ATen/ops/empty.h>

#include <memory>
#include <utility>

namespace likeness {

namespace {

constexpr double kLeastSeconds =
    1.0 / 15; // between two on a GPU, whose steps are quicker than eyes

// Into memory that a device writes while the host goes on.
Tensor to_host(const Tensor& tensor) {
    if (!tensor.is_cuda()) {
        return tensor;
    }
    const auto options = at::TensorOptions().dtype(tensor.scalar_type()).pinned_memory(true);
    return at::empty(tensor.sizes(), options).copy_(tensor, /*non_blocking=*/true);
}

} // namespace

StepPreview::StepPreview(Draw draw, at::Device device, double share)
    : draw_(std::move(draw)), device_(device), share_(share), side_(device) {}

bool StepPreview::is_due() const {
    if (share_ < 1 && seconds_ > share_ * seconds_since(created_)) {
        return false;
    }
    return !device_.is_cuda() || seconds_since(last_) >= kLeastSeconds;
}

ImagePtr StepPreview::take() {
    read_ = Tensor();
    return std::make_shared<const Image>(tensor_to_image(std::exchange(drawn_, {})));
}

ImagePtr StepPreview::operator()(const Tensor& clean_latents) {
    const auto begin = Clock::now();
    ImagePtr ready = drawn_.defined() && side_.is_done() ? take() : nullptr;
    if (!drawn_.defined() && is_due()) {
        last_ = begin;
        read_ = clean_latents;
        side_.run([this] { drawn_ = to_host(draw_(read_).to(at::kFloat).contiguous()); });
        if (side_.is_done()) {
            ready = take();
        }
    }
    seconds_ += seconds_since(begin);
    return ready;
}

} // namespace likeness
