#include "core/base/error.h"
#include "core/runner/learned_too_well.h"
#include "core/runner/torch_runner.h"
#include "core/training/checkpoint_files.h"
#include "core/training/validation.h"
#include "tests/core/training/training_support.h"
#include "tests/support/error_of.h"
#include "tests/support/file_limit.h"
#include "tests/support/temp_folder.h"

#include <ATen/ops/equal.h>

#include <QTest>

#include <functional>
#include <new>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

TrainingRequest request_for(const fs::path& out) {
    TrainingRequest request = tiny_request(out);
    request.max_train_steps = 6;
    return request;
}

// A training with everything it told.
struct Watched {
    explicit Watched(const TrainingRequest& training) : request(training) {}

    void run(const std::function<TrainingWish(std::int64_t)>& wish = {}) {
        steps.clear();
        result = runner->train(
            request, Progress{},
            {.on_step = [this](const TrainingStep& step) { steps.push_back(step); },
             .on_sample =
                 [this](const TrainingSamplePicture& sample) { samples.push_back(sample); },
             .on_checkpoint = [this](std::int64_t step) { saved = step; },
             .on_notice = [this](const Message& told) { notices.push_back(told.text()); },
             .wish = [&] { return wish ? wish(steps.back().step) : TrainingWish::go_on; }});
    }

    TrainingRequest request;
    std::unique_ptr<Runner> runner = make_torch_runner({.previews = false});
    TrainingResult result{};
    std::vector<TrainingStep> steps{};
    std::vector<TrainingSamplePicture> samples{};
    std::vector<std::string> notices{};
    std::int64_t saved = 0;
};

// What was learned, in a run that is not disturbed.
std::string undisturbed(const TrainingRequest& request) {
    TrainingRequest own = request;
    const fs::path out = request.out; // files tell their names
    fs::create_directory(out.parent_path() / "undisturbed");
    own.out = out.parent_path() / "undisturbed" / out.filename();
    Watched(own).run();
    return bytes_of(own.out);
}

bool says(const std::string& text, std::initializer_list<const char*> parts) {
    return std::ranges::all_of(
        parts, [&text](const char* part) { return text.find(part) != std::string::npos; });
}

} // namespace

class TestWatchedTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void samplesAreMadeAndChangeNothing() {
        const TempFolder folder;
        Watched watched(request_for(folder / "mug.safetensors"));
        const std::string expected = undisturbed(watched.request);
        watched.request.validation_steps = 2;
        watched.request.num_validation_images = 2;
        watched.request.validation_prompt = "a mug on a table";
        watched.run();
        QVERIFY(bytes_of(watched.request.out) == expected);
        QCOMPARE(watched.samples.size(), std::size_t{8}); // steps 0, 2, 4, 6
        for (std::size_t i = 0; i < watched.samples.size(); ++i) {
            QCOMPARE(watched.samples[i].step, static_cast<std::int64_t>(i / 2 * 2));
            QCOMPARE(watched.samples[i].index, static_cast<int>(i % 2));
        }
        // Before the first step it is the base model's picture, after the last one the result's.
        GenerationRequest wanted{.model = watched.request.model,
                                 .prompt = "a mug on a table",
                                 .width = 32,
                                 .height = 32,
                                 .seed = 4,
                                 .device = "cpu",
                                 .dtype = "float32",
                                 .threads = 1};
        const auto made = [&] {
            return watched.runner->run(wanted, Progress{}).images.front().image->bytes;
        };
        QVERIFY(watched.samples[1].image->bytes == made());
        QVERIFY(watched.samples[1].image->bytes != watched.samples[7].image->bytes);
        wanted.loras = {{.path = watched.request.out}};
        const auto after = made(); // the file is in half precision
        double most = 0;
        for (std::size_t i = 0; i < after.size(); ++i) {
            most =
                std::max(most, std::abs(std::to_integer<int>(after[i]) -
                                        std::to_integer<int>(watched.samples[7].image->bytes[i])) +
                                   0.0);
        }
        QVERIFY2(most <= 4, std::to_string(most).c_str());
    }

    void withAnAverageItIsWhatIsShownAndMeasured() {
        const TempFolder folder;
        Watched live(request_for(folder / "live.safetensors"));
        live.request.max_train_steps = 20;
        live.request.validation_steps = 20;
        live.request.validation_share = 0.34;
        live.request.learning_rate = 0.05;
        live.run();
        Watched average(live.request);
        average.request.out = folder / "average.safetensors";
        average.request.use_ema = true;
        average.run();
        QCOMPARE(average.steps.size(), live.steps.size());
        for (std::size_t i = 0; i < live.steps.size(); ++i) { // the same steps were taken
            QCOMPARE(average.steps[i].loss, live.steps[i].loss);
        }
        QVERIFY(average.samples.front().image->bytes == live.samples.front().image->bytes);
        QVERIFY(average.samples.back().image->bytes != live.samples.back().image->bytes);
        QVERIFY(*average.steps.back().validation_loss != *live.steps.back().validation_loss);
    }

    void aPlaceThatCannotBeWrittenIsToldBeforeAnyStep() {
        const TempFolder folder;
        Watched watched(request_for(folder / "missing" / "mug.safetensors"));
        const auto error = error_of([&] { watched.run(); });
        QVERIFY(error && error->code == ErrorCode::file_missing);
        fs::create_directory(folder / "mug.safetensors");
        watched.request.out = folder / "mug.safetensors";
        QCOMPARE(code_of([&] { watched.run(); }), std::string("bad_request"));
        QVERIFY(fs::is_directory(folder / "mug.safetensors"));
        QVERIFY(watched.steps.empty());
    }

    void whatIsHeldOutIsMeasuredAndNeverLearned() {
        const TempFolder folder;
        Watched watched(request_for(folder / "mug.safetensors"));
        watched.request.validation_share = 0.34;
        watched.request.max_train_steps = 20;
        const auto held_out = held_out_pictures(watched.request);
        QCOMPARE(held_out.size(), std::size_t{1});
        watched.run();
        std::vector<std::int64_t> measured;
        for (const TrainingStep& step : watched.steps) {
            if (step.validation_loss) {
                QVERIFY(*step.validation_loss > 0);
                measured.push_back(step.step);
            }
        }
        QCOMPARE(measured, (std::vector<std::int64_t>{2, 4, 6, 8, 10, 12, 14, 16, 18, 20}));
        const auto learned = load_safetensors(watched.request.out);
        // Another picture in its place changes the measure and nothing that is learned.
        Watched other(watched.request);
        other.request.out = folder / "other.safetensors";
        const std::size_t place = *held_out.begin();
        other.request.pictures[place].image =
            watched.request.pictures[(place + 1) % watched.request.pictures.size()].image;
        other.run();
        QVERIFY(*other.steps[1].validation_loss != *watched.steps[1].validation_loss);
        for (const auto& [name, tensor] : load_safetensors(other.request.out)) {
            QVERIFY2(at::equal(tensor, learned.at(name)), name.c_str());
        }
    }

    void someAreAlwaysLeftToLearnFrom() {
        TrainingRequest request = request_for("");
        QVERIFY(held_out_pictures(request).empty());
        request.validation_share = 0.01;
        QCOMPARE(held_out_pictures(request).size(), std::size_t{1});
        request.validation_share = 0.5;
        QCOMPARE(held_out_pictures(request).size(), std::size_t{2});
        request.pictures.resize(1);
        QVERIFY(held_out_pictures(request).empty());
    }

    void learnedTooWellByTheNumbers() {
        const std::vector<float> x{1, 0, 0}, y{0, 1, 0}, xy{1, 1, 0}, z{0, 0, 2};
        QCOMPARE(mean_nearest({x, z}, {x, y}), 0.5);
        // Copies of what was learned; pictures of the same thing are at right angles.
        QCOMPARE(*overfit_of({x}, {x, y}, {}), 1.0);
        QCOMPARE(*overfit_of({x}, {x, y}, {z}), 1.0);
        QVERIFY(std::abs(*overfit_of({xy}, {x, y}, {xy})) < 1e-6);
        QVERIFY(!overfit_of({x}, {x}, {}));
        QCOMPARE(drift_of({x, y}, {x, z}), 0.5);
        QCOMPARE(drift_of({x}, {x}), 0.0);
    }

    void theProofTellsBoth() {
        const TempFolder folder;
        Watched watched(request_for(folder / "mug.safetensors"));
        watched.run();
        QVERIFY(watched.result.proof.overfit.has_value());
        QVERIFY(std::abs(*watched.result.proof.overfit) <= 1);
        QVERIFY(watched.result.proof.drift.has_value());
        QVERIFY(*watched.result.proof.drift > 0 && *watched.result.proof.drift <= 1);
        QVERIFY(std::abs(watched.result.proof.spread.value_or(2)) <= 1);
    }

    void anotherModelThanBeforeIsRefused() {
        const TempFolder folder;
        Watched watched(request_for(folder / "mug.safetensors"));
        fs::copy(watched.request.model, folder / "model", fs::copy_options::recursive);
        watched.request.model = folder / "model";
        const auto stop = [](std::int64_t step) {
            return step == 2 ? TrainingWish::stop : TrainingWish::go_on;
        };
        QVERIFY_EXCEPTION_THROWN(watched.run(stop), Cancelled);
        const std::string kept = bytes_of(training_checkpoint(watched.request));
        fs::path weights;
        for (const auto& entry : fs::directory_iterator(folder / "model" / "unet")) {
            if (entry.path().extension() == ".safetensors") {
                weights = entry.path();
            }
        }
        fs::permissions(weights, fs::perms::owner_write, fs::perm_options::add);
        std::string text = bytes_of(weights);
        text[text.size() - 2] = static_cast<char>(text[text.size() - 2] ^ 1);
        std::ofstream(weights, std::ios::binary) << text;
        const auto error = error_of([&] { watched.run(); });
        QVERIFY(error && error->code == ErrorCode::model_mismatch);
        QVERIFY2(says(error->what(), {"The model was changed"}), error->what());
        QVERIFY(bytes_of(training_checkpoint(watched.request)) == kept);
    }

    void aLostLossSaysWhatToLower() {
        const TempFolder folder;
        Watched watched(request_for(folder / "mug.safetensors"));
        watched.request.checkpointing_minutes = 0;
        watched.request.max_train_steps = 400;
        watched.request.learning_rate = 1;
        watched.request.network_alpha = 4096;
        const auto error = error_of([&] { watched.run(); });
        QVERIFY(error && error->code == ErrorCode::internal);
        QVERIFY2(says(error->what(), {"learning rate of 1", "Lower the learning rate to 0.1"}),
                 error->what());
        // The last good state goes on with a lower rate, and says so.
        QCOMPARE(watched.saved, watched.steps.back().step);
        watched.request.learning_rate = 1e-8;
        const auto next =
            error_of([&] { watched.run([](std::int64_t) { return TrainingWish::keep; }); });
        QVERIFY(!next || says(next->what(), {"loss is"}));
        QVERIFY2(says(watched.notices.front(), {"was 1 up to step", "1e-08"}),
                 watched.notices.front().c_str());
    }

    void memoryThatRunsOutLeavesACheckpointAndARunnerThatWorks() {
        const TempFolder folder;
        Watched watched(request_for(folder / "mug.safetensors"));
        const std::string expected = undisturbed(watched.request);
        watched.request.checkpointing_minutes = 0;
        const auto error = error_of([&] {
            watched.run([](std::int64_t step) -> TrainingWish {
                if (step == 4) {
                    throw std::bad_alloc();
                }
                return TrainingWish::go_on;
            });
        });
        QVERIFY(error && error->code == ErrorCode::out_of_memory);
        QVERIFY2(says(error->what(), {"memory ran out", "train_batch_size"}), error->what());
        QCOMPARE(watched.saved, std::int64_t{3});
        const Result picture = watched.runner->run(
            {.model = watched.request.model, .width = 32, .height = 32, .device = "cpu"},
            Progress{});
        QCOMPARE(picture.images.size(), std::size_t{1});
        watched.run();
        QVERIFY(bytes_of(watched.request.out) == expected);
    }

    void aFullDiskIsToldAndTheTrainingGoesOn() {
        const TempFolder folder;
        Watched watched(request_for(folder / "mug.safetensors"));
        const std::string expected = undisturbed(watched.request);
        watched.request.checkpointing_minutes = 0;
        std::unique_ptr<FileLimit> full;
        watched.run([&](std::int64_t step) {
            full.reset();
            if (step == 3 || step == 4) {
                full = std::make_unique<FileLimit>(2000);
            }
            return TrainingWish::go_on;
        });
        QCOMPARE(watched.notices.size(), std::size_t{2});
        QVERIFY2(says(watched.notices[0], {"step 3", "goes on"}), watched.notices[0].c_str());
        QCOMPARE(watched.result.notices.size(), std::size_t{2});
        QCOMPARE(watched.saved, std::int64_t{6});
        QVERIFY(bytes_of(watched.request.out) == expected);
    }

    void aDamagedCheckpointIsPassedOverForTheOneBefore() {
        const TempFolder folder;
        Watched watched(request_for(folder / "mug.safetensors"));
        const std::string expected = undisturbed(watched.request);
        watched.request.checkpointing_minutes = 0;
        const auto stop = [](std::int64_t step) {
            return step == 4 ? TrainingWish::stop : TrainingWish::go_on;
        };
        QVERIFY_EXCEPTION_THROWN(watched.run(stop), Cancelled);
        fs::path newest;
        std::int64_t most = 0;
        for (const fs::path& place : training_checkpoints(watched.request)) {
            const auto step = std::stoll(SafetensorsFile::open(place)->metadata().at("step"));
            if (step > most) {
                most = step;
                newest = place;
            }
        }
        QCOMPARE(most, std::int64_t{4});
        fs::resize_file(newest, fs::file_size(newest) - 1);
        watched.run();
        QVERIFY(bytes_of(watched.request.out) == expected);
        QCOMPARE(watched.result.notices.size(), std::size_t{1});
        QVERIFY(watched.steps.front().step < 5);
    }
};

QTEST_APPLESS_MAIN(TestWatchedTraining)
#include "test_watched_training.moc"
