#include "core/pipelines/weigh_tokens.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/logical_and.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>

namespace likeness {

Tensor weigh_tokens(const Tensor& embeds, const Tensor& weights) {
    constexpr double kMostApart = 4;
    const Tensor wide = embeds.to(at::kFloat);
    const Tensor weighted = wide * weights.unsqueeze(-1);
    const Tensor factor = wide.mean({1, 2}, true) / weighted.mean({1, 2}, true);
    const Tensor says = at::logical_and(factor >= 1 / kMostApart, factor <= kMostApart);
    return (weighted * at::where(says, factor, at::ones_like(factor))).to(embeds.scalar_type());
}

} // namespace likeness
