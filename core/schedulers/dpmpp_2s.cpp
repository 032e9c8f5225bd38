#include "core/schedulers/dpmpp_2s.h"

#include "core/base/check.h"
#include "core/schedulers/clean_sample.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

// The fields that diffusers' class has: its timesteps are always evenly spaced, and Karras' are
// rounded whatever the betas are.
SchedulerConfig own_fields(SchedulerConfig config) {
    config.timestep_spacing = TimestepSpacing::linspace;
    config.rescale_betas_zero_snr = false;
    return config;
}

// Whole steps of 1, 2, ... `order` stages; what is left at the end, of fewer.
std::vector<int> orders_of(int calls, int order, bool lower_order_final, bool ends_at_zero) {
    std::vector<int> orders;
    for (int i = 0; i < calls; ++i) {
        orders.push_back(i % order + 1);
    }
    if (lower_order_final && order == 3 && calls % 3 == 0) {
        orders.back() = 1; // ... 1 2, 1
    } else if (lower_order_final && order == 2 && calls % 2 == 0) {
        orders.back() = 1; // ... 1, 1
    }
    if (ends_at_zero) {
        orders.back() = 1;
    }
    return orders;
}

} // namespace

DpmppSinglestepScheduler::DpmppSinglestepScheduler(const SchedulerConfig& config,
                                                   int num_inference_steps)
    : schedule_(vp_schedule(own_fields(config), num_inference_steps, VpSolver::dpmpp_2s)),
      prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)),
      solver_order_(config.solver_order.value_or(2)),
      is_heun_(config.solver_type == SolverType::heun) {
    const bool ends_at_zero = config.final_sigmas_type == FinalSigmas::zero;
    const bool lowers = config.lower_order_final.value_or(false) || ends_at_zero ||
                        num_inference_steps % solver_order_ != 0;
    orders_ = orders_of(num_inference_steps, solver_order_, lowers, ends_at_zero);
}

Tensor DpmppSinglestepScheduler::add_noise(const Tensor& clean, const Tensor& noise, int i,
                                           const Tensor&) const {
    const VpLevel at = level(i);
    return at.alpha * clean + at.sigma * noise;
}

Tensor DpmppSinglestepScheduler::denoised(const Tensor& noise_pred, int i,
                                          const Tensor& sample) const {
    const VpLevel at = level(i);
    return clean_sample(prediction_type_, {at.alpha, at.sigma}, noise_pred, sample);
}

// The exponential integral of a polynomial through the clean samples of this step's calls, in
// lambda, from where the step began.
Tensor DpmppSinglestepScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    std::vector<Tensor>& outputs = history_.outputs;
    outputs.push_back(denoised(noise_pred, i, sample));
    if (outputs.size() > static_cast<std::size_t>(solver_order_)) {
        outputs.erase(outputs.begin());
    }
    const int order =
        std::min(orders_.at(static_cast<std::size_t>(i)), static_cast<int>(outputs.size()));
    if (order == 1) {
        history_.sample = sample;
    }
    const VpLevel from = level(i + 1 - order);
    const VpLevel to = level(i + 1);
    const float h = to.lambda - from.lambda;
    const float grown = std::exp(-h) - 1.0F; // -1 .. 0
    const Tensor& first = outputs.end()[-order];
    Tensor moved = to.sigma / from.sigma * history_.sample - (to.alpha * grown) * first;
    const float slope_factor = to.alpha * (grown / h + 1.0F);
    if (order == 2) {
        const float r0 = (level(i).lambda - from.lambda) / h;
        const Tensor slope = (1.0F / r0) * (outputs.back() - first);
        moved = moved + (is_heun_ ? slope_factor : -0.5F * (to.alpha * grown)) * slope;
    } else if (order == 3) {
        const float r0 = (level(i).lambda - from.lambda) / h;
        const float r1 = (level(i - 1).lambda - from.lambda) / h;
        const Tensor near = (1.0F / r1) * (outputs.end()[-2] - first);
        const Tensor far = (1.0F / r0) * (outputs.back() - first);
        if (is_heun_) {
            const Tensor slope = (r0 * near - r1 * far) / (r0 - r1);
            const Tensor curve = 2.0F * (far - near) / (r0 - r1);
            moved =
                moved + slope_factor * slope - (to.alpha * ((grown + h) / (h * h) - 0.5F)) * curve;
        } else {
            moved = moved + slope_factor * far;
        }
    }
    ++history_.steps;
    return moved.to(noise_pred.scalar_type());
}

} // namespace likeness
