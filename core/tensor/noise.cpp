#include "core/tensor/noise.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <cmath>

namespace likeness {

Tensor seeded_noise(const std::vector<int64_t>& shape, std::uint64_t seed) {
    return NoiseStream(seed).draw(shape);
}

NoiseStream::NoiseStream(std::uint64_t seed) : generator_(at::detail::createCPUGenerator(seed)) {}

Tensor NoiseStream::draw(at::IntArrayRef shape) {
    return at::randn(shape, generator_, at::TensorOptions().dtype(at::kFloat));
}

Tensor between_noises(const Tensor& from, const Tensor& to, double share) {
    if (share <= 0 || share >= 1) {
        return share <= 0 ? from : to;
    }
    const double cosine = ((from * to).sum() / (from.norm() * to.norm())).item<double>();
    const double angle = std::acos(std::clamp(cosine, -1.0, 1.0));
    constexpr double kStraight = 1e-4; // below this angle both formulas agree and one divides by 0
    if (angle < kStraight) {
        return (1 - share) * from + share * to;
    }
    return (std::sin((1 - share) * angle) * from + std::sin(share * angle) * to) / std::sin(angle);
}

} // namespace likeness
