#include "core/schedulers/pndm.h"

#include "core/base/check.h"
#include "core/base/error.h"
#include "core/schedulers/clean_sample.h"
#include "core/schedulers/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

constexpr int kOrder = 4;
constexpr int kRungeKuttaSteps = kOrder - 1; // that the multistep rule starts from

std::vector<float> alphas_of(SchedulerConfig config) {
    config.rescale_betas_zero_snr = false;
    const Tensor table = alphas_cumprod(config);
    const float* values = table.const_data_ptr<float>();
    return {values, values + table.numel()};
}

// Each step's timestep, half way twice, the next one's; the next begins there.
std::vector<int> runge_kutta_timesteps(const std::vector<int>& steps, int half) {
    std::vector<int> calls;
    for (int k = 0; k < kRungeKuttaSteps; ++k) {
        const int next = steps[static_cast<std::size_t>(k) + 1];
        calls.insert(calls.end(),
                     {steps[static_cast<std::size_t>(k)], next + half, next + half, next});
    }
    return calls;
}

} // namespace

PndmScheduler::PndmScheduler(const SchedulerConfig& config, int num_inference_steps)
    : alphas_(alphas_of(config)),
      final_alpha_(config.set_alpha_to_one.value_or(false) ? 1.0F : alphas_.front()),
      prediction_type_(config.prediction_type.value_or(PredictionType::epsilon)) {
    if (prediction_type_ == PredictionType::sample) {
        throw Error(ErrorCode::model_mismatch,
                    message("The model predicts the clean sample, from which PNDM cannot step. "
                            "Choose another scheduler."));
    }
    const int n = num_inference_steps;
    std::vector<int> steps = whole_timesteps(config, TimestepSpacing::leading, n);
    stride_ = static_cast<int>(alphas_.size()) / n;
    if (!config.skip_prk_steps) {
        if (n < kOrder) {
            throw Error(ErrorCode::bad_request,
                        message("num_inference_steps is {}; PNDM with Runge-Kutta steps, as this "
                                "model has it, takes at least {}.",
                                n, kOrder));
        }
        const std::vector<int> calls = runge_kutta_timesteps(steps, stride_ / 2);
        runge_kutta_calls_ = static_cast<int>(calls.size());
        timesteps_.assign(calls.begin(), calls.end());
        steps.erase(steps.begin(), steps.begin() + kRungeKuttaSteps);
    } else if (n > 1) {
        steps.insert(steps.begin() + 1, steps[1]); // the second step is taken twice
    }
    timesteps_.insert(timesteps_.end(), steps.begin(), steps.end());
}

Tensor PndmScheduler::denoised(const Tensor& noise_pred, int i, const Tensor& sample) const {
    const auto timestep = static_cast<std::size_t>(timesteps_.at(static_cast<std::size_t>(i)));
    return clean_sample(prediction_type_, mixture_of(alphas_.at(timestep)), noise_pred, sample);
}

Tensor PndmScheduler::add_noise(const Tensor& clean, const Tensor& noise, int i,
                                const Tensor& /*alphas_cumprod*/) const {
    const auto timestep = static_cast<std::size_t>(timesteps_.at(static_cast<std::size_t>(i)));
    const float alpha = alphas_.at(timestep);
    return std::sqrt(alpha) * clean + std::sqrt(1.0F - alpha) * noise;
}

Tensor PndmScheduler::moved(const Tensor& sample, int from, int to,
                            const Tensor& noise_pred) const {
    const float a = alphas_.at(static_cast<std::size_t>(from));
    const float next = to >= 0 ? alphas_.at(static_cast<std::size_t>(to)) : final_alpha_;
    const Tensor noise = prediction_type_ == PredictionType::v_prediction
                             ? std::sqrt(a) * noise_pred + std::sqrt(1.0F - a) * sample
                             : noise_pred;
    const float divisor = a * std::sqrt(1.0F - next) + std::sqrt(a * (1.0F - a) * next);
    return std::sqrt(next / a) * sample - (next - a) * noise / divisor;
}

Tensor PndmScheduler::runge_kutta_step(const Tensor& noise_pred, int timestep,
                                       const Tensor& sample) {
    const int stage = history_.steps % kOrder;
    const auto begin = static_cast<std::size_t>(history_.steps - stage);
    const int to = timestep - (stage % 2 == 0 ? stride_ / 2 : 0);
    Tensor along = noise_pred;
    if (stage == 0) {
        history_.sum = 1.0 / 6 * noise_pred;
        history_.outputs.push_back(noise_pred);
        history_.sample = sample;
    } else if (stage < kOrder - 1) {
        history_.sum = history_.sum + 1.0 / 3 * noise_pred;
    } else {
        along = history_.sum + 1.0 / 6 * noise_pred;
    }
    return moved(history_.sample, static_cast<int>(timesteps_.at(begin)), to, along);
}

Tensor PndmScheduler::multistep_step(const Tensor& noise_pred, int timestep, const Tensor& sample) {
    std::vector<Tensor>& e = history_.outputs;
    if (history_.steps == 1) { // the first step once more, with the mean of its two outputs
        const Tensor begin = history_.sample;
        history_.sample = Tensor();
        return moved(begin, timestep + stride_, timestep, (noise_pred + e.back()) / 2);
    }
    if (e.size() == kOrder) {
        e.erase(e.begin());
    }
    e.push_back(noise_pred);
    Tensor along;
    switch (e.size()) {
    case 1:
        along = noise_pred;
        history_.sample = sample;
        break;
    case 2:
        along = (3 * e[1] - e[0]) / 2;
        break;
    case 3:
        along = (23 * e[2] - 16 * e[1] + 5 * e[0]) / 12;
        break;
    default:
        along = (1.0 / 24) * (55 * e[3] - 59 * e[2] + 37 * e[1] - 9 * e[0]);
    }
    return moved(sample, timestep, timestep - stride_, along);
}

Tensor PndmScheduler::step(const Tensor& noise_pred, int i, const Tensor& sample) {
    LIKENESS_CHECK(noise_pred.sizes() == sample.sizes(), noise_pred.sizes(), " ", sample.sizes());
    const auto timestep = static_cast<int>(timesteps_.at(static_cast<std::size_t>(i)));
    const Tensor next = history_.steps < runge_kutta_calls_
                            ? runge_kutta_step(noise_pred, timestep, sample)
                            : multistep_step(noise_pred, timestep, sample);
    ++history_.steps;
    return next;
}

} // namespace likeness
