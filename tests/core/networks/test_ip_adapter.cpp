#include "core/adapters/ip_adapter.h"
#include "core/base/error.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"
#include "tests/support/fixture.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/zeros.h>

#include <QTest>

using namespace likeness;
using namespace likeness::test;

namespace {

ResamplerConfig resampler_config(const nlohmann::json& c) {
    return {.embed_dim = c["embed_dim"],
            .dim = c["dim"],
            .depth = c["depth"],
            .heads = c["heads"],
            .inner_dim = 64 * c["heads"].get<int64_t>(),
            .num_queries = c["num_queries"],
            .ff_mult = c["ff_mult"],
            .output_dim = c["output_dim"]};
}

// The adapter's layers of the SD fixture with another projector before them.
TensorMap with_projector(const Fixture& unet, const Fixture& projector) {
    TensorMap tensors = unet.tensors("ip_adapter.");
    for (const auto& [name, tensor] : projector.tensors()) {
        tensors["image_proj." + name] = tensor;
    }
    return tensors;
}

UNet2DCondition build_unet(const Fixture& fixture) {
    return UNet2DCondition(fixture.weights(), UNet2DConditionConfig::from_json(fixture.config));
}

IpAdapter open(const TensorMap& tensors, const UNet2DCondition& unet,
               const ClipVisionConfig& encoder) {
    const Weights weights(std::make_shared<MapSource>(tensors), {});
    IpAdapter adapter(weights, unet, encoder);
    weights.finish("ip_adapter");
    return adapter;
}

} // namespace

class TestIpAdapter : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void imageProjection_data() {
        QTest::addColumn<int>("tokens");
        QTest::newRow("one token") << 1;
        QTest::newRow("four tokens") << 4;
    }

    void imageProjection() {
        QFETCH(int, tokens);
        const Fixture fixture("network_image_projection_" + std::to_string(tokens));
        const Weights weights = fixture.weights();
        const ImageProjection projection(weights, 10, tokens, 12);
        weights.finish("image_proj");
        COMPARE_TENSORS(projection(fixture.input("image_embeds")), fixture.output("ip_tokens"),
                        kFloat32);
    }

    void resampler_data() {
        QTest::addColumn<int>("depth");
        QTest::newRow("one layer, two heads") << 1;
        QTest::newRow("two layers, one head") << 2;
    }

    void resampler() {
        QFETCH(int, depth);
        const Fixture fixture("network_resampler_" + std::to_string(depth));
        const Weights weights = fixture.weights();
        const Resampler network(weights, resampler_config(fixture.config));
        weights.finish("image_proj");
        COMPARE_TENSORS(network(fixture.input("features")), fixture.output("ip_tokens"), kFloat32);
    }

    void plainIsFoundFromItsShapes() {
        const Fixture golden("network_unet_sd");
        const auto unet = build_unet(golden);
        TensorMap tensors = golden.tensors("ip_adapter.");
        tensors.merge(golden.tensors("image_proj."));
        const auto adapter = open(tensors, unet, {.projection_dim = 6});
        QCOMPARE(adapter.kind, IpAdapterKind::plain);
        QCOMPARE(adapter.num_tokens, int64_t{3});
        const Tensor embeds = golden.input("image_embeds").flatten(0, 1);
        COMPARE_TENSORS(adapter.project(embeds), golden.output("ip_tokens").flatten(0, 1),
                        kFloat32);
    }

    void plusIsFoundFromItsShapes() {
        const Fixture golden("network_unet_sd"), projector("network_resampler_2");
        const auto unet = build_unet(golden);
        const auto adapter =
            open(with_projector(golden, projector), unet, {.hidden_size = 10, .projection_dim = 6});
        QCOMPARE(adapter.kind, IpAdapterKind::plus);
        QCOMPARE(adapter.num_tokens, int64_t{5});
        COMPARE_TENSORS(adapter.project(projector.input("features")), projector.output("ip_tokens"),
                        kFloat32);
    }

    void fullIsFoundFromItsShapes() {
        const Fixture golden("network_unet_sd"), projector("network_full_image_projection");
        const auto unet = build_unet(golden);
        const auto adapter =
            open(with_projector(golden, projector), unet,
                 {.hidden_size = 10, .image_size = 12, .patch_size = 4, .projection_dim = 6});
        QCOMPARE(adapter.kind, IpAdapterKind::full);
        QCOMPARE(adapter.num_tokens, int64_t{10}); // as the encoder gives
        COMPARE_TENSORS(adapter.project(projector.input("features")), projector.output("ip_tokens"),
                        kFloat32);
    }

    void faceIdIsDeclinedWithTheReason() {
        const Fixture golden("network_unet_sd");
        const auto unet = build_unet(golden);
        TensorMap tensors = golden.tensors("ip_adapter.");
        tensors["image_proj.proj.0.weight"] = at::zeros({24, 512});
        tensors["image_proj.proj.2.weight"] = at::zeros({48, 24});
        tensors["image_proj.norm.weight"] = at::zeros({12});
        const auto error = error_of([&] { (void)open(tensors, unet, {.projection_dim = 6}); });
        QVERIFY(error.has_value());
        QCOMPARE(error->code, ErrorCode::model_mismatch);
        QVERIFY2(QString(error->what()).contains("non-commercial"), error->what());
    }

    void keysOfJoinedTokensAreJoinedKeys() {
        const Fixture golden("network_unet_sd");
        const auto unet = build_unet(golden);
        TensorMap tensors = golden.tensors("ip_adapter.");
        tensors.merge(golden.tensors("image_proj."));
        const auto adapter = open(tensors, unet, {.projection_dim = 6});
        const Tensor tokens = golden.output("ip_tokens");
        const auto first = adapter.key_values(tokens.select(1, 0)),
                   second = adapter.key_values(tokens.select(1, 1));
        const auto both = adapter.key_values(tokens.flatten(1, 2));
        QCOMPARE(both.size(), unet.cross_attentions().size());
        for (std::size_t i = 0; i < both.size(); ++i) {
            COMPARE_TENSORS(at::cat({first[i].key, second[i].key}, 2), both[i].key, kFloat32);
            COMPARE_TENSORS(at::cat({first[i].value, second[i].value}, 2), both[i].value, kFloat32);
        }
    }

    void misfitsAreRefused_data() {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("said");
        QTest::newRow("another encoder") << "encoder"
                                         << "6";
        QTest::newRow("too few layers") << "layers"
                                        << "cross-attention layers";
        QTest::newRow("another width") << "width"
                                       << "ip_adapter.1.to_k_ip.weight";
        QTest::newRow("no projector") << "projector"
                                      << "image_proj";
        QTest::newRow("missing values") << "missing"
                                        << "ip_adapter.3.to_v_ip.weight";
    }

    void misfitsAreRefused() {
        QFETCH(QString, change);
        QFETCH(QString, said);
        const Fixture golden("network_unet_sd");
        const auto unet = build_unet(golden);
        TensorMap tensors = golden.tensors("ip_adapter.");
        tensors.merge(golden.tensors("image_proj."));
        ClipVisionConfig encoder{.projection_dim = 6};
        if (change == "encoder") {
            encoder.projection_dim = 7;
        } else if (change == "layers") {
            std::erase_if(tensors,
                          [](const auto& item) { return item.first.starts_with("ip_adapter.1."); });
        } else if (change == "width") {
            tensors["ip_adapter.1.to_k_ip.weight"] = at::zeros({8, 13});
        } else if (change == "projector") {
            std::erase_if(tensors,
                          [](const auto& item) { return item.first.starts_with("image_proj."); });
        } else {
            tensors.erase("ip_adapter.3.to_v_ip.weight");
        }
        try {
            (void)open(tensors, unet, encoder);
            QFAIL("an adapter that does not fit was accepted");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains(said), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TestIpAdapter)
#include "test_ip_adapter.moc"
