#include "core/training/ema.h"

#include "core/base/check.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_lerp.h>

#include <algorithm>
#include <cmath>

namespace likeness {

double ema_decay(std::int64_t step, std::int64_t planned_steps) {
    const double half_life = std::max(0.03 * static_cast<double>(planned_steps), 1.0);
    const double n = static_cast<double>(step);
    return std::min(std::pow(0.5, 1.0 / half_life), (1.0 + n) / (10.0 + n));
}

Ema::Ema(const TensorMap& parameters) {
    for (const auto& [name, parameter] : parameters) {
        average_[name] = parameter.detach().clone();
    }
}

void Ema::update(const TensorMap& parameters, double decay) {
    const at::NoGradGuard no_grad;
    std::vector<Tensor> averages, values;
    for (const auto& [name, average] : average_) {
        averages.push_back(average);
        values.push_back(parameters.at(name).detach());
    }
    at::_foreach_lerp_(averages, values, 1.0 - decay);
}

void Ema::load(const TensorMap& average) {
    for (auto& [name, tensor] : average_) {
        const auto found = average.find(name);
        LIKENESS_CHECK(found != average.end() && found->second.sizes() == tensor.sizes(), name);
        tensor.copy_(found->second);
    }
}

} // namespace likeness
