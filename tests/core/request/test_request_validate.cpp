#include "core/request/encoder_config.h"
#include "core/request/job_event.h"
#include "core/request/limits.h"
#include "core/request/model_folder.h"
#include "core/request/validate.h"
#include "tests/support/problem_text.h"

#include <QTest>

#include <cmath>
#include <functional>
#include <limits>
#include <set>

using namespace likeness;

namespace {

const ModelTraits kTraits{.vae_factor = 8, .has_ip_adapter = true};

GenerationRequest good_request() {
    GenerationRequest request;
    request.references = {{.path = "a.png"}};
    request.width = 512;
    request.height = 640;
    return request;
}

std::string message_of(const GenerationRequest& request, const std::string& field,
                       const ModelTraits& traits = kTraits) {
    return problem_text(request, field, traits);
}

using Edit = std::function<void(GenerationRequest&)>;

} // namespace

Q_DECLARE_METATYPE(Edit)

class TestRequestValidate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goodRequestsHaveNoProblem();
    void oneProblemAtItsField_data();
    void oneProblemAtItsField();
    void edgesOfEveryLimitAreAllowed();
    void sizesAreToldWithTheirNeighbours_data();
    void sizesAreToldWithTheirNeighbours();
    void allProblemsComeAtOnce();
    void blockNames_data();
    void blockNames();
    void blocksOfAReferenceAreThoseOfTheModel();
    void blocksAreReadOffTheConfig();
    void stagesHaveTheirWords();
};

void TestRequestValidate::goodRequestsHaveNoProblem() {
    QVERIFY(validate({}, kTraits).empty());
    QVERIFY(validate({}, {}).empty());
    QVERIFY(validate(good_request(), kTraits).empty());
    GenerationRequest request = good_request();
    request.references.resize(10, request.references[0]);
    request.device = "cuda:3";
    request.dtype = "float16";
    request.seed = std::numeric_limits<std::uint64_t>::max();
    request.ip_adapter = "some.safetensors";
    QVERIFY(validate(request, {}).empty()); // the adapter is named, so the model needs none
}

void TestRequestValidate::oneProblemAtItsField_data() {
    QTest::addColumn<QString>("field");
    QTest::addColumn<Edit>("edit");
    const auto row = [](const char* name, const char* field, Edit edit) {
        QTest::newRow(name) << QString(field) << std::move(edit);
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const double inf = std::numeric_limits<double>::infinity();
    row("no model", "model", [](auto& r) { r.model.clear(); });
    row("eleven references", "references",
        [](auto& r) { r.references.resize(11, r.references[0]); });
    row("reference of nothing", "references[0]", [](auto& r) { r.references[0].path.clear(); });
    row("scale below", "references[0].ip_adapter_scale",
        [](auto& r) { r.references[0].ip_adapter_scale = -0.01; });
    row("scale above", "references[0].ip_adapter_scale",
        [](auto& r) { r.references[0].ip_adapter_scale = 1.51; });
    row("scale nan", "references[0].ip_adapter_scale",
        [=](auto& r) { r.references[0].ip_adapter_scale = nan; });
    row("range empty", "references[0].range_start",
        [](auto& r) { r.references[0].range_start = r.references[0].range_end = 0.5; });
    row("range backwards", "references[0].range_start", [](auto& r) {
        r.references[0].range_start = 0.8;
        r.references[0].range_end = 0.2;
    });
    row("range past the end", "references[0].range_end",
        [](auto& r) { r.references[0].range_end = 1.1; });
    row("range nan", "references[0].range_start",
        [=](auto& r) { r.references[0].range_start = nan; });
    row("crop past the side", "references[0].crop", [](auto& r) {
        r.references[0].view.crop = {0.5, 0, 0.6, 1};
    });
    row("crop of nothing", "references[0].crop", [](auto& r) {
        r.references[0].view.crop = {0, 0, 1, 0};
    });
    row("crop nan", "references[0].crop", [=](auto& r) {
        r.references[0].view.crop = {0, nan, 1, 1};
    });
    row("block of a reference", "references[0].block_scales.side",
        [](auto& r) { r.references[0].block_scales["side"] = 1; });
    row("block scale of a reference", "references[0].block_scales.mid",
        [](auto& r) { r.references[0].block_scales["mid"] = 2.5; });
    row("master scale", "master_scale", [=](auto& r) { r.master_scale = inf; });
    row("block", "block_scales.side", [](auto& r) { r.block_scales["side"] = 1; });
    row("block scale", "block_scales.mid", [](auto& r) { r.block_scales["mid"] = 2.5; });
    row("block scale nan", "block_scales.mid", [=](auto& r) { r.block_scales["mid"] = nan; });
    row("width too small", "width", [](auto& r) { r.width = 24; });
    row("width negative", "width", [](auto& r) { r.width = -512; });
    row("height too large", "height", [](auto& r) { r.height = std::numeric_limits<int>::max(); });
    row("no steps", "num_inference_steps", [](auto& r) { r.num_inference_steps = 0; });
    row("too many steps", "num_inference_steps", [](auto& r) { r.num_inference_steps = 1001; });
    row("guidance", "guidance_scale", [](auto& r) { r.guidance_scale = 30.5; });
    row("guidance nan", "guidance_scale", [=](auto& r) { r.guidance_scale = nan; });
    row("rescale", "guidance_rescale", [](auto& r) { r.guidance_rescale = 1.5; });
    row("no picture", "num_images", [](auto& r) { r.num_images = 0; });
    row("seeds past the last", "seed", [](auto& r) {
        r.seed = std::numeric_limits<std::uint64_t>::max();
        r.num_images = 2;
    });
    row("variation", "variations[1].strength", [](auto& r) {
        r.variations = {{}, {.strength = 1.5}};
    });
    row("variation nan", "variations[0].strength",
        [=](auto& r) { r.variations = {{.strength = nan}}; });
    row("too many variations", "variations", [](auto& r) { r.variations.resize(9); });
    row("variation seeds past the last", "variations[0].seed", [](auto& r) {
        r.variations = {{.seed = std::numeric_limits<std::uint64_t>::max()}};
        r.num_images = 2;
    });
    const auto branch = [](auto& r, int step) {
        auto of = r;
        of.num_images = 1;
        r.num_images = 1;
        r.branch = std::make_shared<const Branch>(Branch{.of = of, .step = step});
    };
    row("branch before the first step", "branch.step", [=](auto& r) { branch(r, 0); });
    row("branch after the last step", "branch.step", [=](auto& r) {
        r.num_inference_steps = 8;
        branch(r, 32); // no scheduler makes more than four calls a step
    });
    row("branch of another size", "width", [=](auto& r) {
        branch(r, 1);
        r.width = *r.width + 64;
    });
    row("branch of another model", "model", [=](auto& r) {
        branch(r, 1);
        r.model = "another";
    });
    row("branch to several", "num_images", [=](auto& r) {
        branch(r, 1);
        r.num_images = 2;
    });
    row("branch from what cannot run", "branch.of.guidance_scale", [=](auto& r) {
        const double fit = r.guidance_scale.value_or(1);
        r.guidance_scale = 40;
        branch(r, 1);
        r.guidance_scale = fit;
    });
    row("branches upon branches", "branch", [=](auto& r) {
        for (int i = 0; i <= kMaxBranches; ++i) {
            branch(r, 1);
        }
    });
    row("branch with another lora", "loras", [=](auto& r) {
        branch(r, 1);
        r.loras = {{.path = "a"}};
    });
    row("branch with another word", "textual_inversions", [=](auto& r) {
        branch(r, 1);
        r.textual_inversions = {{.path = "a"}};
    });
    row("lora without path", "loras[0].path", [](auto& r) { r.loras = {{}}; });
    row("lora's scale", "loras[1].scale", [](auto& r) {
        r.loras = {{.path = "a"}, {.path = "b", .scale = -10.5}};
    });
    row("lora's block", "loras[0].block_scales.middle", [](auto& r) {
        r.loras = {{.path = "a", .block_scales = {{"middle", 1.0}}}};
    });
    row("too many loras", "loras",
        [](auto& r) { r.loras.assign(kMaxLoras + 1, Lora{.path = "a"}); });
    row("word without path", "textual_inversions[0].path",
        [](auto& r) { r.textual_inversions = {{}}; });
    row("word of two words", "textual_inversions[0].token",
        [](auto& r) { r.textual_inversions = {{.path = "a", .token = "a b"}}; });
    row("clip skip", "clip_skip", [](auto& r) { r.clip_skip = -1; });
    row("threads", "threads", [](auto& r) { r.threads = -1; });
    row("device", "device", [](auto& r) { r.device = "tpu"; });
    row("device number", "device", [](auto& r) { r.device = "cuda:x"; });
    row("device without number", "device", [](auto& r) { r.device = "cuda:"; });
    row("dtype", "dtype", [](auto& r) { r.dtype = "fp16"; });
}

void TestRequestValidate::oneProblemAtItsField() {
    QFETCH(QString, field);
    QFETCH(Edit, edit);
    GenerationRequest request = good_request();
    edit(request);
    const auto problems = validate(request, kTraits);
    QCOMPARE(problems.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(problems[0].field), field);
    QVERIFY(!problems[0].message.empty());
}

void TestRequestValidate::edgesOfEveryLimitAreAllowed() {
    for (const bool lowest : {true, false}) {
        const auto edge = [&](const char* field) {
            return lowest ? limit(field).minimum : limit(field).maximum;
        };
        GenerationRequest request = good_request();
        request.width = static_cast<int>(edge("width"));
        request.height = static_cast<int>(edge("height"));
        request.num_inference_steps = static_cast<int>(edge("num_inference_steps"));
        request.guidance_scale = edge("guidance_scale");
        request.guidance_rescale = edge("guidance_rescale");
        request.references[0].ip_adapter_scale = edge("ip_adapter_scale");
        request.master_scale = edge("master_scale");
        request.block_scales["mid"] = edge("block_scale");
        request.num_images = static_cast<int>(edge("num_images"));
        request.loras = {{.path = "a", .scale = edge("lora_scale")}};
        request.clip_skip = static_cast<int>(edge("clip_skip"));
        request.threads = static_cast<int>(edge("threads"));
        QVERIFY(validate(request, kTraits).empty());
    }
}

void TestRequestValidate::sizesAreToldWithTheirNeighbours_data() {
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("factor");
    QTest::addColumn<QString>("words");
    QTest::newRow("between") << 513 << 8 << "512 or 520";
    QTest::newRow("just below") << 519 << 8 << "512 or 520";
    QTest::newRow("factor 4") << 130 << 4 << "128 or 132";
    QTest::newRow("at the lower end") << 40 << 64 << "64 would do";
    QTest::newRow("at the upper end") << 4095 << 60 << "4080 would do";
    QTest::newRow("fits") << 512 << 8 << "none";
    QTest::newRow("fits another factor") << 132 << 4 << "none";
}

void TestRequestValidate::sizesAreToldWithTheirNeighbours() {
    QFETCH(int, width);
    QFETCH(int, factor);
    QFETCH(QString, words);
    GenerationRequest request;
    request.width = width;
    const std::string message = message_of(request, "width", {.vae_factor = factor});
    QVERIFY2(QString::fromStdString(message).contains(words), message.c_str());
}

void TestRequestValidate::allProblemsComeAtOnce() {
    GenerationRequest request = good_request();
    request.width = 511;
    request.height = 0;
    request.num_inference_steps = 0;
    request.guidance_scale = -1;
    request.references[0].ip_adapter_scale = 9;
    request.device = "device0";
    request.dtype = "float8";
    std::set<std::string> fields;
    for (const Problem& problem : validate(request, {})) {
        fields.insert(problem.field);
    }
    const std::set<std::string> expected = {
        "width",          "height",     "num_inference_steps",
        "guidance_scale", "references", "references[0].ip_adapter_scale",
        "device",         "dtype"};
    QVERIFY(fields == expected);
}

void TestRequestValidate::blockNames_data() {
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("is_good");
    for (const char* name :
         {"mid", "down.block_0", "up.block_3", "down.block_12", "up.block_0.attentions_2"}) {
        QTest::newRow(name) << QString(name) << true;
    }
    for (const char* name :
         {"", "middle", "mid.block_0", "down", "down.block_", "down.block_x", "down.block_123",
          "down.block_1.", "down.block_1.attentions_", "down.block_1.attentions_x", "side.block_1",
          "down.block_1.resnets_0", "down.block_-1", " mid"}) {
        QTest::newRow(*name == '\0' ? "empty" : name) << QString(name) << false;
    }
}

void TestRequestValidate::blockNames() {
    QFETCH(QString, name);
    QFETCH(bool, is_good);
    GenerationRequest request;
    request.block_scales[name.toStdString()] = 0.5;
    QCOMPARE(validate(request, kTraits).empty(), is_good);
}

void TestRequestValidate::blocksOfAReferenceAreThoseOfTheModel() {
    ModelTraits traits = kTraits;
    traits.attention_blocks = {"down.block_1.attentions_0", "mid", "up.block_0.attentions_0"};
    GenerationRequest request = good_request();
    request.references[0].block_scales = {{"down.block_1", 0}, {"up.block_0.attentions_0", 1}};
    QVERIFY(validate(request, traits).empty());
    request.references[0].block_scales["up.block_2"] = 1;
    QVERIFY(validate(request, kTraits).empty()); // not known, so not refused
    const QString message = QString::fromStdString(
        message_of(request, "references[0].block_scales.up.block_2", traits));
    QVERIFY2(message.contains("down.block_1.attentions_0, mid"), qPrintable(message));
}

// The counts of SD 1.5 and SDXL (checkpoints.md 8.3) and a model of our own.
void TestRequestValidate::blocksAreReadOffTheConfig() {
    const auto sd15 = attention_blocks(nlohmann::json::parse(R"({"layers_per_block": 2,
        "down_block_types": ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D",
                             "CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D",
                           "CrossAttnUpBlock2D"]})"));
    QCOMPARE(sd15.size(), std::size_t{16});
    QCOMPARE(sd15[6], std::string("mid"));
    QCOMPARE(sd15[9], std::string("up.block_1.attentions_2"));
    const auto sdxl = attention_blocks(nlohmann::json::parse(R"({"layers_per_block": 2,
        "down_block_types": ["DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"],
        "up_block_types": ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"]})"));
    QCOMPARE(sdxl.size(), std::size_t{11});
    QCOMPARE(sdxl[3], std::string("down.block_2.attentions_1"));
    QCOMPARE(sdxl[6], std::string("up.block_0.attentions_1"));
    QVERIFY(attention_blocks(nlohmann::json::parse(R"([1])")).empty());
    const ModelTraits starter = read_model_folder(resource_folder() / "starter").traits;
    QCOMPARE(starter.attention_blocks.size(), std::size_t{7});
    QCOMPARE(starter.encoder.crop_size, 96);
}

void TestRequestValidate::stagesHaveTheirWords() {
    QCOMPARE(to_string(Stage::load), "load");
    QCOMPARE(to_string(Stage::encode_prompt), "encode_prompt");
    QCOMPARE(to_string(Stage::encode_references), "encode_references");
    QCOMPARE(to_string(Stage::denoise), "denoise");
    QCOMPARE(to_string(Stage::decode), "decode");
}

QTEST_APPLESS_MAIN(TestRequestValidate)
#include "test_request_validate.moc"
