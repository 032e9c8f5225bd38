// The committed starter model as the program uses it: opened like any folder, and what it makes is
// what is asked for.

#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "core/pipelines/sd_pipeline.h"
#include "core/request/resolve.h"
#include "core/synth/world.h"

#include <QTest>

#include <cmath>
#include <filesystem>

using namespace likeness;

namespace fs = std::filesystem;

namespace {

const fs::path kFolder = fs::path(LIKENESS_SOURCE_DIR) / "resources" / "starter";
constexpr std::uint64_t kMegabyte = 1'000'000;

// The starter, opened once for all tests.
struct Studio {
    Studio() : model(load_model(read_model_folder(kFolder), {}, {})), pipeline(model) {
        pipeline.use_adapter(load_adapter(*model, {}, {}, {}));
    }

    Image make(const std::string& prompt, std::uint64_t seed, const ImagePtr& reference = {},
               double scale = 1.0) {
        GenerationRequest request{.model = kFolder.string(), .prompt = prompt, .seed = seed};
        request.device = "cpu";
        request.dtype = "float32";
        if (reference) {
            request.references = {{.image = reference, .ip_adapter_scale = scale}};
        }
        const auto result = pipeline.generate(resolve(request, model->folder.traits), {}, nullptr);
        return *result.images.at(0).image;
    }

    std::shared_ptr<const SdModel> model;
    SdPipeline pipeline;
};

// Mean of each channel in 0..1 over the middle of the picture, where the product stands.
std::array<double, 3> middle(const Image& image) {
    std::array<double, 3> sum{};
    double count = 0;
    for (int y = image.height * 3 / 8; y < image.height * 5 / 8; ++y) {
        for (int x = image.width * 3 / 8; x < image.width * 5 / 8; ++x, ++count) {
            for (std::size_t c = 0; c < 3; ++c) {
                sum[c] += image.u8()[static_cast<std::size_t>(y * image.width + x) * 3 + c] / 255.0;
            }
        }
    }
    for (auto& channel : sum) {
        channel /= count;
    }
    return sum;
}

double brightness(const Image& image) {
    double sum = 0;
    for (std::size_t i = 0; i < image.bytes.size(); ++i) {
        sum += image.u8()[i] / 255.0;
    }
    return sum / static_cast<double>(image.bytes.size());
}

ImagePtr coloured_reference(double hue) {
    synth::Subject subject;
    subject.shape = synth::Shape::mug;
    subject.hue = hue;
    subject.second_hue = hue + 180.0;
    return std::make_shared<const Image>(synth::render(subject, synth::Scene{}, 128).rgb);
}

} // namespace

class TestStarterModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filesAreSmallAndTheOnesMeasured();
    void methodsWereMeasuredAsProposed();
    void placesDifferInLight();
    void colourFollowsThePrompt();
    void colourFollowsTheReference();
    void scaleZeroIsTextOnly();

private:
    Studio studio_{};
};

void TestStarterModel::filesAreSmallAndTheOnesMeasured() {
    const auto bench = read_json_file(kFolder / "bench.json");
    std::uint64_t total = 0;
    for (const auto& entry : fs::recursive_directory_iterator(kFolder)) {
        if (!entry.is_regular_file()) {
            continue;
        }
        QVERIFY(entry.file_size() < 16 * kMegabyte);
        total += entry.file_size();
        if (entry.path().extension() == ".safetensors") {
            const auto name = fs::relative(entry.path(), kFolder).generic_string();
            QCOMPARE(bench.at("files").at(name).get<std::string>(),
                     sha256(read_file(entry.path(), 16 * kMegabyte)));
        }
    }
    QVERIFY(total < 32 * kMegabyte);
}

// The comparison of methods is of these weights and of the settings that are proposed today.
void TestStarterModel::methodsWereMeasuredAsProposed() {
    const auto methods = read_json_file(kFolder / "methods.json");
    QVERIFY(methods.at("files") == read_json_file(kFolder / "bench.json").at("files"));
    QCOMPARE(methods.at("subjects").get<int>(), 10);
    const auto proposed = read_json_file(kFolder / "likeness.json");
    for (const std::string method : {"lora", "dreambooth"}) {
        const auto& settings = proposed.at("default_" + method + "_training");
        QVERIFY(!settings.empty());
        for (const auto& [field, value] : settings.items()) {
            QVERIFY2(methods.at("settings").at(method).at(field) == value, field.c_str());
        }
    }
}

void TestStarterModel::placesDifferInLight() {
    double snow = 0, night = 0;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        snow += brightness(studio_.make("a green bottle in the snow", seed)) / 3;
        night += brightness(studio_.make("a green bottle in a city at night", seed)) / 3;
    }
    QVERIFY2(snow > night + 0.2, qPrintable(QString("%1 %2").arg(snow).arg(night)));
}

void TestStarterModel::colourFollowsThePrompt() {
    double red = 0, blue = 0; // red minus blue in the middle, for each prompt
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        const auto a = middle(studio_.make("a red ball in a studio", seed));
        const auto b = middle(studio_.make("a blue ball in a studio", seed));
        red += (a[0] - a[2]) / 3;
        blue += (b[0] - b[2]) / 3;
    }
    QVERIFY2(red > blue + 0.2, qPrintable(QString("%1 %2").arg(red).arg(blue)));
}

void TestStarterModel::colourFollowsTheReference() {
    const auto red_mug = coloured_reference(0), blue_mug = coloured_reference(230);
    double red = 0, blue = 0;
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        const auto a = middle(studio_.make("a mug on a table", seed, red_mug));
        const auto b = middle(studio_.make("a mug on a table", seed, blue_mug));
        red += (a[0] - a[2]) / 3;
        blue += (b[0] - b[2]) / 3;
    }
    QVERIFY2(red > blue + 0.1, qPrintable(QString("%1 %2").arg(red).arg(blue)));
}

void TestStarterModel::scaleZeroIsTextOnly() {
    const auto reference = coloured_reference(120);
    QVERIFY(studio_.make("a mug on a table", 4) ==
            studio_.make("a mug on a table", 4, reference, 0.0));
}

QTEST_APPLESS_MAIN(TestStarterModel)
#include "test_starter_model.moc"
