#include "core/nn/layers.h"
#include "core/training/trainer.h"
#include "core/weights/safetensors.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/full_like.h>
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
        : Toy(options_for(checkpoint, planned_steps)) {}

    explicit Toy(const TrainerOptions& options)
        : source(std::make_shared<ParameterSource>(3)), first(Weights(source, {}) / "first", 6, 16),
          second(Weights(source, {}) / "second", 16, 2), trainer(source->parameters(), options) {}

    static TrainerOptions options_for(const std::filesystem::path& checkpoint,
                                      std::int64_t planned_steps = kSteps) {
        return {.name = "toy",
                .checkpoint = checkpoint,
                .planned_steps = planned_steps,
                .batch = 32,
                .learning_rate = 2e-2,
                .warmup_steps = 5};
    }

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
    void lostGradientLeavesEverythingAsItWas();
    void aScaledLossPassesOverLostGradients();
    void lossScaleIsGoneOnWith();
    void checkpointThatCannotBeWrittenIsTold();
    void anotherBaseIsRefused();
    void anotherLearningRateIsTold();
    void asManyStepsAsFitTheMinutes();
    void averageIsLoadedByName();
};

void TestTrainer::lossGoesDown() {
    Toy toy(std::filesystem::path{});
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
    Toy toy(std::filesystem::path{});
    const auto error = error_of([&] {
        toy.trainer.run(
            [](std::int64_t) { return at::tensor(std::numeric_limits<float>::quiet_NaN()); }, 1,
            toy.stop, [](const nlohmann::json&) {});
    });
    QVERIFY(error && error->code == ErrorCode::internal);
}

void TestTrainer::lostGradientLeavesEverythingAsItWas() {
    Toy toy(std::filesystem::path{});
    toy.trainer.run([&](std::int64_t step) { return toy.loss(step); }, 0, toy.stop,
                    [](const nlohmann::json&) {});
    std::int64_t lost = 0;
    TensorMap before;
    try {
        toy.run([&](std::int64_t step) {
            if (step == 7) {
                for (const auto& [name, tensor] : toy.source->parameters()) {
                    before[name] = tensor.detach().clone();
                    // As a sum too large for its kind leaves it.
                    tensor.mutable_grad() =
                        at::full_like(tensor, std::numeric_limits<float>::infinity());
                }
            }
        });
    } catch (const LossLost& error) {
        lost = error.step;
        QCOMPARE(error.learning_rate, 2e-2 * learning_rate_share(7, Toy::options_for("")));
    }
    QCOMPARE(lost, std::int64_t{8});
    QCOMPARE(toy.trainer.step(), std::int64_t{7});
    for (const auto& [name, tensor] : toy.source->parameters()) {
        QVERIFY2(tensor.equal(before.at(name)), name.c_str());
    }
}

void TestTrainer::aScaledLossPassesOverLostGradients() {
    TrainerOptions options = Toy::options_for({});
    const auto lose = [](const Toy& toy) {
        for (const auto& [name, tensor] : toy.source->parameters()) {
            tensor.mutable_grad() = at::full_like(tensor, std::numeric_limits<float>::infinity());
        }
    };
    Toy plain(options);
    plain.run();
    options.scales_loss = true;
    Toy scaled(options);
    scaled.run();
    QVERIFY(scaled.trainer.loss_scale() == (LossScale{.scale = 65536, .growth_tracker = kSteps}));
    for (const auto& [name, tensor] : plain.source->parameters()) { // a power of two changes no bit
        QVERIFY2(tensor.equal(scaled.source->parameters().at(name)), name.c_str());
    }
    Toy losing(options);
    TensorMap before;
    losing.run([&](std::int64_t step) {
        if (step == 7 || step == 8) {
            lose(losing);
        }
        for (const auto& [name, tensor] : losing.source->parameters()) {
            if (step == 7) {
                before[name] = tensor.detach().clone();
            } else if (step == 9 && !tensor.equal(before.at(name))) {
                before.clear();
                break;
            }
        }
    });
    QVERIFY(!before.empty());
    QCOMPARE(losing.trainer.step(), kSteps);
    QVERIFY(losing.trainer.loss_scale() ==
            (LossScale{.scale = 16384, .growth_tracker = kSteps - 9}));
    QVERIFY(losing.losses.back() < 0.2 * losing.losses.front());
    // Where no scale helps, it is told.
    Toy lost(options);
    std::int64_t at = 0;
    try {
        lost.run([&](std::int64_t) { lose(lost); });
    } catch (const LossLost& error) {
        at = error.step;
    }
    QCOMPARE(at, std::int64_t{31});
}

void TestTrainer::lossScaleIsGoneOnWith() {
    const TempFolder folder;
    TrainerOptions options = Toy::options_for(folder / "a.safetensors");
    options.scales_loss = true;
    {
        Toy begun(options);
        begun.run([&](std::int64_t step) {
            if (step == 3) {
                begun.source->parameters().begin()->second.mutable_grad() =
                    at::full_like(begun.source->parameters().begin()->second,
                                  std::numeric_limits<float>::quiet_NaN());
            }
            begun.stop = step == 22;
        });
    }
    Toy resumed(options);
    QVERIFY(resumed.trainer.loss_scale() == (LossScale{.scale = 32768, .growth_tracker = 19}));
    options.scales_loss = false; // the person chose another kind of numbers
    const Toy plain(options);
    QVERIFY(!plain.trainer.loss_scale());
    QCOMPARE(plain.trainer.step(), std::int64_t{23});
}

void TestTrainer::checkpointThatCannotBeWrittenIsTold() {
    const TempFolder folder;
    TrainerOptions options = Toy::options_for(folder / "a.safetensors");
    std::vector<std::string> told;
    options.second_checkpoint = folder / "b.safetensors";
    options.on_notice = [&told](const Message& notice) { told.push_back(notice.text()); };
    options.save_every_seconds = 0;
    Toy toy(options);
    const auto end = toy.run([&](std::int64_t step) {
        if (step == 10) { // both are there; from now on one cannot be written
            std::filesystem::remove(options.checkpoint);
            std::filesystem::create_directory(options.checkpoint);
        }
    });
    QVERIFY(end == Trainer::End::planned);
    QVERIFY(!told.empty());
    QVERIFY2(told.front().find("goes on") != std::string::npos, told.front().c_str());
    QVERIFY(std::filesystem::exists(options.second_checkpoint));
}

void TestTrainer::anotherBaseIsRefused() {
    const TempFolder folder;
    TrainerOptions options = Toy::options_for(folder / "a.safetensors");
    options.base = "one";
    Toy(options).run();
    const auto error = error_of([&] {
        options.base = "another";
        Toy toy(options);
    });
    QVERIFY(error && error->code == ErrorCode::model_mismatch);
    QVERIFY2(std::string(error->what()).find("model was changed") != std::string::npos,
             error->what());
}

void TestTrainer::anotherLearningRateIsTold() {
    const TempFolder folder;
    TrainerOptions options = Toy::options_for(folder / "a.safetensors");
    Toy(options).run();
    std::vector<std::string> told;
    options.on_notice = [&told](const Message& notice) { told.push_back(notice.text()); };
    const Toy same(options);
    QVERIFY(told.empty());
    options.learning_rate = 1e-3;
    const Toy lower(options);
    QCOMPARE(told.size(), std::size_t{1});
    QVERIFY2(told.front().find("0.02 up to step 60") != std::string::npos, told.front().c_str());
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
