#include "core/request/json.h"
#include "core/request/resolve.h"
#include "tests/support/error_of.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

// A request in which no field has its default.
GenerationRequest full_request() {
    GenerationRequest request{
        .model = "/models/sd \"15\"",
        .ip_adapter = "plus",
        .image_encoder = "/models/encoder",
        .prompt = "a café, \"quoted\"\n日本語 🙂\t\\",
        .negative_prompt = "",
        .references =
            {{.path = "a.png", .sha256 = "00ff", .ip_adapter_scale = 0.1, .range_start = 0.25},
             {.path = "b/ü.jpg",
              .mask_path = "m.png",
              .ip_adapter_scale = 1.0 / 3.0,
              .range_end = 0.5}},
        .master_scale = 1.2,
        .combine = CombineMode::average,
        .block_scales = {{"up.block_0", 0.0}, {"down.block_1", 2.0}, {"mid", 0.7}},
        .width = 512,
        .height = 768,
        .num_inference_steps = 31,
        .guidance_scale = 7.25,
        .guidance_rescale = 0.7,
        .scheduler = SchedulerKind::euler,
        .seed = std::numeric_limits<std::uint64_t>::max(),
        .num_images = 4,
        .variations = {{.seed = 9, .strength = 0.3}, {.seed = 10}},
        .branch = std::make_shared<const Branch>(Branch{
            .of = {.prompt = "before", .references = {{.path = "a.png"}}, .seed = 5}, .step = 7}),
        .clip_skip = 1,
        .loras = {{.path = "l.safetensors", .scale = -0.5, .block_scales = {{"mid", 0.0}}},
                  {.path = "m.safetensors"}},
        .textual_inversions = {{.path = "w.safetensors", .token = "<w>"},
                               {.path = "v.safetensors", .muted = true}},
        .prompt_syntax = PromptSyntax::plain,
        .prompt_2 = "second",
        .negative_prompt_2 = "not this",
        .sizes = {.original_width = 1, .crop_top = 0, .target_height = 4096},
        .device = "cuda:1",
        .dtype = "bfloat16",
        .threads = 3};
    ReferenceImage& third = request.references.emplace_back();
    third.path = "c.png";
    third.block_scales = {{"mid", 0.0}, {"up.block_1.attentions_0", 1.0 / 3.0}};
    third.view.fit = EncoderFit::pad;
    third.view.crop = {0.1, 0.25, 1.0 / 3.0, 0.75};
    third.look_mask_path = "l.png";
    return request;
}

QString problem_of(const std::string& json) {
    const auto error = error_of([&] { (void)request_from_json(json); });
    return error && error->code == ErrorCode::bad_request ? error->what() : "none";
}

} // namespace

class TestRequestJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void defaultsSurvive();
    void everyFieldSurvives();
    void randomNumbersSurvive();
    void keysHaveTheirOrder();
    void missingKeysMeanDefaults();
    void whatIsMutedIsKeptAndNotRun();
    void handWrittenFileIsRead();
    void nullLeavesTheModelsDefault();
    void wrongValuesAreNamed_data();
    void wrongValuesAreNamed();
    void allProblemsAreTold();
    void pixelsStayOut();
    void bytesThatAreNoTextDoNotThrow();
};

void TestRequestJson::defaultsSurvive() {
    const std::string text = to_json(GenerationRequest{});
    QVERIFY(request_from_json(text) == GenerationRequest{});
    QCOMPARE(to_json(request_from_json(text)), text);
}

void TestRequestJson::everyFieldSurvives() {
    const auto request = full_request();
    const std::string text = to_json(request);
    QVERIFY(request_from_json(text) == request);
    QCOMPARE(to_json(request_from_json(text)), text);
    QVERIFY(QString::fromStdString(text).contains("\"seed\":18446744073709551615"));
}

void TestRequestJson::randomNumbersSurvive() {
    std::mt19937_64 random(5);
    std::uniform_real_distribution<double> share(0.0, 1.5);
    for (int i = 0; i < 2'000; ++i) {
        GenerationRequest request;
        request.seed = random();
        request.master_scale = share(random);
        request.guidance_scale = std::ldexp(share(random), static_cast<int>(random() % 60) - 30);
        request.references = {{.path = "a", .ip_adapter_scale = share(random)}};
        QVERIFY(request_from_json(to_json(request)) == request);
    }
    QVERIFY(
        QString::fromStdString(to_json({.master_scale = 0.1})).contains("\"master_scale\":0.1,"));
}

void TestRequestJson::keysHaveTheirOrder() {
    std::vector<std::string> keys;
    const auto json = nlohmann::ordered_json::parse(to_json(full_request()));
    for (const auto& [key, value] : json.items()) {
        keys.push_back(key);
    }
    const std::vector<std::string> expected = {"model",           "ip_adapter",
                                               "image_encoder",   "prompt",
                                               "negative_prompt", "references",
                                               "master_scale",    "combine",
                                               "block_scales",    "width",
                                               "height",          "num_inference_steps",
                                               "guidance_scale",  "guidance_rescale",
                                               "scheduler",       "seed",
                                               "num_images",      "clip_skip",
                                               "device",          "dtype",
                                               "threads",         "prompt_syntax",
                                               "prompt_2",        "negative_prompt_2",
                                               "original_width",  "crop_top",
                                               "target_height",   "variations",
                                               "loras",           "textual_inversions",
                                               "branch"};
    QCOMPARE(keys, expected);
    // What is as ever is not written: a request without it reads as before.
    QVERIFY(!QString::fromStdString(to_json(GenerationRequest{})).contains("prompt_2") &&
            !QString::fromStdString(to_json(GenerationRequest{})).contains("prompt_syntax"));
    QCOMPARE(
        json["references"][1].dump(),
        R"({"path":"b/ü.jpg","ip_adapter_scale":0.3333333333333333,"mask_path":"m.png","range":[0.0,0.5]})");
    QCOMPARE(
        json["loras"].dump(),
        R"([{"path":"l.safetensors","scale":-0.5,"block_scales":{"mid":0.0}},{"path":"m.safetensors","scale":1.0}])");
    QVERIFY(to_json(GenerationRequest{.loras = {{.path = "l", .muted = true}}})
                .find(R"("muted":true)") != std::string::npos);
    QCOMPARE(json["textual_inversions"].dump(),
             R"([{"path":"w.safetensors","token":"<w>"},{"path":"v.safetensors","muted":true}])");
    QCOMPARE(
        json["references"][2].dump(),
        R"({"path":"c.png","ip_adapter_scale":0.6,"range":[0.0,1.0],"fit":"pad","crop":[0.1,0.25,0.3333333333333333,0.75],"look_mask_path":"l.png","block_scales":{"mid":0.0,"up.block_1.attentions_0":0.3333333333333333}})");
}

void TestRequestJson::whatIsMutedIsKeptAndNotRun() {
    const GenerationRequest request{
        .loras = {{.path = "a", .muted = true}, {.path = "b"}},
        .textual_inversions = {{.path = "w", .muted = true}, {.path = "x"}}};
    const GenerationRequest read = request_from_json(to_json(request));
    QVERIFY(read == request);
    const GenerationRequest runs = resolve(read, {});
    QCOMPARE(runs.loras.size(), std::size_t{1});
    QCOMPARE(runs.loras[0].path, std::string("b"));
    QCOMPARE(runs.textual_inversions.size(), std::size_t{1});
    QCOMPARE(runs.textual_inversions[0].path, std::string("x"));
    // A branch of a picture that was made with what is not muted fits.
    GenerationRequest branched = request;
    branched.branch = std::make_shared<const Branch>(Branch{.of = runs, .step = 2});
    QVERIFY(validate(branched, {}).empty());
}

void TestRequestJson::missingKeysMeanDefaults() {
    QVERIFY(request_from_json("{}") == GenerationRequest{});
    QVERIFY(request_from_json(R"({"references":[{}]})").references ==
            std::vector<ReferenceImage>(1));
}

void TestRequestJson::handWrittenFileIsRead() {
    const auto request = request_from_json(R"( {
        "prompt": "a mug", "width": 256, "guidance_scale": 5, "scheduler": "ddim",
        "references": [ { "path": "mug.png", "range": [0, 1] } ], "seed": 7 } )");
    QCOMPARE(request.prompt, "a mug");
    QCOMPARE(*request.width, 256);
    QCOMPARE(*request.guidance_scale, 5.0);
    QVERIFY(*request.scheduler == SchedulerKind::ddim);
    QCOMPARE(request.references.at(0).ip_adapter_scale, 0.6);
    QCOMPARE(request.seed, std::uint64_t{7});
}

void TestRequestJson::nullLeavesTheModelsDefault() {
    const auto request = request_from_json(
        R"({"width":null,"negative_prompt":null,"guidance_scale":null,"scheduler":null,"num_inference_steps":null})");
    QVERIFY(request == GenerationRequest{});
}

void TestRequestJson::wrongValuesAreNamed_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, const std::string& json, const char* words) {
        QTest::newRow(name) << QByteArray::fromStdString(json) << QString(words);
    };
    row("not JSON", "{", "not valid JSON");
    row("empty", "", "not valid JSON");
    row("text behind", "{} x", "not valid JSON");
    row("zero byte", std::string("{}\0", 3), "zero byte");
    row("not UTF-8", "{\"prompt\":\"\xff\"}", "not valid JSON");
    row("a list", "[]", "not a JSON object");
    row("unknown key", R"({"promt":"a"})", "\"promt\" is not a known key");
    row("unknown key of a reference", R"({"references":[{},{"scale":1}]})",
        "references[1].\"scale\" is not a known");
    row("key twice", R"({"seed":1,"seed":2})", "\"seed\" stands twice");
    row("key of a reference twice", R"({"references":[{"path":"a","path":"b"}]})",
        "\"path\" stands twice");
    row("unknown fit", R"({"references":[{"fit":"zoom"}]})",
        "references[0].fit is \"zoom\", expected crop, squash or pad");
    row("crop of three", R"({"references":[{"crop":[0,0,1]}]})", "expected four numbers");
    row("block of a reference", R"({"references":[{"block_scales":{"mid":"all"}}]})",
        "references[0].block_scales.mid is \"all\", expected a number");
    row("number for text", R"({"prompt":1})", "prompt is 1, expected text");
    row("text for a number", R"({"guidance_scale":"7"})",
        "guidance_scale is \"7\", expected a number");
    row("fraction", R"({"width":512.5})", "width is 512.5, expected a whole number");
    row("whole number with a point", R"({"width":512.0})",
        "width is 512.0, expected a whole number");
    row("past int", R"({"width":2147483648})", "width is 2147483648");
    row("below int", R"({"threads":-2147483649})", "threads is -2147483649");
    row("negative seed", R"({"seed":-1})",
        "seed is -1, expected a whole number from 0 to 2^64 - 1");
    row("seed past 2^64", R"({"seed":18446744073709551616})", "seed is");
    row("number past double", R"({"master_scale":1e400})", "too large");
    row("null for a number", R"({"master_scale":null})", "master_scale is null");
    row("unknown scheduler", R"({"scheduler":"plms"})",
        "scheduler is \"plms\", expected one of ddim, euler, euler_ancestral, pndm, dpmpp_2m, "
        "dpmpp_2m_sde, dpmpp_2s, dpmpp_sde, unipc, heun, lms, dpm2, dpm2_ancestral, lcm, ddpm; "
        "euler, dpmpp_2m, dpmpp_2m_sde, dpmpp_2s, dpmpp_sde, unipc, heun, lms, dpm2, "
        "dpm2_ancestral also with _karras, _exponential or _beta at the end");
    row("unknown combine", R"({"combine":null})", "combine is null, expected join or average");
    row("references", R"({"references":{}})", "references is {}, expected a list");
    row("a reference", R"({"references":["a.png"]})",
        "references[0] is \"a.png\", expected an object");
    row("range", R"({"references":[{"range":[0]}]})",
        "references[0].range is [0], expected two numbers");
    row("block scale", R"({"block_scales":{"mid":"1"}})",
        "block_scales.mid is \"1\", expected a number");
    row("a branch of nothing", R"({"branch":{"step":1}})", "branch.of is null, expected an object");
    row("a branch of a number", R"({"branch":{"step":1,"of":3}})",
        "branch.of is 3, expected an object");
    row("loras", R"({"loras":{}})", "loras is {}, expected a list");
    row("a lora", R"({"loras":["a"]})", "loras[0] is \"a\", expected an object");
    row("a lora's key", R"({"loras":[{"weight":1}]})", "loras[0].\"weight\" is not a known key");
    row("a lora that is muted", R"({"loras":[{"muted":1}]})",
        "loras[0].muted is 1, expected true or false");
    row("a lora's scale", R"({"loras":[{},{"scale":"1"}]})",
        "loras[1].scale is \"1\", expected a number");
    row("a word", R"({"textual_inversions":[{"path":3}]})",
        "textual_inversions[0].path is 3, expected text");
    row("nested deeply",
        R"({"references":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}",
        "nested deeper than 16");
    const auto repeated = [](const std::string& item, int count) {
        std::string list = item;
        for (int i = 1; i < count; ++i) {
            list += "," + item;
        }
        return list;
    };
    row("more references than a picture takes", "{\"references\":[" + repeated("{}", 101) + "]}",
        "references has 101 items; the most is 100");
    row("a million values", "{\"references\":[" + repeated("0", 1'000'000) + "]}",
        "more than 200000 values");
    row("huge", "{\"prompt\":\"" + std::string(17U << 20U, 'a') + "\"}", "the most is");
}

void TestRequestJson::wrongValuesAreNamed() {
    QFETCH(QByteArray, json);
    QFETCH(QString, words);
    const QString problem = problem_of(json.toStdString());
    QVERIFY2(problem.contains(words), qPrintable(problem));
    QVERIFY(problem.size() < 500);
}

void TestRequestJson::allProblemsAreTold() {
    std::string many = "{\"loras\":[1";
    for (int i = 1; i < 100; ++i) {
        many += ",1";
    }
    const auto cut = error_of([&] { (void)request_from_json(many + "]}"); });
    QVERIFY(cut && QString(cut->what()).contains("loras[19] is 1"));
    QVERIFY(QString(cut->what()).endsWith("; and 80 problems more."));
    const QString problem =
        problem_of(R"({"x":1,"width":"a","references":[{"path":3}],"seed":-1})");
    for (const char* name : {"\"x\"", "width", "references[0].path", "seed"}) {
        QVERIFY2(problem.contains(name), qPrintable(problem));
    }
}

void TestRequestJson::pixelsStayOut() {
    GenerationRequest request;
    request.references = {
        {.image = std::make_shared<const Image>(make_image(2, 2)), .path = "a.png"}};
    const auto read = request_from_json(to_json(request));
    QVERIFY(!read.references.at(0).image);
    QCOMPARE(read.references.at(0).path, "a.png");
}

void TestRequestJson::bytesThatAreNoTextDoNotThrow() {
    GenerationRequest request;
    request.references = {{.path = "caf\xe9.png"}};
    const auto read = request_from_json(to_json(request));
    QCOMPARE(read.references.at(0).path, "caf\xef\xbf\xbd.png");
}

QTEST_APPLESS_MAIN(TestRequestJson)
#include "test_request_json.moc"
