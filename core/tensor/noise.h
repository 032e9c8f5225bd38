#pragma once

#include "core/tensor/tensor.h"

#include <ATen/core/Generator.h>

#include <cstdint>
#include <vector>

namespace likeness {

// Standard normal noise on the CPU in float32, exactly as `torch.randn(shape,
// generator=Generator().manual_seed(seed))` draws it. One call is one generator: each picture of a
// batch draws its own, with its own seed.
Tensor seeded_noise(const std::vector<int64_t>& shape, std::uint64_t seed);

// One generator's noises, one after the other, as `torch.randn(shape, generator=generator)` draws
// them again and again.
class NoiseStream {
public:
    explicit NoiseStream(std::uint64_t seed);

    // Standard normal, on the CPU in float32.
    Tensor draw(at::IntArrayRef shape);

private:
    at::Generator generator_;
};

// Between two noises on the sphere (spherical linear interpolation, Shoemake 1985): as far from one
// as `share` says of the angle between them. 0 gives `from` itself, 1 gives `to` itself; what lies
// between is as long as noise is, which a straight mixture would not be.
Tensor between_noises(const Tensor& from, const Tensor& to, double share);

} // namespace likeness
