#include "core/base/error.h"
#include "core/schedulers/make_scheduler.h"
#include "core/weights/safetensors.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"

#include <ATen/ops/tensor.h>

#include <QTest>

#include <filesystem>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

// One of the fixture's cases.
struct Case {
    explicit Case(const std::string& case_name)
        : file(SafetensorsFile::open(std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" /
                                     "golden" / "schedulers.safetensors")),
          name(case_name), told(nlohmann::json::parse(file->metadata().at("cases")).at(case_name)) {
    }

    Tensor operator[](const std::string& key) const { return file->take(name + "." + key); }

    std::unique_ptr<Scheduler> scheduler() const {
        return make_scheduler(told["scheduler"].get<std::string>(),
                              SchedulerConfig::from_json(told["config"]), told["steps"]);
    }

    std::shared_ptr<SafetensorsFile> file;
    std::string name;
    nlohmann::json told;
};

void add_cases() {
    QTest::addColumn<QString>("name");
    const auto file = SafetensorsFile::open(std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" /
                                            "golden" / "schedulers.safetensors");
    const auto cases = nlohmann::json::parse(file->metadata().at("cases"));
    for (const auto& [name, told] : cases.items()) {
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

} // namespace

class TestSchedulers : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void timesteps_data() { add_cases(); }

    void timesteps() {
        QFETCH(QString, name);
        const Case golden(name.toStdString());
        const auto scheduler = golden.scheduler();
        const Tensor ours = at::tensor(scheduler->timesteps(), at::kDouble);
        const bool whole = golden.told["scheduler"] == "ddim";
        COMPARE_TENSORS(ours, golden["timesteps"], whole ? kExact : kFloat32);
        COMPARE_TENSORS(at::tensor({scheduler->init_noise_sigma()}, at::kDouble),
                        golden["init_noise_sigma"], kFloat32);
    }

    // Every step starts from the reference's own sample, so that one wrong step is told as that
    // step.
    void steps_data() { add_cases(); }

    void steps() {
        QFETCH(QString, name);
        const Case golden(name.toStdString());
        const auto scheduler = golden.scheduler();
        const Tensor noise = golden["noise_pred"], samples = golden["samples"];
        for (int i = 0; i < noise.size(0); ++i) {
            COMPARE_TENSORS(scheduler->scale_model_input(samples[i], i), golden["inputs"][i],
                            kFloat32);
            COMPARE_TENSORS(scheduler->denoised(noise[i], i, samples[i]), golden["denoised"][i],
                            kFloat32);
            COMPARE_TENSORS(scheduler->step(noise[i], i, samples[i]), samples[i + 1], kFloat32);
        }
    }

    void lastStepLeavesNoNoise() {
        for (const char* name : {"sd15_euler", "sdxl_euler", "euler_karras_v_prediction"}) {
            const Case golden(name);
            const auto scheduler = golden.scheduler();
            const int last = static_cast<int>(scheduler->timesteps().size()) - 1;
            const Tensor noise = golden["noise_pred"][0], sample = golden["samples"][0];
            COMPARE_TENSORS(scheduler->step(noise, last, sample),
                            scheduler->denoised(noise, last, sample), kFloat32Loop);
        }
    }

    void configsSurviveJson_data() { add_cases(); }

    void configsSurviveJson() {
        QFETCH(QString, name);
        const auto config = SchedulerConfig::from_json(Case(name.toStdString()).told["config"]);
        QVERIFY(SchedulerConfig::from_json(config.to_json()) == config);
    }

    void nonsenseIsRefused_data() {
        QTest::addColumn<QString>("json");
        QTest::newRow("prediction") << R"({"prediction_type": "guess"})";
        QTest::newRow("spacing") << R"({"timestep_spacing": 3})";
        QTest::newRow("betas") << R"({"beta_start": -1})";
        QTest::newRow("length") << R"({"num_train_timesteps": 0})";
        QTest::newRow("kind") << R"([1, 2])";
    }

    void nonsenseIsRefused() {
        QFETCH(QString, json);
        QCOMPARE(code_of([&] {
                     (void)SchedulerConfig::from_json(nlohmann::json::parse(json.toStdString()));
                 }),
                 std::string("model_mismatch"));
    }

    void impossibleStepsAreRefused() {
        const SchedulerConfig config;
        for (const int steps : {0, -1, 1001}) {
            QCOMPARE(code_of([&] { (void)make_scheduler("ddim", config, steps); }),
                     std::string("bad_request"));
        }
        QCOMPARE(code_of([&] { (void)make_scheduler("magic", config, 5); }),
                 std::string("bad_request"));
    }
};

QTEST_APPLESS_MAIN(TestSchedulers)
#include "test_schedulers.moc"
