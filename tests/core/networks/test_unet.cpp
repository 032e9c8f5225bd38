#include "core/base/error.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/unet_case.h"

#include <ATen/ops/ones.h>

#include <QTest>

using namespace likeness;
using namespace likeness::test;

namespace {

void add_families() {
    QTest::addColumn<QString>("fixture");
    QTest::newRow("sd") << "network_unet_sd";
    QTest::newRow("sdxl") << "network_unet_sdxl";
}

} // namespace

class TestUnet : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void namesAndShapes_data() { add_families(); }

    void namesAndShapes() {
        QFETCH(QString, fixture);
        const Fixture golden(fixture.toStdString());
        (void)UnetCase::build(golden);
        TensorMap tensors = golden.tensors();
        tensors.erase("conv_norm_out.bias");
        tensors["mid_block.resnets.0.conv1.weight"] = at::ones({1});
        tensors["stranger"] = at::ones({1});
        const Weights weights(std::make_shared<MapSource>(tensors), {});
        const UNet2DCondition network(weights, UNet2DConditionConfig::from_json(golden.config));
        try {
            weights.finish("unet");
            QFAIL("a UNet with missing, mis-shaped and unknown tensors was accepted");
        } catch (const Error& error) {
            for (const char* name :
                 {"unet", "conv_norm_out.bias", "mid_block.resnets.0.conv1.weight"}) {
                QVERIFY2(QString(error.what()).contains(name), error.what());
            }
        }
    }

    void oneSampleForBothHalvesOfTheGuidance_data() { add_families(); }

    void oneSampleForBothHalvesOfTheGuidance() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        const AttentionContext context = c.with_references(0.8);
        const Tensor one = c.fixture.input("sample").slice(0, 0, 1);
        const Tensor time = c.fixture.input("timestep").flatten().slice(0, 0, 1);
        const Tensor apart = c.unet(one.expand({2, -1, -1, -1}), time, context, c.added);
        COMPARE_TENSORS(c.unet(one, time, context, c.added), apart, kFloat32);
        // Guards the line above: the halves do differ.
        QVERIFY((apart[0] - apart[1]).abs().max().item<double>() > 1e-3);
    }

    void betweenItsLayersItCanBeStopped_data() { add_families(); }

    void betweenItsLayersItCanBeStopped() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        AttentionContext context = c.text();
        int passed = 0;
        context.between = [&passed] { ++passed; };
        COMPARE_TENSORS(c.run(context), c.run(c.text()), kExact);
        const int all = passed;
        // Thrice in a transformer, and before every other part.
        QVERIFY(all > 3 * static_cast<int>(c.unet.cross_attentions().size()));
        for (const int stop : {1, all / 2, all}) {
            passed = 0;
            context.between = [&passed, stop] {
                if (++passed == stop) {
                    throw Cancelled{};
                }
            };
            QVERIFY_EXCEPTION_THROWN(c.run(context), Cancelled);
            QCOMPARE(passed, stop);
        }
    }

    void layersInTheAdaptersOrder_data() { add_families(); }

    void layersInTheAdaptersOrder() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        const auto expected =
            c.fixture.config["test_cross_attentions"].get<std::vector<std::string>>();
        const auto layers = c.unet.cross_attentions();
        QCOMPARE(layers.size(), expected.size());
        for (std::size_t i = 0; i < layers.size(); ++i) {
            QCOMPARE(layers[i]->path, expected[i]);
            QCOMPARE(layers[i]->index, i);
        }
    }

    void textOnly_data() { add_families(); }

    void textOnly() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        COMPARE_TENSORS(c.run(c.text()), c.fixture.output("text_only"), kFloat32);
    }

    void oddSides_data() { add_families(); }

    void oddSides() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        COMPARE_TENSORS(c.run(c.text(), "odd_sample"), c.fixture.output("odd"), kFloat32);
    }

    void withReferences_data() { add_families(); }

    void withReferences() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        COMPARE_TENSORS(c.run(c.with_references(c.fixture.config["test_scale"])),
                        c.fixture.output("with_references"), kFloat32);
    }

    void scaleZeroEqualsTextOnlyExactly_data() { add_families(); }

    void scaleZeroEqualsTextOnlyExactly() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        COMPARE_TENSORS(c.run(c.with_references(0)), c.run(c.text()), kExact);
    }

    void timestepPerRowEqualsOneForAll() {
        const UnetCase c("network_unet_sd");
        const Tensor sample = c.fixture.input("sample"), one = c.fixture.input("timestep");
        COMPARE_TENSORS(c.unet(sample, one.expand({2}), c.text()), c.unet(sample, one, c.text()),
                        kFloat32);
    }

    void configSurvivesJson_data() { add_families(); }

    void configSurvivesJson() {
        QFETCH(QString, fixture);
        const auto config = UNet2DConditionConfig::from_json(Fixture(fixture.toStdString()).config);
        QCOMPARE(UNet2DConditionConfig::from_json(config.to_json()).to_json().dump(),
                 config.to_json().dump());
    }

    void fieldsThatWouldChangeThePictureAreRefused_data() {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::newRow("scale shift") << "resnet_time_scale_shift"
                                     << "\"scale_shift\"";
        QTest::newRow("class embedding") << "class_embed_type"
                                         << "\"timestep\"";
        QTest::newRow("only cross attention") << "only_cross_attention"
                                              << "true";
        QTest::newRow("activation") << "act_fn"
                                    << "\"mish\"";
        QTest::newRow("guidance embedding") << "time_cond_proj_dim"
                                            << "256";
        QTest::newRow("block") << "down_block_types"
                               << R"(["KDownBlock2D", "DownBlock2D", "DownBlock2D"])";
    }

    void fieldsThatWouldChangeThePictureAreRefused() {
        QFETCH(QString, field);
        QFETCH(QString, value);
        auto json = Fixture("network_unet_sd").config;
        json[field.toStdString()] = nlohmann::json::parse(value.toStdString());
        try {
            (void)UNet2DConditionConfig::from_json(json);
            QFAIL("the field was ignored");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains(field), error.what());
        }
    }
};

QTEST_APPLESS_MAIN(TestUnet)
#include "test_unet.moc"
