#include "core/schedulers/scheduler.h"

#include <ATen/TensorOperators.h>

namespace likeness {

Tensor Scheduler::add_noise(const Tensor& clean, const Tensor& noise, int i,
                            const Tensor& alphas_cumprod) const {
    const auto timestep = static_cast<int64_t>(timesteps().at(static_cast<std::size_t>(i)));
    const Tensor alpha = alphas_cumprod[timestep].to(clean.scalar_type());
    return alpha.sqrt() * clean + (1 - alpha).sqrt() * noise;
}

} // namespace likeness
