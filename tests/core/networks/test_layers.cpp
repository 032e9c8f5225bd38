#include "core/models/unet_blocks.h"
#include "core/nn/layers.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/fixture.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/silu.h>

#include <QTest>

using namespace likeness;
using namespace likeness::test;

namespace {

ResnetBlock2D resnet(const Fixture& fixture) {
    const auto& c = fixture.config;
    return ResnetBlock2D(fixture.weights(), {.in = c["in_channels"],
                                             .out = c["out_channels"],
                                             .time_dim = c["temb_channels"],
                                             .groups = c["groups"],
                                             .eps = c["eps"]});
}

// The block with the decoupled cross-attention and the adapter's two projections.
struct BlockCase {
    Fixture fixture{"network_transformer_block"};
    AttentionConfig config{.dim = fixture.config["dim"],
                           .context_dim = fixture.config["context_dim"],
                           .heads = fixture.config["heads"]};
    BasicTransformerBlock block{fixture.weights(), config, 0};
    Linear to_k_ip{fixture.weights() / "to_k_ip", config.context_dim, config.dim, Bias::no};
    Linear to_v_ip{fixture.weights() / "to_v_ip", config.context_dim, config.dim, Bias::no};
    Tensor x = fixture.input("x");
    Tensor tokens = fixture.input("references"); // [B, references, T, context_dim]

    AttentionContext text() const {
        return {.text = {block.attn2.text_key_value(fixture.input("text"))}};
    }

    KeyValue key_value(const Tensor& ip_tokens, double scale) const {
        return {.key = split_heads(to_k_ip(ip_tokens), config.heads),
                .value = split_heads(to_v_ip(ip_tokens), config.heads) * scale};
    }

    // The references attended in one softmax, in the order of `chosen`.
    AttentionContext joined(const std::vector<int64_t>& chosen, double scale) const {
        std::vector<Tensor> parts;
        for (const int64_t i : chosen) {
            parts.push_back(tokens.select(1, i));
        }
        AttentionContext context = text();
        context.references.push_back({.layers = {key_value(at::cat(parts, 1), scale)}});
        return context;
    }
};

} // namespace

class TestLayers : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void timestepEmbedding() {
        const Fixture fixture("network_timestep_embedding");
        const Tensor scalars = fixture.input("scalars");
        // Angles of up to a thousand: processors whose exp() differs in its last bit are 6e-5
        // apart.
        constexpr Tolerance kAngles{"float32 angles", 1e-4};
        COMPARE_TENSORS(timestep_embedding(scalars, 320), fixture.output("cos_first"), kAngles);
        COMPARE_TENSORS(timestep_embedding(scalars, 10, false, 1), fixture.output("sin_first"),
                        kAngles);
    }

    void resnetBlock() {
        const Fixture fixture("network_resnet_plain");
        const Tensor time = at::silu(fixture.input("temb"));
        COMPARE_TENSORS(resnet(fixture)(fixture.input("x"), {}, time), fixture.output("y"),
                        kFloat32);
    }

    void resnetBlockWithSkip() {
        const Fixture fixture("network_resnet_shortcut");
        const Tensor time = at::silu(fixture.input("temb"));
        COMPARE_TENSORS(resnet(fixture)(fixture.input("x"), fixture.input("skip"), time),
                        fixture.output("y"), kFloat32);
    }

    void resnetTimeOfOneRowServesTheBatch() {
        const Fixture fixture("network_resnet_plain");
        const auto block = resnet(fixture);
        const Tensor x = fixture.input("x"), time = at::silu(fixture.input("temb")).slice(0, 0, 1);
        COMPARE_TENSORS(block(x, {}, time), block(x, {}, time.expand({2, -1})), kFloat32);
    }

    void transformerBlockNames() {
        const Fixture fixture("network_transformer_block");
        const Weights weights(std::make_shared<MapSource>(fixture.tensors()), {});
        const BasicTransformerBlock block(weights, {.dim = 24, .context_dim = 20, .heads = 3}, 0);
        weights.finish("block", {"to_k_ip.weight", "to_v_ip.weight"});
    }

    void textOnly() {
        const BlockCase c;
        COMPARE_TENSORS(c.block(c.x, c.text()), c.fixture.output("text_only"), kFloat32);
    }

    void joinedReferences() {
        const BlockCase c;
        COMPARE_TENSORS(c.block(c.x, c.joined({0, 1}, c.fixture.config["scale"])),
                        c.fixture.output("joined"), kFloat32);
    }

    void maskedReferences() {
        const BlockCase c;
        AttentionContext context = c.text();
        for (int64_t i = 0; i < 2; ++i) {
            const double scale = c.fixture.config["masked_scales"][static_cast<std::size_t>(i)];
            const Tensor mask = c.fixture.input("mask").select(1, i).unsqueeze(1);
            const auto queries = c.x.size(1);
            context.references.push_back({.layers = {c.key_value(c.tokens.select(1, i), scale)},
                                          .mask = {{queries, downsample_mask(mask, queries)}}});
        }
        COMPARE_TENSORS(c.block(c.x, context), c.fixture.output("masked"), kFloat32);
    }

    void aWideMaskOverOneQueryHasOneValue() {
        const Tensor mask = at::ones({1, 1, 56, 64});
        COMPARE_TENSORS(downsample_mask(mask, 1), at::ones({1, 1, 1, 1}), kFloat32);
    }

    void scaleZeroEqualsTextOnlyExactly() {
        const BlockCase c;
        COMPARE_TENSORS(c.block(c.x, c.joined({0, 1}, 0.0)), c.block(c.x, c.text()), kExact);
    }

    void layerWithoutKeysEqualsTextOnlyExactly() {
        const BlockCase c;
        AttentionContext context = c.text();
        context.references.push_back({.layers = {KeyValue{}}});
        COMPARE_TENSORS(c.block(c.x, context), c.block(c.x, c.text()), kExact);
    }

    void sameReferenceTwiceEqualsOnce() {
        const BlockCase c;
        COMPARE_TENSORS(c.block(c.x, c.joined({1, 1}, 0.7)), c.block(c.x, c.joined({1}, 0.7)),
                        kFloat32);
    }

    void orderOfReferencesIsIrrelevant() {
        const BlockCase c;
        COMPARE_TENSORS(c.block(c.x, c.joined({1, 0}, 0.7)), c.block(c.x, c.joined({0, 1}, 0.7)),
                        kFloat32);
    }

    void halvesAddUpToOne() {
        const BlockCase c;
        AttentionContext context = c.text();
        for (int i = 0; i < 2; ++i) {
            context.references.push_back({.layers = {c.key_value(c.tokens.select(1, 0), 0.35)}});
        }
        COMPARE_TENSORS(c.block(c.x, context), c.block(c.x, c.joined({0}, 0.7)), kFloat32);
    }

    // Guards the two tests above: a reference does change something.
    void referencesMatter() {
        const BlockCase c;
        const Tensor with = c.block(c.x, c.joined({0}, 0.7));
        QVERIFY((with - c.block(c.x, c.text())).abs().max().item<double>() > 0.05);
        QVERIFY((with - c.block(c.x, c.joined({1}, 0.7))).abs().max().item<double>() > 0.05);
    }

    void batchRowsAreIndependent() {
        const BlockCase c;
        AttentionContext one = c.joined({0}, 0.7);
        const Tensor both = c.block(c.x, one);
        for (auto* branch : {&one.text[0], &one.references[0].layers[0]}) {
            branch->key = branch->key.slice(0, 1, 2);
            branch->value = branch->value.slice(0, 1, 2);
        }
        COMPARE_TENSORS(c.block(c.x.slice(0, 1, 2), one), both.slice(0, 1, 2), kFloat32);
    }
};

QTEST_APPLESS_MAIN(TestLayers)
#include "test_layers.moc"
