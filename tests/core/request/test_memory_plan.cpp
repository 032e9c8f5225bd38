#include "core/request/memory_plan.h"
#include "core/request/resolve.h"

#include <QTest>

using namespace likeness;

namespace {

constexpr std::uint64_t kMega = std::uint64_t{1} << 20;

const std::filesystem::path kGolden =
    std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" / "golden";

// A model whose parts are told apart by their sizes.
const ModelBytes kModel{
    .kept = 2000 * kMega, .encoders = 1000 * kMega, .streamed_layer = 40 * kMega};
const RunBytes kRun{.step = 800 * kMega,
                    .step_in_two_passes = 400 * kMega,
                    .decode = 700 * kMega,
                    .tiled_decode = 100 * kMega};

MemoryPlan plan(std::uint64_t available, MemoryChoice choice = MemoryChoice::keep,
                bool gpu = false) {
    return plan_memory({kModel, kRun}, {}, {.program = 200 * kMega, .available = available},
                       {.value_bytes = 2, .gpu = gpu}, choice);
}

GenerationRequest resolved(const ModelFolder& folder, int side) {
    GenerationRequest request;
    request.width = request.height = side;
    return resolve(request, folder.traits);
}

} // namespace

class TestMemoryPlan : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void everyChoiceSparesWhatItSays() {
        const auto peak = [](MemoryChoice choice) { return plan(0, choice).predicted_peak_bytes; };
        QCOMPARE(peak(MemoryChoice::keep) - peak(MemoryChoice::automatic), kModel.encoders);
        // With two passes and tiles.
        QCOMPARE(peak(MemoryChoice::automatic) - peak(MemoryChoice::low),
                 kRun.step - kRun.step_in_two_passes);
        QVERIFY(peak(MemoryChoice::low) > 200 * kMega + kModel.kept + kRun.step_in_two_passes);
    }

    void stepsAreTakenUntilItFits() {
        QCOMPARE(plan(0).steps.size(), std::size_t{0}); // nothing is known: as chosen
        std::size_t steps = 0;
        for (std::uint64_t available = 8000; available > 1000; available -= 10) {
            const MemoryPlan made = plan(available * kMega);
            QVERIFY(made.steps.size() >= steps);
            steps = made.steps.size();
            const bool fits = made.predicted_peak_bytes <= available * kMega;
            QVERIFY(fits || steps == 3);
            QCOMPARE(made.available_bytes, available * kMega);
        }
        QCOMPARE(steps, std::size_t{3});
    }

    // Where the decode is the most, the passes are left alone.
    void stepsThatSpareNothingAreNotTaken() {
        RunBytes run = kRun;
        run.step = 500 * kMega;
        const ModelBytes small{.kept = 100 * kMega};
        const MemoryNumbers numbers{.value_bytes = 2};
        const auto made = plan_memory({small, run}, {}, {.available = 700 * kMega}, numbers,
                                      MemoryChoice::automatic);
        QCOMPARE(made.steps, std::vector{MemoryStep::tiled_decode});
        QVERIFY(plan_memory({small, {}}, {}, {}, numbers, MemoryChoice::low).steps.empty());
    }

    void choicesAreHeard() {
        using enum MemoryStep;
        QCOMPARE(plan(0, MemoryChoice::automatic).steps, std::vector{stream_encoders});
        QVERIFY(plan(0, MemoryChoice::automatic, true).steps.empty()); // a GPU keeps them
        const std::vector all{stream_encoders, two_passes, tiled_decode};
        QCOMPARE(plan(100'000 * kMega, MemoryChoice::low).steps, all);
        QVERIFY(plan(0, MemoryChoice::low).has(tiled_decode));
        for (const auto choice : {MemoryChoice::keep, MemoryChoice::automatic, MemoryChoice::low}) {
            QVERIFY(memory_choice_from_string(to_string(choice)) == choice);
        }
        QVERIFY(!memory_choice_from_string("lots"));
    }

    // A model and its refiner are both there, unless that is too much.
    void aRefinerIsCounted() {
        using enum MemoryStep;
        const ModelNeeds base{kModel, kRun};
        const ModelNeeds refiner{.model = {.kept = 1500 * kMega, .encoders = 600 * kMega},
                                 .run = {.step = 500 * kMega,
                                         .step_in_two_passes = 250 * kMega,
                                         .decode = 900 * kMega,
                                         .tiled_decode = 100 * kMega}};
        const auto made = [&](std::uint64_t available, MemoryChoice choice, bool gpu = false) {
            return plan_memory(base, refiner,
                               {.program = 200 * kMega, .available = available * kMega},
                               {.value_bytes = 2, .gpu = gpu}, choice);
        };
        const MemoryPlan both = made(0, MemoryChoice::keep);
        QVERIFY(both.steps.empty());
        // The refiner decodes, so that the larger of step and decode is its own.
        QCOMPARE(both.predicted_peak_bytes - plan(0).predicted_peak_bytes,
                 1500 * kMega + 600 * kMega + refiner.run.decode - kRun.step);
        const MemoryPlan in_turns = made(4600, MemoryChoice::keep);
        QCOMPARE(in_turns.steps, (std::vector{stream_encoders, take_turns}));
        QCOMPARE(in_turns.predicted_peak_bytes, // the base alone, which does not decode
                 plan(0).predicted_peak_bytes - kModel.encoders);
        QVERIFY(made(0, MemoryChoice::low).has(take_turns));
        QVERIFY(!made(0, MemoryChoice::automatic).has(take_turns));
        QVERIFY(made(0, MemoryChoice::automatic, true).has(take_turns));
        QVERIFY(!plan(0, MemoryChoice::low).has(take_turns)); // of one model there is nothing
    }

    void aRefinersTextEncoderIsWeighed() {
        ModelFolder folder = read_model_folder(kGolden / "tiny_sdxl");
        const MemoryNumbers numbers{.value_bytes = 4};
        const std::uint64_t both = model_bytes(folder, {}, {}, numbers).kept;
        folder.family = ModelFamily::sdxl_refiner;
        QCOMPARE(model_bytes(folder, {}, {}, numbers).kept, both);
    }

    void aGpuHasNoProgramInIt() {
        QVERIFY(plan(0, MemoryChoice::keep, true).predicted_peak_bytes + 200 * kMega <=
                plan(0).predicted_peak_bytes + 400 * kMega);
    }

    // Headers alone tell what a model takes: here every value once, in four bytes or two.
    void modelsAreWeighed() {
        const ModelFolder folder = read_model_folder(kGolden / "tiny_sd");
        const ModelBytes whole = model_bytes(folder, {}, {}, {.value_bytes = 4});
        std::uint64_t values = 0;
        for (const char* part : {"unet", "vae", "text_encoder"}) {
            for (const auto& file : std::filesystem::directory_iterator(folder.path / part)) {
                if (file.path().extension() == ".safetensors") {
                    for (const auto& [name, entry] : load_safetensors_header(file).tensors) {
                        values += (entry.end - entry.begin) / dtype_bytes(entry.dtype);
                    }
                }
            }
        }
        QCOMPARE(whole.kept, values * 4);
        QCOMPARE(whole.encoders, std::uint64_t{0}); // too small to be streamed
        QCOMPARE(model_bytes(folder, {}, {}, {.value_bytes = 2}).kept, values * 2);
        QVERIFY(model_bytes(folder, {}, {}, {.value_bytes = 2, .packs = true}).kept >= values * 2);
        const ModelBytes with = model_bytes(folder, {folder.ip_adapters.front().path},
                                            {folder.image_encoder}, {.value_bytes = 4});
        QVERIFY(with.kept > whole.kept);
        // What cannot be read counts nothing.
        QCOMPARE(model_bytes(folder, {"/nowhere"}, {"/nowhere"}, {.value_bytes = 4}).kept,
                 whole.kept);
    }

    void largerPicturesTakeMore() {
        const ModelFolder folder = read_model_folder(kGolden / "tiny_sd");
        const MemoryNumbers numbers{.value_bytes = 4};
        const RunBytes small = run_bytes(folder, resolved(folder, 512), numbers);
        const RunBytes large = run_bytes(folder, resolved(folder, 2048), numbers);
        QVERIFY(large.step > 4 * small.step);
        QVERIFY(large.decode > 4 * small.decode);
        QVERIFY(large.step_in_two_passes < large.step);
        QVERIFY(large.tiled_decode < large.decode);
    }

    void wordsHaveNumbers() {
        MemoryPlan made{.predicted_peak_bytes = 2'140'000'000};
        QCOMPARE(memory_words(made).text(), "about 2.1 GB");
        made.available_bytes = 24'000'000'000;
        QCOMPARE(memory_words(made).text(), "about 2.1 GB of 24.0 GB");
        for (const MemoryStep step : {MemoryStep::stream_encoders, MemoryStep::two_passes,
                                      MemoryStep::tiled_decode, MemoryStep::take_turns}) {
            QVERIFY(!step_words(step).empty() && to_string(step)[0] != '\0');
        }
    }
};

QTEST_APPLESS_MAIN(TestMemoryPlan)
#include "test_memory_plan.moc"
