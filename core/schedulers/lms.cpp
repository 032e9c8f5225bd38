#include "core/schedulers/lms.h"

#include <ATen/TensorOperators.h>

#include <cmath>

namespace likeness {

namespace {

constexpr int kOrder = 4;

} // namespace

LmsScheduler::LmsScheduler(const SchedulerConfig& config, int num_inference_steps)
    : SigmaScheduler(with_plain_sigmas(without_karras_range(config)), num_inference_steps) {}

double LmsScheduler::weight(int i, int back, int order) const {
    const auto basis = [&](double at) { // 1 at the slope's own level, 0 at the others'
        double product = 1;
        for (int k = 0; k < order; ++k) {
            if (k != back) {
                product *= (at - sigma(i - k)) / (double{sigma(i - back)} - sigma(i - k));
            }
        }
        return product;
    };
    // Gauss' rule of two points is exact for polynomials up to the third degree, which these are.
    const double middle = (double{sigma(i)} + sigma(i + 1)) / 2;
    const double half = (double{sigma(i + 1)} - sigma(i)) / 2;
    const double offset = half / std::sqrt(3.0);
    return half * (basis(middle - offset) + basis(middle + offset));
}

Tensor LmsScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    std::vector<Tensor>& slopes = history_.outputs;
    slopes.push_back(derivative(noise_pred, i, sample));
    if (slopes.size() > kOrder) {
        slopes.erase(slopes.begin());
    }
    const auto order = static_cast<int>(slopes.size());
    Tensor moved = sample.to(at::kFloat);
    for (int back = 0; back < order; ++back) {
        moved = moved + weight(i, back, order) * slopes.end()[-(back + 1)];
    }
    ++history_.steps;
    return moved.to(noise_pred.scalar_type());
}

} // namespace likeness
