#include "core/training/losses.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/atan2.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/cos.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/sin.h>
#include <ATen/ops/stack.h>

#include <limits>
#include <numbers>

namespace likeness {

namespace {

constexpr double kDegree = std::numbers::pi / 180.0;

Tensor difference(const Tensor& x, std::int64_t dim) {
    const auto length = x.size(dim);
    return x.narrow(dim, 1, length - 1) - x.narrow(dim, 0, length - 1);
}

Tensor difference_loss(const Tensor& made, const Tensor& wanted, const Tensor& weight,
                       std::int64_t dim) {
    const auto w = weight.narrow(dim, 0, weight.size(dim) - 1);
    return weighted_mean((difference(made, dim) - difference(wanted, dim)).abs(), w);
}

} // namespace

Tensor weighted_mean(const Tensor& value, const Tensor& weight) {
    const auto w = weight.expand_as(value);
    return (value * w).sum() / w.sum();
}

Tensor reconstruction_loss(const Tensor& made, const Tensor& wanted, const Tensor& weight) {
    const auto error = made - wanted;
    auto loss = weighted_mean(error.abs() + 0.5 * error.square(), weight);
    auto a = made, b = wanted, w = weight;
    for (int scale = 0; scale < 3; ++scale) {
        if (scale > 0) {
            a = at::avg_pool2d(a, 2);
            b = at::avg_pool2d(b, 2);
            w = at::avg_pool2d(w, 2);
        }
        loss = loss + 0.25 * (difference_loss(a, b, w, 2) + difference_loss(a, b, w, 3));
    }
    return loss;
}

Tensor kl_loss(const Tensor& mean, const Tensor& logvar) {
    return 0.5 * (mean.square() + logvar.exp() - 1 - logvar).mean();
}

Tensor unit_rows(const Tensor& x) {
    return x / x.norm(2, {1}, /*keepdim=*/true).clamp_min(1e-6);
}

Tensor supervised_contrastive_loss(const Tensor& embeds, const Tensor& labels, double temperature) {
    const auto unit = unit_rows(embeds);
    const auto count = embeds.size(0);
    const auto self = at::eye(count, at::TensorOptions(at::kBool).device(embeds.device()));
    const auto similarity = (unit.matmul(unit.t()) / temperature)
                                .masked_fill(self, -std::numeric_limits<float>::infinity());
    const auto log_share = at::log_softmax(similarity, 1).masked_fill(self, 0.0);
    const auto same =
        labels.unsqueeze(0).eq(labels.unsqueeze(1)).logical_and(self.logical_not()).to(at::kFloat);
    return -((log_share * same).sum(1) / same.sum(1)).mean();
}

Tensor angle_losses(const Tensor& predicted, const Tensor& degrees) {
    const auto radians = degrees.to(at::kFloat) * kDegree;
    return (predicted - at::stack({radians.cos(), radians.sin()}, 1)).square().sum(1);
}

Tensor clip_loss(const Tensor& image_embeds, const Tensor& text_embeds, double temperature) {
    const auto logits = unit_rows(image_embeds).matmul(unit_rows(text_embeds).t()) / temperature;
    const auto own =
        at::arange(logits.size(0), at::TensorOptions(at::kLong).device(logits.device()));
    return 0.5 * (at::cross_entropy_loss(logits, own) + at::cross_entropy_loss(logits.t(), own));
}

Tensor to_degrees(const Tensor& predicted) {
    const auto degrees = at::atan2(predicted.select(1, 1), predicted.select(1, 0)) / kDegree;
    return degrees.remainder(360.0);
}

} // namespace likeness
