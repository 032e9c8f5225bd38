#include "core/imageio/load.h"
#include "core/runner/embed.h"
#include "core/runner/torch_runner.h"
#include "core/weights/safetensors.h"

#include <QTest>

#include <cmath>
#include <filesystem>

#include <nlohmann/json.hpp>

using namespace likeness;

namespace {

const std::filesystem::path kGolden =
    std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" / "golden";

ImagePtr golden_picture(const char* name) {
    return std::make_shared<const Image>(load_image(kGolden / name));
}

MeasureRequest measure_request(const std::string& model) {
    MeasureRequest request;
    request.request = {.model = (kGolden / model).string(),
                       .references = {{.image = golden_picture("tiny_sd/reference_0.png")},
                                      {.image = golden_picture("tiny_sd/reference_1.png")}},
                       .device = "cpu",
                       .dtype = "float32",
                       .threads = 1};
    request.images = {request.request.references[1].image, request.request.references[0].image};
    return request;
}

} // namespace

// What the encoders say about pictures, with tiny models.
class TestMeasure : public QObject {
    Q_OBJECT

private Q_SLOTS:

    // The same cosines as `likeness embed` gives; a picture is wholly like itself.
    void similarityIsTheEmbeddingsCosine() {
        const MeasureRequest request = measure_request("tiny_sd");
        const Result result = make_torch_runner()->measure(request, Progress{});
        const auto embeds =
            embed_images({.model = request.request.model, .device = "cpu", .dtype = "float32"},
                         request.images, Progress{});
        QCOMPARE(result.measurements.size(), 2U);
        QCOMPARE(result.measurements[0].similarity.size(), 2U);
        const double between = cosine_similarity(embeds[0], embeds[1]);
        QVERIFY(std::abs(between) < 0.9999);
        QVERIFY(std::abs(result.measurements[0].similarity[0] - between) < 1e-5);
        QVERIFY(std::abs(result.measurements[0].similarity[1] - 1) < 1e-6);
        QVERIFY(std::abs(result.measurements[1].similarity[0] - 1) < 1e-6);
    }

    // A reference counts as the adapter sees it: of a part of it, the likeness is that part's.
    void referencesAreMeasuredAsTheyAreLookedAt() {
        MeasureRequest request = measure_request("tiny_sd");
        request.request.references[1].view.fit = EncoderFit::squash;
        request.request.references[1].view.crop = {.left = 0, .top = 0, .width = 0.5, .height = 1};
        const Result result = make_torch_runner()->measure(request, Progress{});
        QVERIFY(result.measurements[0].similarity[1] < 0.99999);
        QVERIFY(std::abs(result.measurements[1].similarity[0] - 1) < 1e-6);
    }

    // SD 1.5's text encoder has no projection into the images' space: no number is made up.
    void withoutASharedSpaceThereIsNoAgreement() {
        const Result result = make_torch_runner()->measure(measure_request("tiny_sd"), Progress{});
        QVERIFY(!result.measurements[0].agreement.has_value());
        QVERIFY(result.no_agreement.text().find("projection") != std::string::npos);
    }

    // SDXL's pooled prompt is its second text encoder's embedding: diffusers' numbers.
    void agreementIsTheCosineWithThePooledPrompt() {
        const auto fixture = kGolden / "pipeline_sdxl_text.safetensors";
        const TensorMap theirs = load_safetensors(fixture);
        const auto json =
            nlohmann::json::parse(SafetensorsFile::open(fixture)->metadata().at("request"));
        MeasureRequest request = measure_request("tiny_sdxl");
        request.request.prompt = json["prompt"];
        const Result result = make_torch_runner()->measure(request, Progress{});
        QVERIFY(result.no_agreement.empty());
        const auto embeds =
            embed_images({.model = request.request.model, .device = "cpu", .dtype = "float32"},
                         request.images, Progress{});
        const Tensor pooled = theirs.at("pooled_prompt_embeds");
        const Tensor positive = pooled.view({-1, pooled.size(-1)})[-1].contiguous();
        const float* values = positive.const_data_ptr<float>();
        const std::vector<float> prompt(values, values + positive.numel());
        for (std::size_t i = 0; i < embeds.size(); ++i) {
            QVERIFY(std::abs(result.measurements[i].agreement.value() -
                             cosine_similarity(prompt, embeds[i])) < 1e-5);
        }
    }

    void withoutReferencesNothingIsMeasured() {
        MeasureRequest request = measure_request("tiny_sdxl");
        request.request.references.clear();
        const Result result = make_torch_runner()->measure(request, Progress{});
        QVERIFY(result.measurements.empty());
        QVERIFY(!result.no_agreement.empty());
    }
};

QTEST_APPLESS_MAIN(TestMeasure)
#include "test_measure.moc"
