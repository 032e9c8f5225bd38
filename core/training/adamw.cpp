#include "core/training/adamw.h"

#include "core/base/check.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

namespace likeness {

AdamW::AdamW(const TensorMap& parameters, AdamWOptions options) : options_(options) {
    for (const auto& [name, parameter] : parameters) {
        slots_.push_back({name, parameter, at::zeros_like(parameter.detach()),
                          at::zeros_like(parameter.detach()), at::zeros({}, at::kFloat)});
    }
}

double AdamW::step(double learning_rate) {
    const at::NoGradGuard no_grad;
    std::vector<Slot*> decayed, plain;
    std::vector<Tensor> gradients;
    for (auto& slot : slots_) {
        if (slot.parameter.grad().defined()) {
            gradients.push_back(slot.parameter.grad());
            (slot.parameter.dim() >= 2 ? decayed : plain).push_back(&slot);
        }
    }
    if (gradients.empty()) {
        return 0.0;
    }
    const double length =
        at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients))).item<double>();
    if (options_.clip_norm > 0 && length > options_.clip_norm) {
        at::_foreach_mul_(gradients, options_.clip_norm / length);
    }
    update(decayed, learning_rate, options_.weight_decay);
    update(plain, learning_rate, 0.0);
    for (auto& slot : slots_) {
        slot.parameter.mutable_grad() = Tensor();
    }
    return length;
}

void AdamW::update(const std::vector<Slot*>& slots, double learning_rate, double weight_decay) {
    if (slots.empty()) {
        return;
    }
    std::vector<Tensor> parameters, gradients, exp_avgs, exp_avg_sqs, steps;
    for (auto* slot : slots) {
        parameters.push_back(slot->parameter);
        // The fused kernel walks memory: a gradient that lies otherwise than its parameter is laid
        // out alike first.
        auto gradient = slot->parameter.grad();
        if (gradient.strides() != slot->parameter.strides()) {
            gradient = at::zeros_like(slot->parameter).copy_(gradient);
        }
        gradients.push_back(gradient);
        exp_avgs.push_back(slot->exp_avg);
        exp_avg_sqs.push_back(slot->exp_avg_sq);
        steps.push_back(slot->step.add_(1));
    }
    at::_fused_adamw_(parameters, gradients, exp_avgs, exp_avg_sqs, {}, steps, learning_rate,
                      options_.beta1, options_.beta2, weight_decay, options_.eps,
                      /*amsgrad=*/false, /*maximize=*/false);
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
