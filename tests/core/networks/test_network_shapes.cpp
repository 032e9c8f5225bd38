#include "core/configs/network_shapes.h"
#include "core/models/autoencoder_kl.h"
#include "core/models/clip_text.h"
#include "core/models/clip_vision.h"
#include "core/models/unet_2d_condition.h"
#include "tests/support/error_of.h"

#include <ATen/ops/empty.h>

#include <QTest>

#include <functional>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

// Notes what a network asks for; gives tensors that have a shape and no memory.
class NotedSource : public WeightSource {
public:
    std::optional<std::vector<int64_t>> shape(const std::string&) const override {
        return std::nullopt;
    }

    Tensor take(const std::string&) override { return {}; }

    Tensor make(const std::string& name, const std::vector<int64_t>& wanted) override {
        asked.emplace(name, wanted);
        return at::empty(wanted, at::TensorOptions().dtype(at::kFloat).device(at::kMeta));
    }

    std::vector<std::string> names() const override { return {}; }

    NetworkShapes asked;
};

NetworkShapes asked_by(const std::function<void(const Weights&)>& build) {
    const auto source = std::make_shared<NotedSource>();
    build(Weights(source, WeightOptions{}));
    return source->asked;
}

// The first difference, empty where there is none.
std::string difference(const NetworkShapes& told, const NetworkShapes& asked) {
    for (const auto& [name, shape] : asked) {
        const auto found = told.find(name);
        if (found == told.end() || found->second != shape) {
            return name + (found == told.end() ? " is not told" : " has another shape");
        }
    }
    for (const auto& [name, shape] : told) {
        if (!asked.contains(name)) {
            return name + " is told and not asked for";
        }
    }
    return asked.empty() ? "nothing was asked for" : "";
}

using Json = nlohmann::json;

const Json kSd15 = {
    {"block_out_channels", {320, 640, 1280, 1280}},
    {"down_block_types",
     {"CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"}},
    {"up_block_types",
     {"UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"}},
    {"cross_attention_dim", 768},
    {"sample_size", 64}};
const Json kSdxl = {
    {"block_out_channels", {320, 640, 1280}},
    {"down_block_types", {"DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"}},
    {"up_block_types", {"CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"}},
    {"attention_head_dim", {5, 10, 20}},
    {"transformer_layers_per_block", {1, 2, 10}},
    {"cross_attention_dim", 2048},
    {"use_linear_projection", true},
    {"addition_embed_type", "text_time"},
    {"projection_class_embeddings_input_dim", 2816}};

} // namespace

// The shapes that are told of a config are those that the network built from it asks for.
class TestNetworkShapes : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void unet_data();
    void unet();
    void autoencoderKl_data();
    void autoencoderKl();
    void clipText();
    void clipVision();
    void absurdConfigsAreRefused();
};

void TestNetworkShapes::unet_data() {
    QTest::addColumn<QByteArray>("config");
    const auto row = [](const char* name, Json config, const Json& change) {
        config.merge_patch(change);
        QTest::newRow(name) << QByteArray::fromStdString(config.dump());
    };
    row("sd15", kSd15, Json::object());
    row("sd15 inpainting", kSd15, {{"in_channels", 9}});
    row("sd2", kSd15, {{"cross_attention_dim", 1024}, {"use_linear_projection", true}});
    row("sdxl", kSdxl, Json::object());
    row("uneven layers", kSd15, {{"layers_per_block", {1, 3, 2, 1}}});
    Json no_mid = kSdxl;
    no_mid["mid_block_type"] = nullptr;
    QTest::newRow("no mid block") << QByteArray::fromStdString(no_mid.dump());
    QTest::newRow("one level") << QByteArray(R"({"block_out_channels": [64],
        "down_block_types": ["CrossAttnDownBlock2D"], "up_block_types": ["CrossAttnUpBlock2D"],
        "out_channels": 8})");
}

void TestNetworkShapes::unet() {
    QFETCH(QByteArray, config);
    const auto c = UNet2DConditionConfig::from_json(Json::parse(config.toStdString()));
    QCOMPARE(difference(unet_shapes(c), asked_by([&](const Weights& w) { UNet2DCondition(w, c); })),
             std::string());
}

void TestNetworkShapes::autoencoderKl_data() {
    QTest::addColumn<QByteArray>("config");
    QTest::newRow("published") << QByteArray(
        R"({"block_out_channels": [128, 256, 512, 512], "layers_per_block": 2})");
    QTest::newRow("no quant, no attention") << QByteArray(
        R"({"block_out_channels": [32, 64, 96], "latent_channels": 16, "use_quant_conv": false,
            "use_post_quant_conv": false, "mid_block_add_attention": false})");
    QTest::newRow("one level") << QByteArray(R"({"block_out_channels": [32]})");
}

void TestNetworkShapes::autoencoderKl() {
    QFETCH(QByteArray, config);
    const auto c = AutoencoderKLConfig::from_json(Json::parse(config.toStdString()));
    QCOMPARE(difference(autoencoder_kl_shapes(c),
                        asked_by([&](const Weights& w) { AutoencoderKL(w, c); })),
             std::string());
}

void TestNetworkShapes::clipText() {
    for (const char* architecture : {"CLIPTextModel", "CLIPTextModelWithProjection"}) {
        const auto c = ClipTextConfig::from_json({{"architectures", {architecture}},
                                                  {"hidden_size", 768},
                                                  {"intermediate_size", 3072},
                                                  {"num_attention_heads", 12},
                                                  {"projection_dim", 640}});
        QCOMPARE(
            difference(clip_text_shapes(c), asked_by([&](const Weights& w) { ClipText(w, c); })),
            std::string());
    }
}

void TestNetworkShapes::clipVision() {
    const auto c = ClipVisionConfig::from_json({{"hidden_size", 1280},
                                                {"intermediate_size", 5120},
                                                {"num_hidden_layers", 32},
                                                {"num_attention_heads", 16},
                                                {"patch_size", 14},
                                                {"projection_dim", 1024}});
    QCOMPARE(
        difference(clip_vision_shapes(c), asked_by([&](const Weights& w) { ClipVision(w, c); })),
        std::string());
}

// Every field within its limits, and a network that no file could hold.
void TestNetworkShapes::absurdConfigsAreRefused() {
    const Json config = {{"block_out_channels", std::vector<int>(16, 32)},
                         {"down_block_types", std::vector<std::string>(16, "CrossAttnDownBlock2D")},
                         {"up_block_types", std::vector<std::string>(16, "CrossAttnUpBlock2D")},
                         {"layers_per_block", 64},
                         {"transformer_layers_per_block", 256}};
    QCOMPARE(code_of([&] { unet_shapes(UNet2DConditionConfig::from_json(config)); }),
             std::string("model_mismatch"));
    QCOMPARE(code_of([] {
                 ClipTextConfig::from_json({{"hidden_act", "mish"}});
             }),
             std::string("model_mismatch"));
}

QTEST_APPLESS_MAIN(TestNetworkShapes)
#include "test_network_shapes.moc"
