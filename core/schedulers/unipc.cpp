#include "core/schedulers/unipc.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/schedulers/clean_sample.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/expm1.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/log.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/pow.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/stack.h>

#include <algorithm>

namespace likeness {

namespace {

// A number as the reference holds it, a tensor without dimensions: differences of nearly equal ones
// come out of this rule, and must come out the same.
struct Level {
    explicit Level(float noise_level) {
        const auto value = at::scalar_tensor(noise_level, at::TensorOptions().dtype(at::kFloat));
        alpha = 1 / (value.pow(2) + 1).pow(0.5);
        sigma = value * alpha;
        lambda = at::log(alpha) - at::log(sigma);
    }

    Tensor alpha, sigma, lambda;
};

} // namespace

UniPcScheduler::UniPcScheduler(const SchedulerConfig& config, int num_inference_steps)
    : schedule_(vp_schedule(config, num_inference_steps, VpSolver::unipc)),
      prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)),
      solver_order_(config.solver_order.value_or(2)),
      is_bh1_(config.solver_type == SolverType::bh1),
      lower_order_final_(config.lower_order_final.value_or(true)),
      disable_corrector_(config.disable_corrector) {
    if (!config.predict_x0) {
        throw Error(ErrorCode::model_mismatch,
                    message("The scheduler's config has predict_x0 off, which this program does "
                            "not do."));
    }
}

Tensor UniPcScheduler::add_noise(const Tensor& clean, const Tensor& noise, int i,
                                 const Tensor&) const {
    const VpLevel level = vp_level(schedule_.sigmas.at(static_cast<std::size_t>(i)));
    return level.alpha * clean + level.sigma * noise;
}

Tensor UniPcScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    const VpLevel level = vp_level(schedule_.sigmas.at(static_cast<std::size_t>(i)));
    return clean_sample(prediction_type_, {level.alpha, level.sigma}, noise_pred, sample);
}

int UniPcScheduler::order_of(int i, int steps) const {
    const auto left = static_cast<int>(schedule_.timesteps.size()) - i;
    const int most = std::min(solver_order_, steps + 1);
    const float from = schedule_.sigmas.at(static_cast<std::size_t>(i));
    const float to = schedule_.sigmas.at(static_cast<std::size_t>(i) + 1);
    const bool needs_slopes = to != 0 && to != from; // else the way is infinite, or none
    return lower_order_final_ || !needs_slopes ? std::min(most, left) : most;
}

Tensor UniPcScheduler::moved(int from, int order, const Tensor& sample,
                             const Tensor* arrived) const {
    const auto level = [this](int index) {
        return Level(schedule_.sigmas.at(static_cast<std::size_t>(index)));
    };
    const Level to = level(from + 1);
    const Level s0 = level(from);
    const Tensor h = to.lambda - s0.lambda;
    const Tensor& m0 = history_.outputs.back();
    std::vector<Tensor> ratios;
    std::vector<Tensor> slopes;
    for (int k = 1; k < order; ++k) {
        ratios.push_back((level(from - k).lambda - s0.lambda) / h);
        slopes.push_back((history_.outputs.end()[-(k + 1)] - m0) / ratios.back());
    }
    ratios.push_back(at::ones({}, at::TensorOptions().dtype(at::kFloat)));

    const Tensor hh = -h;
    const Tensor phi_1 = at::expm1(hh);
    const Tensor scale = is_bh1_ ? hh : phi_1;
    const Tensor powers_of = at::stack(ratios);
    std::vector<Tensor> rows;
    std::vector<Tensor> wanted;
    Tensor phi_k = phi_1 / hh - 1;
    int factorial = 1;
    for (int k = 1; k <= order; ++k) {
        rows.push_back(at::pow(powers_of, k - 1));
        wanted.push_back(phi_k * factorial / scale);
        factorial *= k + 1;
        phi_k = phi_k / hh - 1.0 / factorial;
    }
    // The corrector solves the whole system. The predictor has no slope at the end, and leaves out
    // the last row and column; what is then left of order 2 the reference sets to one half.
    const int unknowns = arrived != nullptr ? order : order - 1;
    Tensor weights = at::ones({unknowns}, at::TensorOptions().dtype(at::kFloat)) * 0.5;
    if (unknowns > 1 || (arrived != nullptr && order > 1)) {
        const Tensor matrix = at::stack(rows).slice(0, 0, unknowns).slice(1, 0, unknowns);
        weights = at::linalg_solve(matrix, at::stack(wanted).slice(0, 0, unknowns));
    }
    if (arrived != nullptr) {
        slopes.push_back(*arrived - m0);
    }
    Tensor result = to.sigma / s0.sigma * sample - to.alpha * phi_1 * m0;
    if (!slopes.empty()) {
        Tensor sum = weights[0] * slopes[0];
        for (std::size_t k = 1; k < slopes.size(); ++k) {
            sum = sum + weights[static_cast<int64_t>(k)] * slopes[k];
        }
        result = result - to.alpha * scale * sum;
    }
    return result.to(sample.scalar_type());
}

Tensor UniPcScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const Tensor output = denoised(noise_pred, i, sample);
    const bool corrects = history_.sample.defined() &&
                          std::ranges::find(disable_corrector_, i - 1) == disable_corrector_.end();
    Tensor corrected = sample;
    if (corrects) {
        corrected = moved(i - 1, order_of(i - 1, history_.steps - 1), history_.sample, &output);
    }
    history_.outputs.push_back(output);
    if (history_.outputs.size() > static_cast<std::size_t>(solver_order_)) {
        history_.outputs.erase(history_.outputs.begin());
    }
    history_.sample = corrected;
    const Tensor next = moved(i, order_of(i, history_.steps), corrected, nullptr);
    ++history_.steps;
    return next;
}

} // namespace likeness
