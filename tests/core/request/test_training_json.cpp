#include "core/base/error.h"
#include "core/request/training_json.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace likeness;

namespace {

// A training in which no field has its default.
TrainingRequest fullTraining() {
    TrainingRequest request;
    request.method = TrainingMethod::ip_adapter;
    request.model = "/models/sd \"15\"";
    request.pictures = {{.path = "/mugs/ü 1.jpg", .caption = "a mug\n日本語", .content = "9f86d0"},
                        {.path = "b.png"}};
    request.instance_prompt = "a photo of sks mug";
    request.resolution = 640;
    request.train_batch_size = 4;
    request.gradient_accumulation_steps = 2;
    request.max_train_steps = 1234;
    request.learning_rate = 1.0 / 3.0e4;
    request.text_encoder_learning_rate = 1e-6;
    request.lr_scheduler = LearningRateSchedule::linear;
    request.lr_warmup_steps = 20;
    request.snr_gamma = 5;
    request.noise_offset = 0.05;
    request.gradient_checkpointing = true;
    request.use_ema = true;
    request.random_flip = true;
    request.train_text_encoder = true;
    request.rank = 32;
    request.network_alpha = 16.5;
    request.targets = TrainedLayers::all;
    request.format = LoraSpelling::diffusers;
    request.vae = "/models/vae.safetensors";
    request.class_prompt = "a photo of a mug";
    request.num_class_images = 100;
    request.prior_loss_weight = 0.5;
    request.as_lora = true;
    request.as_difference = true;
    request.ip_adapter = "plus";
    request.validation_prompt = "sks mug in the snow";
    request.validation_steps = 100;
    request.num_validation_images = 3;
    request.kept_sample_weights = 24;
    request.take_step = 300;
    request.validation_share = 0.1;
    request.seed = 18446744073709551615ULL;
    request.device = "cuda:1";
    request.dtype = "bfloat16";
    request.threads = 3;
    request.checkpointing_minutes = 2.5;
    request.out = "/models/loras/mug.safetensors";
    request.resume = true;
    return request;
}

std::optional<ErrorCode> codeOf(const std::string& text) {
    try {
        training_request_from_json(text);
        return std::nullopt;
    } catch (const Error& error) {
        return error.code;
    }
}

} // namespace

// A training's settings as text, and back.
class TestTrainingJson : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void everyFieldComesBack() {
        const TrainingRequest full = fullTraining();
        const std::string text = to_json(full);
        QVERIFY(training_request_from_json(text) == full);
        QCOMPARE(to_json(training_request_from_json(text)), text);
        QVERIFY(training_request_from_json(to_json(TrainingRequest{})) == TrainingRequest{});
        QVERIFY(training_request_from_json("{}") == TrainingRequest{});
        // Every field has a key: none of the full one's is as in the default.
        const auto json = nlohmann::json::parse(text);
        const auto plain = nlohmann::json::parse(to_json(TrainingRequest{}));
        for (const auto& [key, value] : json.items()) {
            QVERIFY2(!plain.contains(key) || plain[key] != value, key.c_str());
        }
    }

    void everyWrongKindIsRefused() {
        const auto whole = nlohmann::json::parse(to_json(fullTraining()));
        for (const auto& [key, value] : whole.items()) {
            for (const nlohmann::json& wrong :
                 {nlohmann::json::array({1}), nlohmann::json(nullptr),
                  value.is_string() ? nlohmann::json(1) : nlohmann::json("no such word")}) {
                auto broken = whole;
                broken[key] = wrong;
                QVERIFY2(codeOf(broken.dump()) == ErrorCode::bad_request, key.c_str());
            }
        }
        for (const char* text : {"", "[]", "{", "7", R"({"rank": 1e99})", R"({"seed": -1})",
                                 R"({"rank": 99999999999})", R"({"method": "cooking"})",
                                 R"({"pictures": [{"path": 3}]})"}) {
            QVERIFY2(codeOf(text) == ErrorCode::bad_request, text);
        }
    }
};

QTEST_GUILESS_MAIN(TestTrainingJson)
#include "test_training_json.moc"
