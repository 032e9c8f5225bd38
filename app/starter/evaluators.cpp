#include "app/starter/evaluators.h"

#include "core/base/check.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/_upsample_bilinear2d_aa.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/softmax.h>

namespace likeness::starter {

namespace {

constexpr std::int64_t kGroups = 8;
constexpr double kEps = 1e-5;
constexpr std::int64_t kKernel = 5; // of the stem and of the depthwise convolutions

// One level of a network: its width and how many blocks it has.
struct Level {
    std::int64_t channels = 0;
    int blocks = 0;
};

// 64, 32, 16 and 8 places a side.
constexpr Level kAttributeLevels[] = {
    {32, 1}, {64, 2}, {96, 1}, {AttributeEvaluator::kChannels, 0}};
// 32, 16 and 8 places a side.
constexpr Level kIdentityLevels[] = {{64, 2}, {104, 2}, {128, 1}};
constexpr std::int64_t kPatch = 4;     // pixels a side that one place of the first level reads
constexpr std::int64_t kExpansion = 3; // of a block's hidden width
constexpr std::int64_t kIdentityChannels = std::end(kIdentityLevels)[-1].channels;

std::vector<std::vector<ResidualBlock>> attribute_blocks(const Weights& weights) {
    std::vector<std::vector<ResidualBlock>> levels;
    for (const auto& level : kAttributeLevels) {
        auto& blocks = levels.emplace_back();
        for (int i = 0; i < level.blocks; ++i) {
            blocks.emplace_back(weights / std::to_string(levels.size() - 1) / std::to_string(i),
                                level.channels);
        }
    }
    return levels;
}

std::vector<Conv2d> attribute_down(const Weights& weights) {
    std::vector<Conv2d> layers;
    for (std::size_t i = 0; i + 1 < std::size(kAttributeLevels); ++i) {
        layers.emplace_back(weights / std::to_string(i), kAttributeLevels[i].channels,
                            kAttributeLevels[i + 1].channels,
                            Conv2d::Shape{.kernel = 3, .stride = 2, .padding = 1});
    }
    return layers;
}

std::vector<std::vector<ConvNextBlock>> identity_blocks(const Weights& weights) {
    std::vector<std::vector<ConvNextBlock>> levels;
    for (const auto& level : kIdentityLevels) {
        auto& blocks = levels.emplace_back();
        for (int i = 0; i < level.blocks; ++i) {
            blocks.emplace_back(weights / std::to_string(levels.size() - 1) / std::to_string(i),
                                level.channels, kExpansion * level.channels);
        }
    }
    return levels;
}

std::vector<Conv2d> identity_down(const Weights& weights) {
    std::vector<Conv2d> layers;
    std::int64_t in = 3;
    for (const auto& level : kIdentityLevels) {
        const std::int64_t kernel = layers.empty() ? kPatch : 2;
        layers.emplace_back(weights / std::to_string(layers.size()), in, level.channels,
                            Conv2d::Shape{.kernel = kernel, .stride = kernel, .padding = 0});
        in = level.channels;
    }
    return layers;
}

} // namespace

Tensor at_judged_side(const Tensor& pictures) {
    if (pictures.size(2) == kJudgedSide && pictures.size(3) == kJudgedSide) {
        return pictures.contiguous(at::MemoryFormat::ChannelsLast);
    }
    return at::_upsample_bilinear2d_aa(pictures, {kJudgedSide, kJudgedSide}, false)
        .contiguous(at::MemoryFormat::ChannelsLast);
}

AttentionPool::AttentionPool(const Weights& weights, std::int64_t channels, std::int64_t queries)
    : scores(weights / "scores", channels, queries) {}

Tensor AttentionPool::operator()(const Tensor& x) const {
    const auto places = x.flatten(2);                                   // [B, C, P]
    const auto shares = at::softmax(scores(places.transpose(1, 2)), 1); // [B, P, Q]
    return shares.transpose(1, 2)
        .matmul(places.transpose(1, 2).to(shares.scalar_type()))
        .flatten(1);
}

ResidualBlock::ResidualBlock(const Weights& weights, std::int64_t channels)
    : norm1(weights / "norm1", kGroups, channels, kEps),
      norm2(weights / "norm2", kGroups, channels, kEps),
      conv1(weights / "conv1", channels, channels), conv2(weights / "conv2", channels, channels) {}

Tensor ResidualBlock::operator()(const Tensor& x) const {
    return conv2(norm2.norm_silu(conv1(norm1.norm_silu(x))), {.residual = x});
}

AttributeEvaluator::AttributeEvaluator(const Weights& weights)
    : stem(weights / "stem", 3, kAttributeLevels[0].channels,
           {.kernel = kKernel, .stride = 2, .padding = kKernel / 2}),
      blocks(attribute_blocks(weights / "blocks")), down(attribute_down(weights / "down")),
      norm(weights / "norm", kGroups, kChannels, kEps), pool(weights / "pool", kChannels, kQueries),
      heads(weights / "heads", kFeatures, all_attributes()) {}

Tensor AttributeEvaluator::map(const Tensor& pictures) const {
    LIKENESS_CHECK(pictures.dim() == 4 && pictures.size(1) == 3, "pictures: ", pictures.sizes());
    auto x = stem(pictures);
    for (std::size_t level = 0; level < blocks.size(); ++level) {
        for (const auto& block : blocks[level]) {
            x = block(x);
        }
        if (level < down.size()) {
            x = down[level](x);
        }
    }
    return norm.norm_silu(x);
}

Tensor AttributeEvaluator::pooled(const Tensor& map) const {
    return at::cat({map.mean({2, 3}), map.amax({2, 3}), pool(map)}, 1);
}

ConvNextBlock::ConvNextBlock(const Weights& weights, std::int64_t channels, std::int64_t hidden)
    : depthwise((weights / "depthwise").get("weight", {channels, 1, kKernel, kKernel})),
      depthwise_bias((weights / "depthwise").get("bias", {channels})),
      norm(weights / "norm", channels), expand(weights / "expand", channels, hidden),
      contract(weights / "contract", hidden, channels) {}

Tensor ConvNextBlock::operator()(const Tensor& x) const {
    const auto seen = at::conv2d(x, depthwise, depthwise_bias, /*stride=*/1, kKernel / 2,
                                 /*dilation=*/1, /*groups=*/x.size(1));
    const auto last = norm(seen.permute({0, 2, 3, 1}));
    return x + contract(at::gelu(expand(last))).permute({0, 3, 1, 2});
}

IdentityEncoder::IdentityEncoder(const Weights& weights)
    : down(identity_down(weights / "down")), blocks(identity_blocks(weights / "blocks")),
      norm(weights / "norm", kIdentityChannels),
      pool(weights / "pool", kIdentityChannels, kQueries),
      projection(weights / "projection", kQueries * kIdentityChannels, kDimension) {}

Tensor IdentityEncoder::operator()(const Tensor& pictures) const {
    LIKENESS_CHECK(pictures.dim() == 4 && pictures.size(1) == 3, "pictures: ", pictures.sizes());
    auto x = pictures;
    for (std::size_t level = 0; level < blocks.size(); ++level) {
        x = down[level](x);
        for (const auto& block : blocks[level]) {
            x = block(x);
        }
    }
    return projection(pool(norm(x.permute({0, 2, 3, 1})).permute({0, 3, 1, 2})));
}

} // namespace likeness::starter
