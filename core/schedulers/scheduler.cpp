#include "core/schedulers/scheduler.h"

#include "core/base/check.h"

namespace likeness {

Tensor Scheduler::draw(const Tensor& like) const {
    LIKENESS_CHECK(noise_source_ != nullptr, "a stochastic scheduler needs a noise source");
    return noise_source_(like.sizes()).to(like.device(), like.scalar_type());
}

} // namespace likeness
