#include "core/tensor/noise.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ops/randn.h>

namespace likeness {

Tensor seeded_noise(const std::vector<int64_t>& shape, std::uint64_t seed) {
    return at::randn(shape, at::detail::createCPUGenerator(seed),
                     at::TensorOptions().dtype(at::kFloat));
}

} // namespace likeness
