#include "core/schedulers/euler.h"

#include <ATen/TensorOperators.h>

namespace likeness {

Tensor EulerScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    const Tensor slope = derivative(noise_pred, i, sample);
    ++history_.steps;
    return (sample.to(at::kFloat) + slope * (sigma(i + 1) - sigma(i))).to(noise_pred.scalar_type());
}

} // namespace likeness
