#include "core/base/error.h"
#include "core/models/clip_text.h"
#include "core/models/clip_vision.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/fixture.h"

#include <ATen/ops/full_like.h>

#include <QTest>

#include <limits>
#include <stdexcept>

using namespace likeness;
using namespace likeness::test;

namespace {

// Builds the network, and throws where names or shapes are not exactly the published ones.
template <typename Network, typename Config>
Network build(const Fixture& fixture) {
    const Weights weights = fixture.weights();
    Network network(weights, Config::from_json(fixture.config));
    weights.finish("network");
    return network;
}

} // namespace

class TestClip : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void namesAndShapes() {
        for (const char* name : {"network_clip_text", "network_clip_text_projection_first"}) {
            (void)build<ClipText, ClipTextConfig>(Fixture(name));
        }
        (void)build<ClipVision, ClipVisionConfig>(Fixture("network_clip_vision_gelu"));
    }

    void missingTensorIsNamed() {
        const Fixture fixture("network_clip_text");
        TensorMap tensors = fixture.tensors();
        tensors.erase("text_model.encoder.layers.1.mlp.fc2.bias");
        const Weights weights(std::make_shared<MapSource>(tensors), {});
        const ClipText network(weights, ClipTextConfig::from_json(fixture.config));
        try {
            weights.finish("text_encoder");
            QFAIL("a network without a tensor was accepted");
        } catch (const Error& error) {
            QVERIFY(QString(error.what()).contains("text_model.encoder.layers.1.mlp.fc2.bias"));
        }
    }

    // As transformers saves CLIPTextModel from 5.0 on.
    void keysWithoutTheirPrefixAreRead() {
        const Fixture fixture("network_clip_text");
        TensorMap tensors;
        for (const auto& [name, tensor] : fixture.tensors()) {
            const std::string prefix = "text_model.";
            tensors[name.starts_with(prefix) ? name.substr(prefix.size()) : name] = tensor;
        }
        const Weights weights(std::make_shared<MapSource>(tensors), {});
        const ClipText network(weights, ClipTextConfig::from_json(fixture.config));
        weights.finish("text_encoder");
        COMPARE_TENSORS(network(fixture.input("input_ids")).last_hidden_state,
                        fixture.output("last_hidden_state"), kFloat32);
    }

    // A streamed network has no layers and the same numbers; what a file lacks is told as ever.
    void streamedIsTheSame() {
        const WeightOptions streaming{.stream = true};
        const Fixture text("network_clip_text");
        const Weights text_weights(std::make_shared<MapSource>(text.tensors()), streaming);
        ClipText streamed(text_weights, ClipTextConfig::from_json(text.config));
        text_weights.finish("text_encoder");
        QVERIFY(streamed.encoder.layers.empty());
        const auto kept = build<ClipText, ClipTextConfig>(text)(text.input("input_ids"));
        int layers = 0;
        const auto read = streamed(text.input("input_ids"), [&layers] { ++layers; });
        QCOMPARE(layers, static_cast<int>(kept.hidden_states.size()) - 1);
        COMPARE_TENSORS(read.last_hidden_state, kept.last_hidden_state, kExact);
        streamed.encoder.hold();
        QCOMPARE(streamed.encoder.layers.size(), kept.hidden_states.size() - 1);
        COMPARE_TENSORS(streamed(text.input("input_ids")).last_hidden_state, kept.last_hidden_state,
                        kExact);

        const Fixture vision("network_clip_vision_gelu");
        const Weights weights(std::make_shared<MapSource>(vision.tensors()), streaming);
        const ClipVision tower(weights, ClipVisionConfig::from_json(vision.config));
        weights.finish("image_encoder");
        const Tensor pixels = vision.input("pixel_values"), other = pixels.flip({2});
        const auto alone = build<ClipVision, ClipVisionConfig>(vision);
        const auto all = tower.of_all({pixels, other});
        COMPARE_TENSORS(all[0].image_embeds, alone(pixels).image_embeds, kExact);
        COMPARE_TENSORS(all[0].penultimate_states, alone(pixels).penultimate_states, kExact);
        COMPARE_TENSORS(all[1].image_embeds, alone(other).image_embeds, kExact);
    }

    void aStreamedLayerIsChecked() {
        const Fixture fixture("network_clip_text");
        TensorMap tensors = fixture.tensors();
        const std::string name = "text_model.encoder.layers.1.mlp.fc2.bias";
        tensors[name] = at::full_like(tensors[name], std::numeric_limits<double>::infinity());
        const Weights weights(std::make_shared<MapSource>(tensors), {.stream = true});
        const ClipText network(weights, ClipTextConfig::from_json(fixture.config));
        weights.finish("text_encoder"); // no value was read yet
        QVERIFY_THROWS_EXCEPTION(Error, network(fixture.input("input_ids")));
        tensors.erase(name);
        const Weights missing(std::make_shared<MapSource>(tensors), {.stream = true});
        const ClipText other(missing, ClipTextConfig::from_json(fixture.config));
        QVERIFY_THROWS_EXCEPTION(Error, missing.finish("text_encoder"));
    }

    // Whoever wishes to stop is heard between two layers.
    void stopsBetweenLayers() {
        const Fixture fixture("network_clip_text");
        const auto network = build<ClipText, ClipTextConfig>(fixture);
        int before = 2;
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, network(fixture.input("input_ids"), [&] {
                                     if (--before == 0) {
                                         throw std::runtime_error("stopped");
                                     }
                                 }));
        QCOMPARE(before, 0);
    }

    void textHiddenStates() {
        const Fixture fixture("network_clip_text");
        const auto out = build<ClipText, ClipTextConfig>(fixture)(fixture.input("input_ids"));
        for (std::size_t i = 0; i < out.hidden_states.size(); ++i) {
            COMPARE_TENSORS(out.hidden_states[i],
                            fixture.output("hidden_states." + std::to_string(i)), kFloat32);
        }
        QCOMPARE(out.hidden_states.size(), std::size_t{4});
        COMPARE_TENSORS(out.last_hidden_state, fixture.output("last_hidden_state"), kFloat32);
        COMPARE_TENSORS(out.pooled, fixture.output("pooled"), kFloat32);
        QVERIFY(!out.text_embeds.defined());
    }

    void textProjectionAtTheEndToken_data() {
        QTest::addColumn<QString>("fixture");
        QTest::newRow("first of that id") << "network_clip_text_projection_first";
        QTest::newRow("largest id") << "network_clip_text_projection_largest";
    }

    void textProjectionAtTheEndToken() {
        QFETCH(QString, fixture);
        const Fixture golden(fixture.toStdString());
        const auto out = build<ClipText, ClipTextConfig>(golden)(golden.input("input_ids"));
        COMPARE_TENSORS(out.last_hidden_state, golden.output("last_hidden_state"), kFloat32);
        COMPARE_TENSORS(out.hidden_states[out.hidden_states.size() - 2],
                        golden.output("penultimate"), kFloat32);
        COMPARE_TENSORS(out.text_embeds, golden.output("text_embeds"), kFloat32);
    }

    void textIsCausal() {
        const Fixture fixture("network_clip_text");
        const auto network = build<ClipText, ClipTextConfig>(fixture);
        const Tensor ids = fixture.input("input_ids");
        Tensor changed = ids.clone();
        changed.slice(1, 30).fill_(5);
        COMPARE_TENSORS(network(changed).last_hidden_state.slice(1, 0, 30),
                        network(ids).last_hidden_state.slice(1, 0, 30), kFloat32);
    }

    void vision_data() {
        QTest::addColumn<QString>("fixture");
        QTest::newRow("gelu") << "network_clip_vision_gelu";
        QTest::newRow("quick_gelu") << "network_clip_vision_quick_gelu";
    }

    void vision() {
        QFETCH(QString, fixture);
        const Fixture golden(fixture.toStdString());
        const auto out = build<ClipVision, ClipVisionConfig>(golden)(golden.input("pixel_values"));
        COMPARE_TENSORS(out.penultimate_states, golden.output("penultimate_states"), kFloat32);
        COMPARE_TENSORS(out.image_embeds, golden.output("image_embeds"), kFloat32);
    }

    void configsSurviveJson() {
        const auto text =
            ClipTextConfig::from_json(Fixture("network_clip_text_projection_first").config);
        QCOMPARE(ClipTextConfig::from_json(text.to_json()).to_json().dump(), text.to_json().dump());
        QCOMPARE(text.projection_dim, int64_t{20});
        QCOMPARE(text.eos_token_id, int64_t{47});
        const auto vision = ClipVisionConfig::from_json(Fixture("network_clip_vision_gelu").config);
        QCOMPARE(ClipVisionConfig::from_json(vision.to_json()).to_json().dump(),
                 vision.to_json().dump());
    }
};

QTEST_APPLESS_MAIN(TestClip)
#include "test_clip.moc"
