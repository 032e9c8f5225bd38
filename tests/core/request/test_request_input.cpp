#include "core/base/error.h"
#include "core/request/json.h"
#include "core/request/resolve.h"
#include "core/request/validate.h"
#include "tests/support/problem_text.h"

#include <QTest>

#include <cmath>
#include <functional>

using namespace likeness;

namespace {

using Edit = std::function<void(GenerationRequest&)>;

const ModelTraits kTraits{.vae_factor = 8, .default_num_inference_steps = 20};
const ModelTraits kInpainting{.vae_factor = 8, .inpainting = true};

GenerationRequest whole_request() {
    GenerationRequest request;
    request.input = {.path = "a.png",
                     .sha256 = "0f",
                     .fit = InputFit::crop,
                     .pad = {8, 0, 16, 24},
                     .mask_path = "m.png",
                     .mask_grow = 3,
                     .mask_feather = 5};
    request.strength = 0.75;
    request.guidance_start = 0.25;
    request.guidance_end = 0.5;
    request.references = {{.path = "b.png", .ip_adapter = "plus"}, {.path = "c.png"}};
    request.ip_adapter = "plain";
    return request;
}

std::string message_of(const GenerationRequest& request, const std::string& field,
                       const ModelTraits& traits = kTraits) {
    return problem_text(request, field, traits);
}

} // namespace

Q_DECLARE_METATYPE(Edit)

class TestRequestInput : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void jsonKeepsEverything() {
        const GenerationRequest request = whole_request();
        const std::string text = to_json(request);
        QVERIFY(request_from_json(text) == request);
        QCOMPARE(to_json(request_from_json(text)), text);
        const QString shown = QString::fromStdString(text);
        QVERIFY2(shown.contains(R"("guidance_range":[0.25,0.5],"image":{"path":"a.png","sha256":)"
                                R"("0f","fit":"crop","pad":[8,0,16,24],"mask_path":"m.png",)"
                                R"("mask_grow":3,"mask_feather":5},"strength":0.75)"),
                 text.c_str());
        GenerationRequest refined;
        refined.refiner = {.model = "refiner.safetensors", .switch_at = 0.7};
        QVERIFY(request_from_json(to_json(refined)) == refined);
        GenerationRequest branch;
        branch.branch = std::make_shared<const Branch>(Branch{.of = request, .step = 3});
        QVERIFY(request_from_json(to_json(branch)) == branch);
    }

    void aRequestWithoutThemIsWrittenAsEver() {
        const QString text = QString::fromStdString(to_json({.references = {{.path = "a"}}}));
        for (const char* key :
             {"image\"", "refiner", "strength", "guidance_range", "pad", "mask"}) {
            QVERIFY2(!text.contains(key), key);
        }
        QCOMPARE(text.count("\"ip_adapter\""), 1);
    }

    void wrongValuesAreNamed_data() {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* json, const char* words) {
            QTest::newRow(json) << QByteArray(json) << QString(words);
        };
        row(R"({"image":"a.png"})", "image is \"a.png\", expected an object");
        row(R"({"image":{"path":1}})", "image.path is 1, expected text");
        row(R"({"image":{"foo":1}})", "image.\"foo\" is not a known key");
        row(R"({"image":{"fit":"pad"}})", "image.fit is \"pad\", expected resize or crop");
        row(R"({"image":{"pad":[1,2,3]}})", "image.pad is [1,2,3], expected four whole numbers");
        row(R"({"image":{"pad":[1,2,3,-4]}})", "image.pad is [1,2,3,-4]");
        row(R"({"image":{"pad":[1,2,3,99999999999]}})", "image.pad is");
        row(R"({"image":{"mask_grow":0.5}})", "image.mask_grow is 0.5");
        row(R"({"refiner":"a"})", "refiner is \"a\", expected an object");
        row(R"({"refiner":{"model":3,"at":1}})", "refiner.model is 3, expected text");
        row(R"({"strength":"much"})", "strength is \"much\", expected a number");
        row(R"({"guidance_range":[1]})", "guidance_range is [1], expected two numbers");
        row(R"({"references":[{"ip_adapter":3}]})", "references[0].ip_adapter is 3");
    }

    void wrongValuesAreNamed() {
        QFETCH(QByteArray, json);
        QFETCH(QString, words);
        try {
            (void)request_from_json(json.toStdString());
            QFAIL("it was read");
        } catch (const Error& error) {
            QVERIFY2(QString(error.what()).contains(words), error.what());
        }
    }

    void problemsStandAtTheirField_data() {
        QTest::addColumn<QString>("field");
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<QString>("words");
        const auto row = [](const char* field, const char* words, Edit edit) {
            QTest::newRow(words) << QString(field) << std::move(edit) << QString(words);
        };
        row("strength", "is 1.5; it goes from 0.01 to 1",
            [](GenerationRequest& r) { r.strength = 1.5; });
        row("strength", "is 0; it goes", [](GenerationRequest& r) { r.strength = 0; });
        row("strength", "is not a number", [](GenerationRequest& r) { r.strength = std::nan(""); });
        row("strength", "is 0.04; of 20 steps none would be left. It takes 0.05 or more",
            [](GenerationRequest& r) { r.strength = 0.04; });
        row("strength", "is 0.75, but there is no picture to begin from",
            [](GenerationRequest& r) { r.input = {}; });
        row("image", "is missing; a mask or new canvas needs a picture",
            [](GenerationRequest& r) { r.input.path.clear(); });
        row("image.pad", "is 5000; it goes from 0 to 2048",
            [](GenerationRequest& r) { r.input.pad[2] = 5000; });
        row("image.mask_grow", "is -1; it goes",
            [](GenerationRequest& r) { r.input.mask_grow = -1; });
        row("image.mask_feather", "is 999; it goes",
            [](GenerationRequest& r) { r.input.mask_feather = 999; });
        row("image.mask_feather", "is given, but there is no mask",
            [](GenerationRequest& r) { r.input = {.path = "a.png", .mask_feather = 4}; });
        row("guidance_range", "begins at 0.5, not before its end at 0.5",
            [](GenerationRequest& r) { r.guidance_start = 0.5; });
        row("guidance_range", "is 2; it goes from 0 to 1",
            [](GenerationRequest& r) { r.guidance_end = 2; });
        row("refiner.switch_at", "is 1; it goes from 0.01 to 0.99",
            [](GenerationRequest& r) { r.refiner = {.model = "x", .switch_at = 1}; });
        row("refiner", "is given together with a mask",
            [](GenerationRequest& r) { r.refiner.model = "x"; });
        row("branch.of.refiner", "is given; a picture that a refiner has finished has no steps",
            [](GenerationRequest& r) {
                Branch branch{.of = r, .step = 3};
                branch.of.refiner.model = "x";
                r.branch = std::make_shared<const Branch>(branch);
            });
        row("branch.of.strength", "is 7; it goes", [](GenerationRequest& r) {
            Branch branch{.of = r, .step = 3};
            branch.of.strength = 7;
            r.branch = std::make_shared<const Branch>(branch);
        });
    }

    void problemsStandAtTheirField() {
        QFETCH(QString, field);
        QFETCH(Edit, edit);
        QFETCH(QString, words);
        GenerationRequest request = whole_request();
        QVERIFY(validate(request, kTraits).empty());
        edit(request);
        const std::string found = message_of(request, field.toStdString());
        QVERIFY2(QString::fromStdString(found).startsWith(words), found.c_str());
    }

    void anInpaintingModelNeedsAMaskedPicture() {
        GenerationRequest request;
        QVERIFY(message_of(request, "image", kInpainting).find("inpainting") != std::string::npos);
        request.input.path = "a.png";
        QVERIFY(message_of(request, "image.mask_path", kInpainting).find("mask") !=
                std::string::npos);
        request.input.mask_path = "m.png";
        QVERIFY(validate(request, kInpainting).empty());
        request.input.mask_path.clear();
        request.input.pad = {0, 8, 0, 0};
        QVERIFY(validate(request, kInpainting).empty());
    }

    void aRefinerIsOfSdxlAlone() {
        GenerationRequest request;
        request.refiner.model = "r.safetensors";
        for (const char* family : {"", "sdxl"}) {
            ModelTraits traits;
            traits.family = family;
            QVERIFY(validate(request, traits).empty());
        }
        ModelTraits other;
        other.family = "sd15";
        QVERIFY(message_of(request, "refiner", other).find("not of the SDXL family") !=
                std::string::npos);
    }

    void adaptersOfTheirOwnAreEnough() {
        GenerationRequest request;
        request.references = {{.path = "b.png", .ip_adapter = "x.safetensors"}};
        QVERIFY(validate(request, kTraits).empty());
        request.references.push_back({.path = "c.png"});
        QVERIFY(message_of(request, "references") != "none");
    }

    // diffusers: min(int(n strength), n) steps are made.
    void strengthIsTheShareOfSteps() {
        QCOMPARE(first_step(0.8, 50), 10);
        QCOMPARE(first_step(0.75, 20), 5);
        QCOMPARE(first_step(0.3, 25), 18);
        QCOMPARE(first_step(1.0, 7), 0);
        QCOMPARE(first_step(0.01, 20), 20);
    }

    void sizeAndStrengthComeFromThePicture() {
        GenerationRequest request;
        request.input.image = std::make_shared<const Image>(make_image(205, 101));
        GenerationRequest whole = resolve(request, kTraits);
        QCOMPARE(*whole.width, 200);
        QCOMPARE(*whole.height, 96);
        QCOMPARE(*whole.strength, 0.8);
        request.input.pad = {3, 8, 0, 0};
        request.height = 64;
        whole = resolve(request, kTraits);
        QCOMPARE(*whole.width, 208);
        QCOMPARE(*whole.height, 64);
        QCOMPARE(*whole.strength, 1.0);
        request = {};
        request.input.image = std::make_shared<const Image>(make_image(8192, 10));
        whole = resolve(request, kTraits);
        QCOMPARE(*whole.width, 4096);
        QCOMPARE(*whole.height, 32);
        QVERIFY(!resolve({}, kTraits).strength);
    }

    void pixelsAreLeftOut() {
        GenerationRequest request = whole_request();
        request.input.image = std::make_shared<const Image>(make_image(2, 2));
        request.input.mask = std::make_shared<const Image>(make_image(2, 2, 1));
        GenerationRequest branch = request;
        branch.branch = std::make_shared<const Branch>(Branch{.of = request, .step = 3});
        const GenerationRequest plain = without_pixels(branch);
        QVERIFY(!plain.input.image && !plain.input.mask);
        QVERIFY(!plain.branch->of.input.image && !plain.branch->of.input.mask);
        QCOMPARE(to_json(plain), to_json(branch));
    }
};

QTEST_APPLESS_MAIN(TestRequestInput)
#include "test_request_input.moc"
