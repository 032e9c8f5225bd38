#include "core/base/error.h"
#include "core/schedulers/beta_quantile.h"
#include "core/schedulers/make_scheduler.h"
#include "core/schedulers/noise_schedule.h"
#include "core/tensor/noise.h"
#include "core/weights/safetensors.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/roll.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/tensor.h>

#include <QTest>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace {

std::shared_ptr<SafetensorsFile> file_of_cases() {
    static const std::shared_ptr<SafetensorsFile> file = SafetensorsFile::open(
        std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" / "golden" / "schedulers.safetensors");
    return file;
}

// One of the fixture's cases.
struct Case {
    explicit Case(const std::string& case_name)
        : file(file_of_cases()), name(case_name),
          told(nlohmann::json::parse(file->metadata().at("cases")).at(case_name)) {}

    Tensor operator[](const std::string& key) const { return file->take(name + "." + key); }

    std::unique_ptr<Scheduler> scheduler() const {
        return make_scheduler(told["scheduler"].get<std::string>(),
                              SchedulerConfig::from_json(told["config"]), told["steps"]);
    }

    std::shared_ptr<SafetensorsFile> file;
    std::string name;
    nlohmann::json told;
};

// Whether the rule scales what the model is given, and tells it fractions of timesteps.
bool works_with_sigmas(const std::string& kind) {
    return std::ranges::any_of(std::array{"euler", "heun", "lms", "dpm2", "dpmpp_sde"},
                               [&](const char* start) { return kind.starts_with(start); });
}

// What may be between two processors' float32 after a step: a large sample that becomes a small one
// keeps its own roundings.
Tolerance of_step(const Tensor& samples, int64_t i) {
    const auto largest = [&samples](int64_t at) { return samples[at].abs().max().item<double>(); };
    return {.name = kFloat32.name,
            .relative = kFloat32.relative * std::max(1.0, largest(i) / largest(i + 1))};
}

nlohmann::json trajectories_of_file() {
    return nlohmann::json::parse(file_of_cases()->metadata().at("trajectories"));
}

void add_cases() {
    QTest::addColumn<QString>("name");
    const auto cases = nlohmann::json::parse(file_of_cases()->metadata().at("cases"));
    for (const auto& [name, told] : cases.items()) {
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

// The reference's generator, from which the first sample was drawn already.
void give_noise(Scheduler& scheduler, at::IntArrayRef shape, std::uint64_t seed) {
    const auto noise = std::make_shared<NoiseStream>(seed);
    (void)noise->draw(shape);
    scheduler.set_noise_source([noise](at::IntArrayRef wanted) { return noise->draw(wanted); });
}

// make_scheduler_fixtures.py's predicted().
Tensor predicted(const Tensor& sample, double timestep) {
    const Tensor mixed = sample.roll({1}, {1}) * 0.6 - sample.roll({1}, {3}) * 0.4;
    return sample / (1 + sample.abs()) * (0.5 + static_cast<float>(timestep) / 2000) +
           mixed / (2 + mixed.abs());
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
        const bool whole = !works_with_sigmas(golden.told["scheduler"].get<std::string>());
        COMPARE_TENSORS(ours, golden["timesteps"], whole ? kExact : kFloat32);
        COMPARE_TENSORS(at::tensor({scheduler->init_noise_sigma()}, at::kDouble),
                        golden["init_noise_sigma"], kFloat32);
    }

    // A case whose config asks for noise levels, by the name that has them.
    void namesAskForLevels_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("levels");
        const auto cases = nlohmann::json::parse(file_of_cases()->metadata().at("cases"));
        for (const auto& [name, told] : cases.items()) {
            for (const char* levels : {"karras", "exponential", "beta"}) {
                const bool asks =
                    told["config"].value("use_" + std::string(levels) + "_sigmas", false);
                if (asks && !told["scheduler"].get<std::string>().ends_with("karras")) {
                    QTest::newRow(name.c_str()) << QString::fromStdString(name) << levels;
                }
            }
        }
    }

    void namesAskForLevels() {
        QFETCH(QString, name);
        QFETCH(QString, levels);
        Case golden(name.toStdString());
        golden.told["config"].erase("use_" + levels.toStdString() + "_sigmas");
        golden.told["scheduler"] =
            golden.told["scheduler"].get<std::string>() + "_" + levels.toStdString();
        const auto scheduler = golden.scheduler();
        const Tensor noise = golden["noise_pred"], samples = golden["samples"];
        COMPARE_TENSORS(at::tensor(scheduler->timesteps(), at::kDouble), golden["timesteps"],
                        kFloat32);
        give_noise(*scheduler, samples[0].sizes(), golden.told["steps"]);
        for (int i = 0; i < noise.size(0); ++i) {
            COMPARE_TENSORS(scheduler->step(noise[i], i, samples[i]), samples[i + 1],
                            of_step(samples, i));
        }
    }

    // Every step starts from the reference's own sample, so that one wrong step is told as that
    // step.
    void steps_data() { add_cases(); }

    void steps() {
        QFETCH(QString, name);
        const Case golden(name.toStdString());
        const auto scheduler = golden.scheduler();
        const Tensor noise = golden["noise_pred"], samples = golden["samples"];
        const auto kind = golden.told["scheduler"].get<std::string>();
        const bool scales = kind == "ddim" || works_with_sigmas(kind);
        give_noise(*scheduler, samples[0].sizes(), golden.told["steps"]);
        for (int i = 0; i < noise.size(0); ++i) {
            COMPARE_TENSORS(scheduler->scale_model_input(samples[i], i),
                            scales ? golden["inputs"][i] : samples[i], kFloat32);
            COMPARE_TENSORS(scheduler->denoised(noise[i], i, samples[i]), golden["denoised"][i],
                            kFloat32);
            COMPARE_TENSORS(scheduler->step(noise[i], i, samples[i]), samples[i + 1],
                            of_step(samples, i));
        }
    }

    void trajectories_data() {
        QTest::addColumn<QString>("name");
        const auto all = trajectories_of_file();
        for (const auto& [name, told] : all.items()) {
            QTest::newRow(name.c_str()) << QString::fromStdString(name);
        }
    }

    // Whole ways of a small model, with the noise drawn on the way.
    void trajectories() {
        QFETCH(QString, name);
        const auto told = trajectories_of_file().at(name.toStdString());
        const Tensor golden = file_of_cases()->take(name.toStdString() + ".samples");
        const auto scheduler =
            make_scheduler(told["scheduler"].get<std::string>(),
                           SchedulerConfig::from_json(told["config"]), told["steps"]);
        give_noise(*scheduler, golden[0].sizes(), told["steps"]);
        std::vector<Tensor> samples{golden[0]};
        for (int i = 0; i < static_cast<int>(scheduler->timesteps().size()); ++i) {
            const Tensor input = scheduler->scale_model_input(samples.back(), i);
            const Tensor output =
                predicted(input, scheduler->timesteps()[static_cast<std::size_t>(i)]);
            samples.push_back(scheduler->step(output, i, samples.back()));
        }
        constexpr Tolerance kRelative{"float32, whole way", 1e-5};
        COMPARE_TENSORS(samples[1], golden[1], kRelative);
        COMPARE_TENSORS(samples[5], golden[2], kRelative);
        COMPARE_TENSORS(samples.back(), golden[3], kRelative);
    }

    // Zero terminal SNR is none of PNDM's fields: neither its steps nor what it begins from know
    // it.
    void pndmAddsNoiseByItsOwnTable() {
        const auto noisy = [](bool rescaled) {
            const auto config = SchedulerConfig::from_json(
                {{"beta_schedule", "scaled_linear"}, {"rescale_betas_zero_snr", rescaled}});
            const auto scheduler = make_scheduler("pndm", config, 10);
            return scheduler->add_noise(at::scalar_tensor(1.0), at::scalar_tensor(0.0), 0,
                                        alphas_cumprod(config));
        };
        COMPARE_TENSORS(noisy(true), noisy(false), kExact);
    }

    // A scheduler that takes over with another's history and the noise from there on goes the same
    // way.
    void historyCarriesOver_data() {
        QTest::addColumn<QString>("kind");
        for (const char* kind :
             {"ddim", "euler", "euler_ancestral", "pndm", "dpmpp_2m", "dpmpp_2m_sde", "unipc",
              "lcm", "ddpm", "heun", "lms", "dpm2", "dpm2_ancestral", "dpmpp_2s", "dpmpp_sde"}) {
            QTest::newRow(kind) << QString(kind);
        }
    }

    void historyCarriesOver() {
        QFETCH(QString, kind);
        const auto config = SchedulerConfig::from_json(
            {{"beta_schedule", "scaled_linear"}, {"solver_order", 3}, {"clip_sample", false}});
        const auto make = [&] { return make_scheduler(kind.toStdString(), config, 6); };
        const auto whole = make();
        const auto count = static_cast<int>(whole->timesteps().size());
        NoiseStream noise(3);
        const auto source = [&noise](at::IntArrayRef shape) { return noise.draw(shape); };
        whole->set_noise_source(source);
        std::vector<Tensor> samples{noise.draw({1, 4, 2, 2})};
        std::vector<StepHistory> histories{whole->history()};
        for (int i = 0; i < count; ++i) {
            samples.push_back(whole->step(predicted(samples.back(), 9), i, samples.back()));
            histories.push_back(whole->history());
        }
        for (int begin = 1; begin < count; ++begin) {
            const auto rest = make();
            NoiseStream again(3);
            for (int draw = 0; draw < rest->draws_before(begin) + 1; ++draw) {
                (void)again.draw({1, 4, 2, 2});
            }
            rest->set_noise_source([&](at::IntArrayRef shape) { return again.draw(shape); });
            rest->set_history(histories[static_cast<std::size_t>(begin)]);
            Tensor sample = samples[static_cast<std::size_t>(begin)];
            for (int i = begin; i < count; ++i) {
                sample = rest->step(predicted(sample, 9), i, sample);
            }
            QVERIFY(at::equal(sample, samples.back()));
        }
    }

    void betaQuantilesAreScipys() {
        struct Row {
            double p, a, b, wanted; // scipy.stats.beta.ppf(p, a, b)
        };

        for (const auto& [p, a, b, wanted] :
             {Row{0.001, 0.6, 0.6, 1.855873851745199e-05}, Row{0.3, 0.6, 0.6, 0.23401700387523572},
              Row{0.95, 0.6, 0.6, 0.9874455431263885}, Row{0.2, 0.5, 2, 0.01799296165025404},
              Row{0.7, 3, 0.7, 0.9414237581070007}, Row{0.5, 5, 5, 0.5}, Row{0, 2, 3, 0},
              Row{1, 2, 3, 1}}) {
            QVERIFY(std::abs(beta_quantile(p, a, b) - wanted) <= 1e-13 * wanted);
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
        for (const char* name : {"magic", "ddim_karras", "_karras", "euler_ancestral_karras",
                                 "ddim_beta", "pndm_exponential"}) {
            QCOMPARE(code_of([&] { (void)make_scheduler(name, config, 5); }),
                     std::string("bad_request"));
        }
    }
};

QTEST_APPLESS_MAIN(TestSchedulers)
#include "test_schedulers.moc"
