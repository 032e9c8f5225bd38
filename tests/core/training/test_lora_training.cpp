#include "core/base/error.h"
#include "core/kernels/choice.h"
#include "core/pipelines/apply_loras.h"
#include "core/training/fine_tuning.h"
#include "core/training/lora_layers.h"
#include "core/training/lora_metadata.h"
#include "core/training/recompute.h"
#include "core/training/trained_weights.h"
#include "tests/core/training/training_support.h"
#include "tests/support/fixture.h"
#include "tests/support/temp_folder.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros_like.h>

#include <QTest>

using namespace likeness;
using namespace likeness::test;

namespace {

// The length of the difference over the length.
double apart(const Tensor& actual, const Tensor& expected) {
    return ((actual - expected).norm() / expected.norm()).item<double>();
}

constexpr double kStep = 1e-5;
constexpr double kGradients = 2e-5; // float32 on two kinds of processors is 1.3e-5 apart

// One step that peft took, and the same networks here.
struct Step {
    explicit Step(const std::string& name)
        : file(SafetensorsFile::open(kGolden / ("training_lora_" + name + ".safetensors"))),
          network(file->metadata().at("network")), unet(unet_of(network)),
          text(Fixture("network_clip_text").weights(),
               ClipTextConfig::from_json(Fixture("network_clip_text").config)) {}

    static UNet2DCondition unet_of(const std::string& name) {
        const Fixture fixture(name);
        return {fixture.weights(), UNet2DConditionConfig::from_json(fixture.config)};
    }

    std::shared_ptr<SafetensorsFile> file;
    std::string network;
    UNet2DCondition unet;
    ClipText text;
};

// The gradients of one step of the starter's LoRA, one after the other.
Tensor starter_gradients(at::ScalarType type, const TrainingRequest& request) {
    const auto folder =
        read_model_folder(std::filesystem::path(LIKENESS_SOURCE_DIR) / "resources" / "starter");
    SdModel model = [&] {
        const at::NoGradGuard no_grad;
        return *load_model(folder, {.dtype = type}, Progress{});
    }();
    if (request.gradient_checkpointing) {
        model.unet.recompute = recompute_in_backward(at::kCPU);
    }
    const auto weights = make_trained_weights(model, request, 256, Progress{});
    TrainingSamples samples;
    std::uint64_t seed = 0;
    const auto drawn = [&seed](at::IntArrayRef sizes) {
        return at::randn(sizes, at::detail::createCPUGenerator(++seed));
    };
    for (int i = 0; i < 2; ++i) {
        const Tensor mean = drawn({1, 4, 32, 32});
        samples.instance.push_back({.size = {.width = 256, .height = 256},
                                    .caption = "a red mug on a shelf",
                                    .latents = {.mean = mean, .deviation = at::zeros_like(mean)}});
    }
    for (const auto& [name, parameter] : weights->parameters()) {
        const at::NoGradGuard no_grad;
        parameter.copy_(drawn(parameter.sizes()) * 0.1);
    }
    const DiffusionObjective objective(model.scheduler_config, {}, at::kCPU);
    training_loss(model, *weights, objective, samples, request, 0).backward();
    std::vector<Tensor> found;
    for (const auto& [name, parameter] : weights->parameters()) {
        found.push_back(parameter.grad().flatten());
    }
    return at::cat(found);
}

TrainingRequest request_for(const std::filesystem::path& out) {
    TrainingRequest request = tiny_request(out);
    request.max_train_steps = 6;
    request.pictures[1].caption = "a blue mug";
    return request;
}

} // namespace

class TestLoraTraining : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void lossAndGradientsOfAStep_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"attention", "all", "sdxl"}) {
            QTest::newRow(name) << name;
        }
    }

    // Against diffusers and peft (tests/golden/make_lora_training_fixtures.py).
    void lossAndGradientsOfAStep() {
        QFETCH(QString, name);
        Step step(name.toStdString());
        const auto& told = step.file->metadata();
        const auto take = [&step](const std::string& tensor) { return step.file->take(tensor); };
        const LoraLayers layers(
            step.unet, step.text, nullptr,
            {.rank = std::stoi(told.at("rank")),
             .alpha = std::stod(told.at("alpha")),
             .coverage = name == "all" ? LoraCoverage::all : LoraCoverage::attention});
        std::size_t trained = 0;
        for (const auto& [parameter, value] : layers.parameters()) {
            const at::NoGradGuard no_grad;
            value.copy_(take(parameter.substr(std::string("unet.").size())));
            ++trained;
        }
        std::size_t published = 0;
        for (const std::string& tensor : step.file->names()) {
            published += tensor.starts_with("gradient/") ? 1 : 0;
        }
        QCOMPARE(trained, published); // the very layers that peft trains

        SchedulerConfig config{
            .beta_start = 0.00085, .beta_end = 0.012, .beta_schedule = BetaSchedule::scaled_linear};
        config.prediction_type = told.at("prediction_type") == "v_prediction"
                                     ? PredictionType::v_prediction
                                     : PredictionType::epsilon;
        const DiffusionObjective objective(config, {.snr_gamma = std::stod(told.at("snr_gamma"))},
                                           at::kCPU);
        const Tensor clean = take("clean"), noise = take("noise");
        const Tensor timesteps = take("timesteps");
        AddedConditions added;
        if (step.file->shape("text_embeds")) {
            added = {.text_embeds = take("text_embeds"), .time_ids = take("time_ids")};
        }
        const Tensor prediction =
            step.unet(objective.add_noise(clean, noise, timesteps), timesteps.to(at::kFloat),
                      {.text = step.unet.text_key_values(take("encoder_hidden_states"))}, added);
        const Tensor loss = objective.loss(prediction, clean, noise, timesteps);
        QVERIFY(apart(loss.detach().reshape({1}), take("loss")) < kStep);
        loss.backward();
        double off = 0, length = 0;
        for (const auto& [parameter, value] : layers.parameters()) {
            const Tensor expected =
                take("gradient/" + parameter.substr(std::string("unet.").size()));
            // Float32 sums over few values that nearly cancel; some processors' products are
            // further apart than others'.
            constexpr double kOneTensor = 2e-4;
            const double one = apart(value.grad(), expected);
            QVERIFY2(one < kOneTensor, (parameter + ": " + std::to_string(one)).c_str());
            off += (value.grad() - expected).square().sum().item<double>();
            length += expected.square().sum().item<double>();
        }
        QVERIFY2(std::sqrt(off / length) < kGradients,
                 std::to_string(std::sqrt(off / length)).c_str());
    }

    void filesSayWhatTheyAreFor() {
        SdModel model = *load_model(read_model_folder(kGolden / "tiny_sd"), {}, Progress{});
        const auto told = [&model](const char* key) {
            const auto all = lora_metadata(model, request_for("mug.safetensors"), 32);
            return all.contains(key) ? all.at(key) : "";
        };
        QCOMPARE(told("ss_v2"), std::string());
        QCOMPARE(told("modelspec.architecture"), std::string("stable-diffusion-v1/lora"));
        model.folder.family = ModelFamily::sd2;
        model.scheduler_config.prediction_type = PredictionType::epsilon;
        QCOMPARE(told("ss_v2"), std::string("True"));
        QCOMPARE(told("modelspec.architecture"), std::string("stable-diffusion-v2-512/lora"));
        model.scheduler_config.prediction_type = PredictionType::v_prediction;
        QCOMPARE(told("modelspec.architecture"), std::string("stable-diffusion-v2-768-v/lora"));
    }

    void bfloat16IsAsNearAsWithoutKernels_data() {
        QTest::addColumn<bool>("all");
        QTest::addColumn<bool>("text");
        QTest::newRow("attention") << false << false;
        QTest::newRow("all and text encoder") << true << true;
    }

    // The starter's layers packed, and gradients through our kernels, against ATen's bfloat16: both
    // as far from float32. What is recomputed is as near to that again.
    void bfloat16IsAsNearAsWithoutKernels() {
        QFETCH(bool, all);
        QFETCH(bool, text);
        TrainingRequest request{.train_batch_size = 2, .rank = 4};
        request.targets = all ? TrainedLayers::all : TrainedLayers::attention;
        request.train_text_encoder = text;
        const Tensor exact = starter_gradients(at::kFloat, request);
        const Tensor ours = starter_gradients(at::kBFloat16, request);
        request.gradient_checkpointing = true;
        const Tensor again = starter_gradients(at::kBFloat16, request);
        kernels::turn_off("0");
        const Tensor plain = starter_gradients(at::kBFloat16, request);
        kernels::turn_off(qEnvironmentVariable("LIKENESS_CPU_KERNELS").toStdString());
        const double off = apart(ours, exact), off_plain = apart(plain, exact);
        const std::string told =
            std::to_string(off) + ", without kernels " + std::to_string(off_plain);
        QVERIFY2(off < 0.05 && off < 1.25 * off_plain, told.c_str());
        QVERIFY2(apart(again, exact) < 1.25 * off_plain, told.c_str());
    }

    void sizesFollowTheProportions() {
        const auto is = [](const PictureSize& size, int width, int height) {
            return size == PictureSize{.width = width, .height = height};
        };
        QVERIFY(is(training_size(3000, 3000, 512, 8), 512, 512));
        QVERIFY(is(training_size(3000, 2000, 512, 8), 640, 384));
        QVERIFY(is(training_size(2000, 3000, 512, 8), 384, 640));
        QVERIFY(is(training_size(9000, 300, 512, 8), 640, 384)); // nothing longer is learned from
        for (int width = 1; width < 4000; width += 37) {
            const PictureSize size = training_size(width, 1000, 128, 8);
            QVERIFY(size.width % 8 == 0 && size.height % 8 == 0);
            QVERIFY(size.width * size.height <= 128 * 128);
            QVERIFY(size.width > 0 && size.height > 0);
        }
    }

    void anUntrainedLoraChangesNothing() {
        Step step("attention");
        const Tensor sample = step.file->take("clean");
        const Tensor time = step.file->take("timesteps").to(at::kFloat);
        const at::NoGradGuard no_grad;
        const auto run = [&] {
            return step.unet(
                sample, time,
                {.text = step.unet.text_key_values(step.file->take("encoder_hidden_states"))});
        };
        const Tensor before = run();
        const LoraLayers layers(step.unet, step.text, nullptr, {.rank = 2, .alpha = 2});
        QVERIFY(at::equal(run(), before));
        for (const auto& [group, change] : layers.weight_changes(layers.parameters())) {
            QCOMPARE(change, 0.0);
        }
    }

    void theFileDoesWhatTheTrainingDid_data() {
        QTest::addColumn<bool>("diffusers");
        QTest::newRow("kohya") << false;
        QTest::newRow("diffusers") << true;
    }

    void theFileDoesWhatTheTrainingDid() {
        QFETCH(bool, diffusers);
        const TempFolder folder;
        TrainingRequest request = request_for(folder / "mug.safetensors");
        request.network_alpha = 4;
        request.targets = TrainedLayers::all;
        request.format = diffusers ? LoraSpelling::diffusers : LoraSpelling::kohya;
        const TrainingResult result = train_until(request);
        QVERIFY(result.proof.weight_change > 0);
        QVERIFY(result.proof.picture_change > 0);
        QVERIFY(result.proof.likeness_after.has_value());
        const auto file = load_lora(request.out);
        QVERIFY(file->layout.strangers.empty());
        for (const LoraModule& module : file->layout.modules) {
            QCOMPARE(module.rank(), int64_t{2});
            QCOMPARE(file->scale(module), 2.0); // alpha 4 over rank 2
        }
        const at::NoGradGuard no_grad;
        const auto base = load_model(read_model_folder(request.model), {}, Progress{});
        const ChangedModel changed = apply_loras(base, {{.file = file}}, Progress{});
        QVERIFY(changed.notices.empty());
        QVERIFY(!at::equal(changed.model->unet.down_blocks[0].resnets[0].conv1.weight,
                           base->unet.down_blocks[0].resnets[0].conv1.weight));
        // Nothing else lies there.
        QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    }

    void theSameBytesEachTime() {
        const TempFolder folder;
        const TrainingRequest one = request_for(folder / "one.safetensors");
        TrainingRequest two = one;
        two.out = (folder / "two.safetensors").string();
        train_until(one);
        train_until(two);
        const auto a = load_safetensors(one.out), b = load_safetensors(two.out);
        QCOMPARE(a.size(), b.size());
        for (const auto& [name, tensor] : a) {
            QVERIFY2(at::equal(tensor, b.at(name)), name.c_str());
        }
    }

    void cutAndGoneOnWith() {
        const TempFolder folder;
        TrainingRequest request = request_for(folder / "mug.safetensors");
        request.lr_scheduler = LearningRateSchedule::cosine;
        request.gradient_accumulation_steps = 2;
        train_until(request);
        const std::string whole = bytes_of(request.out);
        std::filesystem::remove(request.out);
        for (const int step : {2, 5}) {
            QVERIFY_EXCEPTION_THROWN(train_until(request, step), Cancelled);
            QVERIFY(!std::filesystem::exists(request.out));
            QVERIFY(std::filesystem::exists(training_checkpoint(request)));
        }
        train_until(request);
        QVERIFY(bytes_of(request.out) == whole);
        QVERIFY(!std::filesystem::exists(training_checkpoint(request)));
    }

    void anotherTrainingsCheckpointIsRefused() {
        const TempFolder folder;
        TrainingRequest request = request_for(folder / "mug.safetensors");
        QVERIFY_EXCEPTION_THROWN(train_until(request, 2), Cancelled);
        const std::string kept = bytes_of(training_checkpoint(request));
        request.pictures.pop_back();
        QVERIFY_EXCEPTION_THROWN(train_until(request), Error);
        QVERIFY(bytes_of(training_checkpoint(request)) == kept);
    }

    void whatIsWrongIsToldAtOnce() {
        TrainingRequest request = request_for("");
        request.instance_prompt.clear();
        request.rank = 0;
        request.max_train_steps = 0;
        const auto problems = validate(request);
        std::vector<std::string> fields;
        for (const Problem& problem : problems) {
            fields.push_back(problem.field);
        }
        for (const char* field : {"rank", "max_train_steps", "instance_prompt", "out"}) {
            QVERIFY2(std::ranges::find(fields, field) != fields.end(), field);
        }
    }
};

QTEST_APPLESS_MAIN(TestLoraTraining)
#include "test_lora_training.moc"
