#include "core/request/training_fit.h"

#include <QTest>

#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

using namespace likeness;

namespace {

TrainingRequest request_of(const std::string& method) {
    TrainingRequest request{.method = TrainingMethod::lora};
    if (method.starts_with("dreambooth")) {
        request.method = TrainingMethod::dreambooth;
        request.class_prompt = method == "dreambooth" ? "a photo of a mug" : "";
    }
    return request;
}

} // namespace

// When a training is told to have learned too well, and when not.
class TestTrainingFit : public QObject {
    Q_OBJECT

private Q_SLOTS:

    // The proofs of the starter's own settings over ten subjects (likeness-starter methods).
    void whatIsUsualIsNotTold() {
        std::ifstream file(std::filesystem::path(LIKENESS_SOURCE_DIR) /
                           "resources/starter/methods.json");
        const nlohmann::json trainings = nlohmann::json::parse(file).at("trainings");
        int looked_at = 0;
        for (const auto& [name, training] : trainings.items()) {
            if (name.starts_with("style")) { // of many things: one is not like the others
                continue;
            }
            const nlohmann::json& proof = training.at("proof");
            const TrainingFit fit = fit_of(request_of(name.substr(0, name.find(' '))),
                                           {.overfit = proof.at("overfit").get<double>(),
                                            .drift = proof.at("drift").get<double>()});
            QVERIFY2(fit == TrainingFit{}, name.c_str());
            ++looked_at;
        }
        QCOMPARE(looked_at, 30);
    }

    void whatIsBeyondIsTold() {
        const TrainingProof proof{.overfit = 0.2, .drift = 0.8, .spread = 0.6};
        QCOMPARE(fit_of(request_of("dreambooth"), proof), (TrainingFit{true, true}));
        QCOMPARE(fit_of(request_of("lora"), proof), (TrainingFit{.repeats = true})); // no class
        QCOMPARE(fit_of(request_of("dreambooth"), {}), TrainingFit{});               // not measured
        // Other pictures changed, but not towards what was learned.
        QCOMPARE(fit_of(request_of("dreambooth"), {.drift = 0.8, .spread = 0.1}), TrainingFit{});
    }
};

QTEST_APPLESS_MAIN(TestTrainingFit)
#include "test_training_fit.moc"
