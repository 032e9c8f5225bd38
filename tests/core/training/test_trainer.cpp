#include "core/nn/layers.h"
#include "core/training/trainer.h"
#include "core/weights/safetensors.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/tensor.h>

#include <QTest>

#include <limits>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

constexpr std::int64_t kSteps = 60;

// Two layers that learn a fixed linear map.
struct Toy {
    explicit Toy(const std::filesystem::path& checkpoint, std::int64_t planned_steps = kSteps)
        : source(std::make_shared<ParameterSource>(3)), first(Weights(source, {}) / "first", 6, 16),
          second(Weights(source, {}) / "second", 16, 2),
          trainer(source->parameters(), {.name = "toy",
                                         .checkpoint = checkpoint,
                                         .planned_steps = planned_steps,
                                         .batch = 32,
                                         .learning_rate = 2e-2,
                                         .warmup_steps = 5}) {}

    Tensor loss(std::int64_t step) const {
        const auto generator =
            at::detail::createCPUGenerator(step_seed(9, static_cast<std::uint64_t>(step)));
        const auto x = at::randn({32, 6}, generator);
        const auto wanted = x.narrow(1, 0, 2) - 0.5 * x.narrow(1, 2, 2);
        return (second(activate(first(x), Activation::silu)) - wanted).square().mean();
    }

    Trainer::End run(const std::function<void(std::int64_t)>& before = {}) {
        return trainer.run(
            [&](std::int64_t step) {
                if (before) {
                    before(step);
                }
                losses.push_back(loss(step).item<double>());
                return loss(step);
            },
            10, stop, [](const nlohmann::json&) {});
    }

    std::shared_ptr<ParameterSource> source;
    Linear first, second;
    Trainer trainer;
    std::atomic<bool> stop{false};
    std::vector<double> losses{};
};

} // namespace

class TestTrainer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void lossGoesDown();
    void cutRunEqualsWholeRun();
    void rateWarmsUpAndFalls();
    void foreignCheckpointIsRefused();
    void lostLossEndsTheRun();
    void asManyStepsAsFitTheMinutes();
    void averageIsLoadedByName();
};

void TestTrainer::lossGoesDown() {
    Toy toy({});
    QVERIFY(toy.run() == Trainer::End::planned);
    QCOMPARE(toy.losses.size(), static_cast<std::size_t>(kSteps));
    QVERIFY(toy.losses.back() < 0.2 * toy.losses.front());
}

void TestTrainer::cutRunEqualsWholeRun() {
    const TempFolder folder;
    Toy whole(folder / "whole.safetensors");
    whole.run();
    {
        Toy begun(folder / "cut.safetensors");
        const auto end = begun.run([&](std::int64_t step) { begun.stop = step == 22; });
        QVERIFY(end == Trainer::End::stopped);
        QCOMPARE(begun.trainer.step(), std::int64_t{23});
    }
    Toy resumed(folder / "cut.safetensors");
    QCOMPARE(resumed.trainer.step(), std::int64_t{23});
    QVERIFY(resumed.run() == Trainer::End::planned);
    const auto a = load_safetensors(folder / "whole.safetensors");
    const auto b = load_safetensors(folder / "cut.safetensors");
    QCOMPARE(a.size(), b.size());
    for (const auto& [name, tensor] : a) {
        QVERIFY2(tensor.equal(b.at(name)), name.c_str());
    }
}

void TestTrainer::rateWarmsUpAndFalls() {
    const TrainerOptions options{.planned_steps = 110, .warmup_steps = 10};
    QCOMPARE(learning_rate_share(0, options), 0.1);
    QCOMPARE(learning_rate_share(9, options), 1.0);
    QCOMPARE(learning_rate_share(60, options), 0.51); // half way from 1 to 0.02
    QCOMPARE(learning_rate_share(110, options), 0.02);
    QCOMPARE(learning_rate_share(500, options), 0.02);
}

void TestTrainer::foreignCheckpointIsRefused() {
    const TempFolder folder;
    const auto path = folder / "other.safetensors";
    save_safetensors(path, {{"parameter/x", at::randn({2})}}, {{"name", "vae"}, {"step", "4"}});
    const auto error = error_of([&] { Toy toy(path); });
    QVERIFY(error && error->code == ErrorCode::model_mismatch);
}

void TestTrainer::lostLossEndsTheRun() {
    Toy toy({});
    const auto error = error_of([&] {
        toy.trainer.run(
            [](std::int64_t) { return at::tensor(std::numeric_limits<float>::quiet_NaN()); }, 1,
            toy.stop, [](const nlohmann::json&) {});
    });
    QVERIFY(error && error->code == ErrorCode::internal);
}

void TestTrainer::asManyStepsAsFitTheMinutes() {
    const TempFolder folder;
    constexpr double kMinutes = 0.06; // enough for a busy machine, too
    const auto path = folder / "fitted.safetensors";
    std::int64_t planned = 0;
    {
        Toy toy(path, 0);
        toy.trainer.run([&](std::int64_t step) { return toy.loss(step); }, kMinutes, toy.stop,
                        [](const nlohmann::json&) {});
        planned = toy.trainer.planned_steps();
        QVERIFY(planned > 60);
        QVERIFY(toy.trainer.step() <= planned);
    }
    // The plan is kept: the curve goes on where it was.
    QCOMPARE(Toy(path, 0).trainer.planned_steps(), planned);
}

void TestTrainer::averageIsLoadedByName() {
    const TempFolder folder;
    Toy toy(folder / "toy.safetensors");
    toy.run();
    const auto average = load_average(folder / "toy.safetensors");
    QCOMPARE(average.size(), toy.source->parameters().size());
    for (const auto& [name, tensor] : average) {
        COMPARE_TENSORS(tensor, toy.trainer.average().at(name), kExact);
        QVERIFY(!tensor.equal(toy.source->parameters().at(name)));
    }
}

QTEST_APPLESS_MAIN(TestTrainer)
#include "test_trainer.moc"
