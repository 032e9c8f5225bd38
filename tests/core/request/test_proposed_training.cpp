#include "core/request/proposed_training.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <filesystem>
#include <fstream>

using namespace likeness;

namespace fs = std::filesystem;

namespace {

const std::string kTiny = std::string(LIKENESS_SOURCE_DIR) + "/tests/golden/tiny_sd";
constexpr auto kLora = TrainingMethod::lora;
constexpr auto kDreamBooth = TrainingMethod::dreambooth;
constexpr auto kAdapter = TrainingMethod::ip_adapter;

double rate(const std::string& model, TrainingMethod method, bool as_lora = false) {
    return default_learning_rate({.method = method, .model = model, .as_lora = as_lora});
}

} // namespace

// A small model learns otherwise than the published ones, and says so itself.
class TestProposedTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whoSaysNothingGetsTheUsual();
    void theStarterSaysItsOwn();
    void onlyWhatCanBeIsTaken();
    void anotherMethodBringsItsOwn();

private:
    // The tiny model with that likeness.json.
    std::string saying(const std::string& text);

    test::TempFolder folder_{};
    int models_ = 0;
};

std::string TestProposedTraining::saying(const std::string& text) {
    const fs::path model = folder_.path() / std::to_string(++models_);
    fs::copy(kTiny, model, fs::copy_options::recursive);
    std::ofstream(model / "likeness.json") << text;
    return model.string();
}

void TestProposedTraining::whoSaysNothingGetsTheUsual() {
    for (const std::string& model : {kTiny, std::string("no such model")}) {
        for (const auto method : {kLora, kDreamBooth, kAdapter}) {
            QCOMPARE(proposed_training(method, model),
                     (TrainingRequest{.method = method, .model = model}));
        }
        QCOMPARE(rate(model, kLora), 5e-4);
        QCOMPARE(rate(model, kDreamBooth), 5e-6);
        QCOMPARE(rate(model, kAdapter), 1e-4);
    }
}

void TestProposedTraining::theStarterSaysItsOwn() {
    QCOMPARE(rate("starter", kLora), 2e-3);
    QCOMPARE(rate("starter", kDreamBooth, true), 2e-3);
    const TrainingRequest whole = proposed_training(kDreamBooth, "starter");
    QVERIFY(rate("starter", kDreamBooth) > 5e-6);
    QVERIFY(whole.train_text_encoder);
    QCOMPARE(whole.method, kDreamBooth);
    QCOMPARE(whole.model, std::string("starter"));
    QCOMPARE(validate(whole).size(), validate(TrainingRequest{.method = kDreamBooth}).size());
    QVERIFY(!proposed_training(kDreamBooth, "starter", true).train_text_encoder);
    QCOMPARE(proposed_training(kAdapter, "starter"), (TrainingRequest{.method = kAdapter}));
}

void TestProposedTraining::onlyWhatCanBeIsTaken() {
    const std::string model = saying(R"({"default_lora_training": {"learning_rate": 7,
        "train_batch_size": 0, "lr_scheduler": "steep", "snr_gamma": "5", "use_ema": true,
        "text_encoder_learning_rate": 1e-3, "out": "/etc/passwd", "seed": 5, "rank": 4}})");
    const TrainingRequest proposed = proposed_training(kLora, model);
    QCOMPARE(proposed, (TrainingRequest{.model = model, .use_ema = true, .rank = 4}));
    QCOMPARE(rate(model, kLora), 5e-4);
    const TrainingRequest longer = proposed_training(
        kLora,
        saying(R"({"default_lora_training": {"lr_warmup_steps": 600, "max_train_steps": 900}})"));
    QCOMPARE(longer.max_train_steps, 900);
    QCOMPARE(longer.lr_warmup_steps, 600);
    for (const char* text : {"[]", R"({"default_lora_training": [1]})", "{"}) {
        const std::string other = saying(text);
        QCOMPARE(proposed_training(kLora, other), TrainingRequest{.model = other});
    }
}

void TestProposedTraining::anotherMethodBringsItsOwn() {
    const std::string model = saying(R"({"default_lora_training": {"train_batch_size": 4},
        "default_dreambooth_training": {"train_batch_size": 2, "train_text_encoder": true,
        "text_encoder_learning_rate": 1e-3, "lr_scheduler": "cosine", "prior_loss_weight": 0.5}})");
    TrainingRequest before = proposed_training(kLora, model);
    before.pictures = {{.image = std::make_shared<const Image>(make_image(2, 2, 3))}};
    before.snr_gamma = 5; // by hand
    before.lr_scheduler = LearningRateSchedule::linear;
    TrainingRequest wanted = before;
    wanted.method = kDreamBooth;
    const TrainingRequest now = proposed_anew(before, wanted);
    QCOMPARE(now.train_batch_size, 2);
    QCOMPARE(now.text_encoder_learning_rate, std::optional(1e-3));
    QVERIFY(now.train_text_encoder);
    QCOMPARE(now.snr_gamma, 5.0);
    QCOMPARE(now.lr_scheduler, LearningRateSchedule::linear);
    QCOMPARE(now.pictures, before.pictures);
    TrainingRequest back = now;
    back.method = kLora;
    QCOMPARE(proposed_anew(now, back), before);
    back = now;
    back.model = kTiny;
    const TrainingRequest usual = proposed_anew(now, back);
    QCOMPARE(usual.train_batch_size, 1);
    QVERIFY(!usual.train_text_encoder && !usual.text_encoder_learning_rate);
    QCOMPARE(usual.prior_loss_weight, 1.0);
}

QTEST_APPLESS_MAIN(TestProposedTraining)
#include "test_proposed_training.moc"
