#include "core/schedulers/scheduler.h"

#include "core/base/check.h"
#include "core/tensor/device_stream.h"

namespace likeness {

Tensor Scheduler::draw(const Tensor& like) const {
    LIKENESS_CHECK(noise_source_ != nullptr, "a stochastic scheduler needs a noise source");
    return to_device(noise_source_(like.sizes()), like.device()).to(like.scalar_type());
}

} // namespace likeness
