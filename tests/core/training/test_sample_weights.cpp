#include "core/base/error.h"
#include "core/training/sample_weights.h"
#include "core/weights/safetensors.h"
#include "tests/core/training/training_support.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>

#include <QTest>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;
using Steps = std::vector<std::int64_t>;

TrainingRequest sampled_request(const fs::path& out, TrainingMethod method) {
    TrainingRequest request = tiny_request(out);
    request.method = method;
    request.max_train_steps = 6;
    request.validation_steps = 2;
    request.kept_sample_weights = 2;
    return request;
}

TrainingResult train_sampled(const TrainingRequest& request, std::int64_t last = -1) {
    std::int64_t step = 0;
    return train(
        request, Progress{},
        {.on_step = [&step](const TrainingStep& taken) { step = taken.step; },
         .on_sample = [](const TrainingSamplePicture&) {},
         .wish = [&step,
                  last] { return step == last ? TrainingWish::stop : TrainingWish::go_on; }});
}

bool same_tensors(const fs::path& a, const fs::path& b) {
    const TensorMap first = load_safetensors(a), second = load_safetensors(b);
    return first.size() == second.size() && std::ranges::all_of(first, [&](const auto& each) {
               return at::equal(each.second, second.at(each.first));
           });
}

} // namespace

// One of the samples of a training becomes its result.
class TestSampleWeights : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void anEarlierSampleIsWhatAShorterTrainingGives_data() {
        QTest::addColumn<int>("method");
        QTest::newRow("lora") << static_cast<int>(TrainingMethod::lora);
        QTest::newRow("ip_adapter") << static_cast<int>(TrainingMethod::ip_adapter);
    }

    void anEarlierSampleIsWhatAShorterTrainingGives() {
        QFETCH(int, method);
        const TempFolder folder;
        TrainingRequest request =
            sampled_request(folder / "mug.safetensors", static_cast<TrainingMethod>(method));
        TrainingRequest shorter = request;
        shorter.out = (folder / "shorter.safetensors").string();
        shorter.max_train_steps = 4;
        shorter.kept_sample_weights = 0;
        const TrainingResult expected = train_sampled(shorter);
        QCOMPARE(kept_sample_steps(shorter), Steps{}); // not asked for

        const TrainingResult whole = train_sampled(request);
        QCOMPARE(kept_sample_steps(request), (Steps{4, 6})); // the oldest went
        const std::string last = bytes_of(request.out);
        request.take_step = 4;
        const TrainingResult taken = train(request, Progress{}, {});
        QVERIFY(same_tensors(request.out, shorter.out));
        QCOMPARE(taken.steps, std::int64_t{4});
        QCOMPARE(taken.weights, request.out);
        QCOMPARE(taken.proof.weight_changes, expected.proof.weight_changes);
        QCOMPARE(taken.proof.picture_change, expected.proof.picture_change);
        QVERIFY(taken.proof.weight_change != whole.proof.weight_change);
        request.take_step = 6; // and back
        train(request, Progress{}, {});
        QVERIFY(bytes_of(request.out) == last);
    }

    void aStoppedTrainingGivesOneToo() {
        const TempFolder folder;
        TrainingRequest request = sampled_request(folder / "mug.safetensors", TrainingMethod::lora);
        bool is_cut = false;
        try {
            train_sampled(request, 5);
        } catch (const Cancelled&) {
            is_cut = true;
        }
        QVERIFY(is_cut);
        QVERIFY(fs::exists(training_checkpoint(request)));
        request.take_step = 4;
        QCOMPARE(train(request, Progress{}, {}).steps, std::int64_t{4});
        QVERIFY(fs::exists(request.out));
        QVERIFY(!fs::exists(training_checkpoint(request))); // it is over
    }

    void whatIsNotThereOrOfOthersIsRefused() {
        const TempFolder folder;
        TrainingRequest request = sampled_request(folder / "mug.safetensors", TrainingMethod::lora);
        train_sampled(request);
        const std::string result = bytes_of(request.out);
        const auto refusal = [&request] {
            return code_of([&request] { train(request, Progress{}, {}); });
        };
        request.take_step = 2;
        QCOMPARE(refusal(), std::string(to_string(ErrorCode::file_missing)));
        request.take_step = 4;
        request.pictures.pop_back();
        QCOMPARE(refusal(), std::string(to_string(ErrorCode::model_mismatch)));
        request = sampled_request(folder / "mug.safetensors", TrainingMethod::lora);
        request.take_step = 4;
        fs::resize_file(training_sample_weights(request, 4), 1000);
        QCOMPARE(refusal(), std::string(to_string(ErrorCode::file_damaged)));
        request.method = TrainingMethod::dreambooth; // a whole model
        QCOMPARE(refusal(), std::string(to_string(ErrorCode::bad_request)));
        QVERIFY(bytes_of(request.out) == result);
    }

    // A gigabyte is the most; the newest stays in any case.
    void tooManyBytesDropTheOldest() {
        const TempFolder folder;
        TrainingRequest request = sampled_request(folder / "mug.safetensors", TrainingMethod::lora);
        request.kept_sample_weights = 100;
        SampleWeights weights(request, "base");
        QVERIFY(weights.are_kept());
        for (const std::int64_t step : {2, 4, 6}) {
            QVERIFY(!weights.keep(step, {{"a", at::full({2}, static_cast<double>(step))}}));
            // Sparse: as large as it says, without its bytes on the disk.
            fs::resize_file(training_sample_weights(request, step), 600'000'000);
        }
        QCOMPARE(kept_sample_steps(request), (Steps{4, 6}));
        QVERIFY(!weights.keep(8, {{"a", at::full({2}, 8.0)}}));
        QCOMPARE(kept_sample_steps(request), (Steps{6, 8}));
        QVERIFY(at::equal(weights.load(8).at("a"), at::full({2}, 8.0)));
    }
};

QTEST_APPLESS_MAIN(TestSampleWeights)
#include "test_sample_weights.moc"
