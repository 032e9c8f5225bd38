#include "core/schedulers/dpmpp_2m.h"

#include "core/base/check.h"
#include "core/schedulers/clean_sample.h"

#include <ATen/TensorOperators.h>

#include <algorithm>
#include <cmath>

namespace likeness {

DpmppScheduler::DpmppScheduler(const SchedulerConfig& config, int num_inference_steps, Noise noise)
    : schedule_(vp_schedule(config, num_inference_steps, VpSolver::dpmpp_2m)),
      prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)),
      solver_order_(config.solver_order.value_or(2)),
      is_heun_(config.solver_type == SolverType::heun),
      ends_at_zero_(config.final_sigmas_type == FinalSigmas::zero),
      lower_order_final_(config.lower_order_final.value_or(true)),
      euler_at_final_(config.euler_at_final), is_stochastic_(noise == Noise::drawn) {}

Tensor DpmppScheduler::add_noise(const Tensor& clean, const Tensor& noise, int i,
                                 const Tensor&) const {
    const VpLevel level = vp_level(schedule_.sigmas.at(static_cast<std::size_t>(i)));
    return level.alpha * clean + level.sigma * noise;
}

Tensor DpmppScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    const VpLevel level = vp_level(schedule_.sigmas.at(static_cast<std::size_t>(i)));
    return clean_sample(prediction_type_, {level.alpha, level.sigma}, noise_pred, sample);
}

int DpmppScheduler::order_of(int i, std::size_t earlier) const {
    constexpr int kFew = 15; // steps, below which the last ones are of lower order
    const auto steps = static_cast<int>(schedule_.timesteps.size());
    const auto index = static_cast<std::size_t>(i);
    const bool stays = schedule_.sigmas.at(index) == schedule_.sigmas.at(index + 1);
    const bool lowers = lower_order_final_ && steps < kFew;
    const int most = std::min(solver_order_, static_cast<int>(earlier) + 1);
    if (stays || (i == steps - 1 && (ends_at_zero_ || euler_at_final_ || lowers))) {
        return 1;
    }
    return i == steps - 2 && lowers ? std::min(most, 2) : most;
}

// Equations of the paper's appendix: the exponential integral of a polynomial through the last
// clean samples, in lambda. `decay` is exp(-h), of the stochastic form exp(-2 h).
Tensor DpmppScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const auto level = [this](int index) {
        return vp_level(schedule_.sigmas.at(static_cast<std::size_t>(index)));
    };
    std::vector<Tensor>& outputs = history_.outputs;
    const int order = order_of(i, outputs.size());
    outputs.push_back(denoised(noise_pred, i, sample));
    const Tensor& m0 = outputs.back();

    const VpLevel to = level(i + 1);
    const VpLevel from = level(i);
    const float h = to.lambda - from.lambda;
    const float span = is_stochastic_ ? 2.0F * h : h;
    const float grown = std::exp(-span) - 1.0F; // -1 .. 0
    const float keep =
        is_stochastic_ ? to.sigma / from.sigma * std::exp(-h) : to.sigma / from.sigma;
    Tensor moved = keep * sample.to(at::kFloat) - (to.alpha * grown) * m0;

    const float slope_factor = to.alpha * (grown / span + 1.0F);
    if (order >= 2) {
        const float h_0 = from.lambda - level(i - 1).lambda;
        const float r0 = h_0 / h;
        Tensor d1 = (1.0F / r0) * (m0 - outputs.end()[-2]);
        if (order == 2) {
            moved = moved + (is_heun_ ? slope_factor : -0.5F * (to.alpha * grown)) * d1;
        } else {
            const float r1 = (level(i - 1).lambda - level(i - 2).lambda) / h;
            const Tensor d1_1 = (1.0F / r1) * (outputs.end()[-2] - outputs.end()[-3]);
            const Tensor d2 = (1.0F / (r0 + r1)) * (d1 - d1_1);
            d1 = d1 + (r0 / (r0 + r1)) * (d1 - d1_1);
            const float curve_factor =
                to.alpha * (-(grown + span) / (span * span) + (is_stochastic_ ? -0.5F : 0.5F));
            moved = moved + slope_factor * d1 + curve_factor * d2;
        }
    }
    if (is_stochastic_) {
        moved = moved + (to.sigma * std::sqrt(1.0F - std::exp(-2.0F * h))) * draw(moved);
    }
    if (outputs.size() >= static_cast<std::size_t>(solver_order_)) { // m0 goes on as an earlier one
        outputs.erase(outputs.begin());
    }
    ++history_.steps;
    return moved.to(noise_pred.scalar_type());
}

} // namespace likeness
