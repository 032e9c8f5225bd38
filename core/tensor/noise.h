#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>
#include <vector>

namespace likeness {

// Standard normal noise on the CPU in float32, exactly as `torch.randn(shape,
// generator=Generator().manual_seed(seed))` draws it. One call is one generator: each picture of a
// batch draws its own, with its own seed.
Tensor seeded_noise(const std::vector<int64_t>& shape, std::uint64_t seed);

// Between two noises on the sphere (spherical linear interpolation, Shoemake 1985): as far from one
// as `share` says of the angle between them. 0 gives `from` itself, 1 gives `to` itself; what lies
// between is as long as noise is, which a straight mixture would not be.
Tensor between_noises(const Tensor& from, const Tensor& to, double share);

} // namespace likeness
