#include "core/training/adamw.h"

#include "core/base/check.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_copy.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

namespace likeness {

namespace {

// Of gradients on a CPU that are small an operator for each takes longer than the sum itself.
bool is_small_on_cpu(const Tensor& gradient) {
    constexpr std::int64_t kSmall = 1 << 16;
    return gradient.is_cpu() && gradient.numel() <= kSmall &&
           gradient.is_non_overlapping_and_dense();
}

double square_sum(const Tensor& gradient) {
    constexpr std::size_t kLanes = 16;
    const auto* const values = gradient.const_data_ptr<float>();
    const auto count = static_cast<std::size_t>(gradient.numel());
    std::array<float, kLanes> sums{};
    std::size_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            sums[lane] += values[i + lane] * values[i + lane];
        }
    }
    double sum = std::accumulate(sums.begin(), sums.end(), 0.0);
    for (; i < count; ++i) {
        sum += static_cast<double>(values[i]) * static_cast<double>(values[i]);
    }
    return sum;
}

// Of all of them as one vector.
Tensor length_of(const std::vector<Tensor>& gradients) {
    if (!std::ranges::all_of(gradients, is_small_on_cpu)) {
        return at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients)));
    }
    const double sum = std::accumulate(
        gradients.begin(), gradients.end(), 0.0,
        [](double before, const Tensor& gradient) { return before + square_sum(gradient); });
    return at::scalar_tensor(std::sqrt(sum), at::kFloat);
}

} // namespace

AdamW::AdamW(const TensorMap& parameters, AdamWOptions options) : options_(options) {
    for (const auto& [name, parameter] : parameters) {
        const auto master =
            parameter.detach().to(at::kFloat); // the same tensor where it is float32
        slots_.push_back(
            {name, parameter, master, at::zeros_like(master), at::zeros_like(master),
             at::zeros({}, at::TensorOptions().dtype(at::kFloat).device(parameter.device())),
             options_.rate_share ? options_.rate_share(name) : 1.0});
        masters_[name] = master;
    }
}

Tensor AdamW::step(double learning_rate, std::optional<double> loss_scale) {
    const at::NoGradGuard no_grad;
    std::map<double, std::pair<std::vector<Slot*>, std::vector<Slot*>>> slots; // decayed, plain
    std::vector<Tensor> gradients;
    gather(gradients);
    for (auto& slot : slots_) {
        if (slot.gradient.defined()) {
            auto& [decayed, plain] = slots[slot.rate_share];
            (slot.parameter.dim() >= 2 ? decayed : plain).push_back(&slot);
        }
    }
    if (gradients.empty()) {
        return at::zeros({}, at::kFloat);
    }
    if (loss_scale) {
        at::_foreach_mul_(gradients, 1 / *loss_scale);
    }
    const Tensor length = length_of(gradients);
    if ((length.is_cpu() || loss_scale) && !std::isfinite(length.item<double>())) {
        return length;
    }
    std::optional<Tensor> shrink; // what the gradients are divided by
    if (options_.clip_norm > 0) {
        shrink = (length / options_.clip_norm).clamp_min(1.0);
    }
    for (const auto& [share, of_share] : slots) {
        update(of_share.first, share * learning_rate, options_.weight_decay, shrink);
        update(of_share.second, share * learning_rate, 0.0, shrink);
    }
    return length;
}

void AdamW::gather(std::vector<Tensor>& gradients) {
    std::vector<Tensor> from, into;
    for (auto& slot : slots_) {
        auto& found = slot.parameter.mutable_grad();
        if (!found.defined()) {
            slot.gradient = Tensor();
            continue;
        }
        const bool same_layout = found.strides() == slot.master.strides();
        if (same_layout && found.scalar_type() == at::kFloat) {
            slot.gradient = found;
        } else {
            // The fused kernel walks memory: a gradient that lies otherwise than its parameter is
            // laid out alike first.
            slot.gradient = at::empty_like(slot.master);
            if (same_layout) {
                from.push_back(found);
                into.push_back(slot.gradient);
            } else {
                slot.gradient.copy_(found);
            }
        }
        gradients.push_back(slot.gradient);
        found = Tensor();
    }
    if (!into.empty()) {
        at::_foreach_copy_(into, from);
    }
}

void AdamW::update(const std::vector<Slot*>& slots, double learning_rate, double weight_decay,
                   const std::optional<Tensor>& shrink) {
    if (slots.empty()) {
        return;
    }
    std::vector<Tensor> masters, gradients, exp_avgs, exp_avg_sqs, steps, lower, lower_masters;
    for (auto* slot : slots) {
        masters.push_back(slot->master);
        gradients.push_back(slot->gradient);
        exp_avgs.push_back(slot->exp_avg);
        exp_avg_sqs.push_back(slot->exp_avg_sq);
        steps.push_back(slot->step);
        if (slot->parameter.scalar_type() != at::kFloat) {
            lower.push_back(slot->parameter);
            lower_masters.push_back(slot->master);
        }
    }
    if (steps.front().is_cpu()) {
        for (const Tensor& step : steps) {
            *step.mutable_data_ptr<float>() += 1;
        }
    } else {
        at::_foreach_add_(steps, 1);
    }
    at::_fused_adamw_(masters, gradients, exp_avgs, exp_avg_sqs, {}, steps, learning_rate,
                      options_.beta1, options_.beta2, weight_decay, options_.eps,
                      /*amsgrad=*/false, /*maximize=*/false, shrink);
    if (!lower.empty()) {
        at::_foreach_copy_(lower, lower_masters);
    }
}

void AdamW::follow_masters() {
    const at::NoGradGuard no_grad;
    for (auto& slot : slots_) {
        if (slot.parameter.scalar_type() != at::kFloat) {
            slot.parameter.copy_(slot.master);
        }
    }
}

TensorMap AdamW::state() const {
    TensorMap state;
    for (const auto& slot : slots_) {
        state["exp_avg/" + slot.name] = slot.exp_avg;
        state["exp_avg_sq/" + slot.name] = slot.exp_avg_sq;
        state["step/" + slot.name] = slot.step;
    }
    return state;
}

void AdamW::load_state(const TensorMap& state) {
    const auto copy = [&state](const std::string& name, Tensor& into) {
        const auto found = state.find(name);
        LIKENESS_CHECK(found != state.end() && found->second.sizes() == into.sizes(), name);
        into.copy_(found->second);
    };
    for (auto& slot : slots_) {
        copy("exp_avg/" + slot.name, slot.exp_avg);
        copy("exp_avg_sq/" + slot.name, slot.exp_avg_sq);
        copy("step/" + slot.name, slot.step);
    }
}

} // namespace likeness
