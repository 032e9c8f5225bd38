#include "core/imageio/load.h"
#include "core/runner/check_training.h"
#include "core/runner/torch_runner.h"
#include "core/synth/world.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <algorithm>

using namespace likeness;
using likeness::test::TempFolder;

namespace {

namespace fs = std::filesystem;
using Kind = TrainingFindingKind;
using Pictures = std::vector<std::size_t>;

const fs::path kSource = LIKENESS_SOURCE_DIR;
const fs::path kTiny = kSource / "tests" / "golden" / "tiny_sd";

TrainingRequest request_for(const fs::path& out) {
    TrainingRequest request{.model = kTiny.string(),
                            .instance_prompt = "a red mug",
                            .resolution = 32,
                            .max_train_steps = 200,
                            .rank = 2,
                            .device = "cpu",
                            .dtype = "float32",
                            .threads = 1,
                            .out = out.string()};
    for (const char* name : {"reference_0.png", "reference_1.png", "reference_2.png"}) {
        request.pictures.push_back(
            {.image = std::make_shared<const Image>(load_image(kTiny / name)), .path = name});
    }
    return request;
}

const TrainingFinding* found(const TrainingCheck& check, Kind kind) {
    const auto at = std::ranges::find(check.findings, kind, &TrainingFinding::kind);
    return at == check.findings.end() ? nullptr : &*at;
}

// A picture of that thing of the starter's world, somewhere.
TrainingPicture picture_of(std::uint64_t thing, std::uint64_t scene) {
    const synth::Subject subject = synth::make_subject(thing, synth::Split::held_out);
    return {.image = std::make_shared<const Image>(
                synth::render(subject,
                              synth::make_scene(scene, subject, synth::Split::held_out,
                                                {.occluder = 0.1, .styled = 0}),
                              160)
                    .rgb)};
}

} // namespace

class TestCheckTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { init_imageio(); }

    void estimatesByTrialStepsAndWritesNothing();
    void moreWorkTakesMore();
    void estimatesWithoutWordsOrAllPictures();
    void longCaptionsAreTold();
    void pixelsAloneWithoutAModel();
    void aStrangerIsFoundByTheEncoder();
    void stops();
};

void TestCheckTraining::estimatesByTrialStepsAndWritesNothing() {
    const TempFolder folder;
    const auto runner = make_torch_runner();
    const TrainingCheck check =
        runner->check_training(request_for(folder.path() / "mug.safetensors"), {});
    QVERIFY(found(check, Kind::count) && !found(check, Kind::count)->is_fine);
    QVERIFY(found(check, Kind::subjects) && found(check, Kind::subjects)->is_fine);
    QVERIFY(check.estimate);
    const TrainingEstimate& estimate = *check.estimate;
    QVERIFY(estimate.seconds_per_step > 0 && estimate.seconds_per_picture > 0);
    QVERIFY(estimate.seconds > 200 * estimate.seconds_per_step);
    QVERIFY(estimate.peak_memory_bytes > 20'000'000);
    QVERIFY(estimate.available_bytes > estimate.peak_memory_bytes);
    QVERIFY(estimate.disk_bytes > 0);
    QVERIFY(fs::is_empty(folder.path()));
}

void TestCheckTraining::moreWorkTakesMore() {
    const TempFolder folder;
    TrainingRequest request = request_for(folder.path() / "mug.safetensors");
    const TrainingEstimate few = check_training(request, {}).estimate.value();
    request.max_train_steps = 20'000;
    request.use_ema = true;
    const TrainingEstimate many = check_training(request, {}).estimate.value();
    QVERIFY(many.seconds > 10 * few.seconds);
    QCOMPARE(many.disk_bytes * 7, few.disk_bytes * 9); // 2 * 4 + 1 instead of 2 * 3 + 1
    request.max_train_steps = 1;
    request.checkpointing_minutes = 0; // after each step
    QVERIFY(check_training(request, {}).estimate.value().seconds < few.seconds);
}

void TestCheckTraining::estimatesWithoutWordsOrAllPictures() {
    TrainingRequest request = request_for({});
    request.instance_prompt.clear();
    request.pictures[1].image = nullptr;
    const TrainingCheck check = check_training(request, {});
    QVERIFY(!found(check, Kind::captions)->is_fine);
    QVERIFY(check.estimate);
    QCOMPARE(check.crops.size(), std::size_t{3});
    for (TrainingPicture& picture : request.pictures) {
        picture.image = nullptr;
    }
    QVERIFY(!check_training(request, {}).estimate);
}

void TestCheckTraining::longCaptionsAreTold() {
    TrainingRequest request = request_for({});
    request.rank = 0; // cannot run, so nothing is tried
    const auto long_ones = [&request]() -> std::optional<TrainingFinding> {
        for (const TrainingFinding& finding : check_training(request, {}).findings) {
            if (finding.kind == Kind::captions &&
                finding.title.text().find("too long") != std::string::npos) {
                return finding;
            }
        }
        return std::nullopt;
    };
    const auto words = [](int count) {
        std::string text;
        for (int i = 0; i < count; ++i) {
            text += "a "; // one token each
        }
        return text;
    };
    request.pictures[1].caption = words(75);
    QVERIFY(!long_ones());
    request.pictures[1].caption = words(80);
    const auto one = long_ones();
    QVERIFY(one && !one->is_fine);
    QCOMPARE(one->pictures, Pictures{1});
    QVERIFY2(one->detail.text().find("75 tokens") != std::string::npos &&
                 one->detail.text().find("80: reference_1.png") != std::string::npos,
             one->detail.text().c_str());
    request.instance_prompt = words(76); // that of the two others
    QCOMPARE(long_ones()->pictures.size(), std::size_t{3});
}

void TestCheckTraining::pixelsAloneWithoutAModel() {
    TrainingRequest request = request_for({});
    request.model = "/nowhere";
    const TrainingCheck check = check_training(request, {});
    QVERIFY(!check.estimate && !found(check, Kind::subjects));
    QVERIFY(found(check, Kind::sharpness) && check.crops[0].trained_width > 0);
}

void TestCheckTraining::aStrangerIsFoundByTheEncoder() {
    TrainingRequest request{.model = (kSource / "resources" / "starter").string(),
                            .instance_prompt = "a photo of sks",
                            .rank = 0, // cannot run, so nothing is tried
                            .device = "cpu",
                            .threads = 1};
    for (std::uint64_t scene = 0; scene < 10; ++scene) {
        request.pictures.push_back(picture_of(521, 100 + scene));
    }
    const TrainingCheck alone = check_training(request, {});
    QVERIFY(!alone.estimate);
    QVERIFY2(found(alone, Kind::subjects)->is_fine,
             found(alone, Kind::subjects)->detail.text().c_str());
    request.pictures[3] = picture_of(524, 7);
    const TrainingCheck mixed = check_training(request, {});
    QCOMPARE(found(mixed, Kind::subjects)->pictures, Pictures{3});
}

void TestCheckTraining::stops() {
    std::stop_source stop;
    const Progress progress(stop.get_token(), [&](const Stepped& stepped) {
        if (stepped.stage == Stage::denoise) { // of the picture that the estimate makes
            stop.request_stop();
        }
    });
    const TempFolder folder;
    bool stopped = false;
    try {
        check_training(request_for(folder.path() / "mug.safetensors"), progress);
    } catch (const Cancelled&) {
        stopped = true;
    }
    QVERIFY(stopped);
    QVERIFY(fs::is_empty(folder.path()));
}

QTEST_APPLESS_MAIN(TestCheckTraining)
#include "test_check_training.moc"
