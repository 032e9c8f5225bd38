#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>
#include <vector>

namespace likeness {

// Standard normal noise on the CPU in float32, exactly as `torch.randn(shape,
// generator=Generator().manual_seed(seed))` draws it. One call is one generator: each picture of a
// batch draws its own, with its own seed.
Tensor seeded_noise(const std::vector<int64_t>& shape, std::uint64_t seed);

} // namespace likeness
