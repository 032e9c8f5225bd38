#include "core/base/error.h"
#include "core/models/named_layers.h"
#include "core/pipelines/apply_loras.h"
#include "core/training/adapter_weights.h"
#include "core/training/fine_tuning.h"
#include "core/training/recompute.h"
#include "core/training/whole_weights.h"
#include "tests/core/training/training_support.h"
#include "tests/support/temp_folder.h"

#include <ATen/core/grad_mode.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include <QTest>

#include <cstdlib>
#include <set>

#include <nlohmann/json.hpp>

using namespace likeness;
using namespace likeness::test;

namespace fs = std::filesystem;

namespace {

// The length of the difference over the length.
double apart(const Tensor& actual, const Tensor& expected) {
    return ((actual - expected).norm() / expected.norm().clamp_min(1e-12)).item<double>();
}

std::shared_ptr<const SdModel> opened(const fs::path& path, WeightOptions options = {}) {
    const at::NoGradGuard no_grad;
    return load_model(read_model_folder(path), options, Progress{});
}

// A step that diffusers took (tests/golden/make_training_step_fixtures.py), and the same here.
struct Step {
    explicit Step(const std::string& name)
        : file(SafetensorsFile::open(kGolden / ("training_step_" + name + ".safetensors"))),
          model(*opened(kGolden / file->metadata().at("model"))),
          prompts(nlohmann::json::parse(file->metadata().at("prompts"))) {
        request.seed = std::stoull(file->metadata().at("seed"));
        if (name.starts_with("dreambooth")) {
            request.method = TrainingMethod::dreambooth;
            request.train_text_encoder = true;
            request.noise_offset = 0.1;
            request.prior_loss_weight = 0.7;
            weights = std::make_unique<WholeWeights>(model, request, 32);
            samples.class_samples.push_back(sample(1));
        } else {
            AdapterWeights::Features features{.nothing = file->take("features.nothing"),
                                              .shown = {0, 1}};
            for (const char* place : {"features.0", "features.1"}) {
                features.pictures.push_back(file->take(place));
            }
            weights = std::make_unique<AdapterWeights>(
                model, *load_adapter(model, {}, {}, Progress{}), std::move(features));
        }
        samples.instance.push_back(sample(0));
    }

    TrainingSample sample(int i) const {
        const Tensor mean = file->take("mean." + std::to_string(i));
        return {.size = {.width = 32, .height = 32},
                .caption = prompts.at(static_cast<std::size_t>(i)),
                .latents = {.mean = mean, .deviation = at::zeros_like(mean)},
                .time_ids = model.text_2
                                ? at::tensor({32, 32, 0, 0, 32, 32}, at::kFloat).unsqueeze(0)
                                : Tensor()};
    }

    Tensor loss() const {
        const DiffusionObjective objective(model.scheduler_config, {}, at::kCPU);
        return training_loss(model, *weights, objective, samples, request,
                             std::stoll(file->metadata().at("draw")));
    }

    std::shared_ptr<SafetensorsFile> file;
    SdModel model;
    std::vector<std::string> prompts;
    TrainingRequest request{};
    std::unique_ptr<TrainedWeights> weights{};
    TrainingSamples samples{};
};

TrainingRequest dreambooth_request(const fs::path& out) {
    TrainingRequest request = tiny_request(out);
    request.method = TrainingMethod::dreambooth;
    return request;
}

std::set<std::string> files_below(const fs::path& folder) {
    std::set<std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.insert(fs::relative(entry.path(), folder).string());
        }
    }
    return files;
}

const Tensor& first_kernel(const SdModel& model) {
    return model.unet.down_blocks[0].resnets[0].conv1.weight;
}

} // namespace

class TestFineTuning : public QObject {
    Q_OBJECT

private Q_SLOTS:

    // Class pictures are kept in the user's cache, which is a folder of this test.
    void initTestCase() { ::setenv("XDG_CACHE_HOME", cache_.path().c_str(), 1); }

    void lossAndGradientsOfAStep_data() {
        QTest::addColumn<QString>("name");
        for (const char* name : {"dreambooth", "dreambooth_sdxl", "ip_adapter",
                                 "ip_adapter_no_text", "ip_adapter_nothing", "ip_adapter_sdxl"}) {
            QTest::newRow(name) << name;
        }
    }

    void lossAndGradientsOfAStep() {
        QFETCH(QString, name);
        const Step step(name.toStdString());
        const Tensor loss = step.loss();
        constexpr double kStep = 1e-5;
        const double off_loss = apart(loss.detach().reshape({1}), step.file->take("loss"));
        QVERIFY2(off_loss < kStep, std::to_string(off_loss).c_str());
        loss.backward();
        std::set<std::string> published;
        for (const std::string& tensor : step.file->names()) {
            if (tensor.starts_with("gradient/")) {
                published.insert(tensor.substr(9));
            }
        }
        double off = 0, length = 0;
        for (const auto& [parameter, value] : step.weights->parameters()) {
            const Tensor found =
                value.grad().defined() ? value.grad() : at::zeros_like(value).detach();
            const Tensor expected = published.erase(parameter) > 0
                                        ? step.file->take("gradient/" + parameter)
                                        : at::zeros_like(found);
            off += (found - expected).square().sum().item<double>();
            length += expected.square().sum().item<double>();
            constexpr double kOneTensor = 1e-4; // float32 sums over few values
            QVERIFY2((found - expected).norm().item<double>() <=
                         kOneTensor * expected.norm().item<double>() + 1e-7,
                     parameter.c_str());
        }
        QVERIFY2(published.empty(), published.empty() ? "" : published.begin()->c_str());
        QVERIFY2(std::sqrt(off / length) < kStep, std::to_string(std::sqrt(off / length)).c_str());
    }

    void computedAgainInTheBackwardPass_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("whole") << "dreambooth";
        QTest::newRow("adapter") << "ip_adapter_sdxl";
    }

    void computedAgainInTheBackwardPass() {
        QFETCH(QString, name);
        const Step plain(name.toStdString());
        Step saving(name.toStdString());
        int parts = 0;
        saving.model.unet.recompute = [&parts, inner = recompute_in_backward(at::kCPU)](
                                          const auto& part, const auto& inputs) {
            ++parts;
            return inner(part, inputs);
        };
        const Tensor loss = plain.loss(), again = saving.loss();
        QVERIFY(at::equal(loss, again));
        QVERIFY(parts > 5);
        loss.backward();
        again.backward();
        for (const auto& [parameter, value] : plain.weights->parameters()) {
            const Tensor other = saving.weights->parameters().at(parameter).grad();
            QCOMPARE(other.defined(), value.grad().defined());
            if (other.defined()) { // sums over layers in another order
                QVERIFY2((other - value.grad()).norm().item<double>() <=
                             1e-6 * value.grad().norm().item<double>() + 1e-7,
                         parameter.c_str());
            }
        }
    }

    void aDreamBoothIsAModel() {
        const TempFolder folder;
        TrainingRequest request = dreambooth_request(folder / "mug");
        request.train_text_encoder = true;
        const TrainingResult result = train_until(request);
        QVERIFY(result.proof.weight_changes.at("unet.mid") > 0);
        QVERIFY(result.proof.weight_changes.at("text_encoder") > 0);
        QVERIFY(result.proof.picture_change > 0);
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), {}), 1);
        const auto base = opened(request.model), made = opened(request.out);
        QVERIFY(!at::equal(first_kernel(*made), first_kernel(*base)));
        QVERIFY(!at::equal(made->text.encoder.token_embedding.weight,
                           base->text.encoder.token_embedding.weight));
        QVERIFY(at::equal(made->vae.decoder.conv_in.weight, base->vae.decoder.conv_in.weight));
        const auto files = files_below(request.out);
        QVERIFY(files.contains("unet/diffusion_pytorch_model.safetensors"));
        QVERIFY(files.contains("vae/diffusion_pytorch_model.fp16.safetensors"));
        QVERIFY(files.contains("ip_adapter/ip-adapter-plain.safetensors"));
        QVERIFY(!files.contains("unet/diffusion_pytorch_model.fp16.safetensors"));
        // In the numbers of the base, so that it is no larger.
        QCOMPARE(SafetensorsFile::open(fs::path(request.out) / "unet" /
                                       "diffusion_pytorch_model.safetensors")
                     ->take("conv_in.weight")
                     .scalar_type(),
                 at::kHalf);
        // It replaces one that lies there, whole.
        request.max_train_steps = 2;
        train_until(request);
        QVERIFY(!at::equal(first_kernel(*opened(request.out)), first_kernel(*made)));
        QCOMPARE(std::distance(fs::directory_iterator(folder.path()), {}), 1);
    }

    void aDifferenceDoesWhatTheModelDoes_data() {
        QTest::addColumn<QString>("model");
        QTest::newRow("sd") << "tiny_sd";
        QTest::newRow("sdxl") << "tiny_sdxl";
    }

    void aDifferenceDoesWhatTheModelDoes() {
        QFETCH(QString, model);
        const TempFolder folder;
        TrainingRequest request = tiny_request(folder / "mug", model.toStdString());
        request.method = TrainingMethod::dreambooth;
        train_until(request);
        const auto whole = opened(request.out);
        request.as_difference = true;
        request.out = (folder / "mug.safetensors").string();
        train_until(request);
        const auto file = load_lora(request.out);
        QVERIFY(file->layout.strangers.empty());
        const at::NoGradGuard no_grad;
        const ChangedModel changed =
            apply_loras(opened(request.model), {{.file = file}}, Progress{});
        QVERIFY(changed.notices.empty());
        auto unet = changed.model->unet, expected = whole->unet;
        const auto layers = named_layers(unet), others = named_layers(expected);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            constexpr double kHalf = 2e-3; // both are stored as float16
            QVERIFY2(apart(layers[i].weight(), others[i].weight()) < kHalf, layers[i].name.c_str());
            if (layers[i].bias().defined()) {
                QVERIFY2(apart(layers[i].bias(), others[i].bias()) < kHalf, layers[i].name.c_str());
            }
        }
    }

    void classPicturesAreMadeOnce() {
        const TempFolder folder;
        TrainingRequest request = dreambooth_request(folder / "mug.safetensors");
        request.as_lora = true;
        request.class_prompt = "a mug";
        request.num_class_images = 3;
        fs::remove_all(cache_ / "likeness");
        train_until(request);
        const auto first = load_safetensors(request.out);
        const fs::path kept = cache_ / "likeness" / "class_pictures";
        const auto files = files_below(kept);
        QCOMPARE(files.size(), std::size_t{3});
        const auto made = fs::last_write_time(kept / *files.begin());
        request.num_class_images = 5;
        train_until(request);
        QCOMPARE(files_below(kept).size(), std::size_t{5});
        QVERIFY(fs::last_write_time(kept / *files.begin()) == made);
        // Keeping the class is part of what is learned.
        request.class_prompt.clear();
        train_until(request);
        bool differs = false;
        for (const auto& [name, tensor] : load_safetensors(request.out)) {
            differs = differs || !at::equal(tensor, first.at(name));
        }
        QVERIFY(differs);
    }

    void cutAndGoneOnWith_data() {
        QTest::addColumn<QString>("dtype");
        QTest::newRow("float32") << "float32";
        QTest::newRow("bfloat16") << "bfloat16";
        QTest::newRow("float16") << "float16";
    }

    void cutAndGoneOnWith() {
        QFETCH(QString, dtype);
        const TempFolder folder;
        TrainingRequest request = dreambooth_request(folder / "mug");
        request.dtype = dtype.toStdString();
        request.class_prompt = "a mug";
        request.num_class_images = 2;
        request.random_flip = true;
        request.train_text_encoder = true;
        request.text_encoder_learning_rate = 0.002;
        const auto weights = [&request](const char* component, const char* file) {
            return bytes_of(fs::path(request.out) / component / file);
        };
        train_until(request);
        const auto unet = weights("unet", "diffusion_pytorch_model.safetensors");
        const auto text = weights("text_encoder", "model.safetensors");
        QVERIFY(!unet.empty() && !text.empty());
        fs::remove_all(request.out);
        QVERIFY_EXCEPTION_THROWN(train_until(request, 2), Cancelled);
        QVERIFY(!fs::exists(request.out));
        train_until(request);
        QVERIFY(weights("unet", "diffusion_pytorch_model.safetensors") == unet);
        QVERIFY(weights("text_encoder", "model.safetensors") == text);
    }

    // Steps far below what bfloat16 can tell apart add up in the float32 beside it.
    void smallStepsAreNotLost() {
        const TempFolder folder;
        TrainingRequest request = dreambooth_request(folder / "mug");
        request.learning_rate = 1e-6;
        request.max_train_steps = 3;
        SdModel model = *opened(request.model, {.dtype = at::kBFloat16});
        const WholeWeights weights(model, request, 32);
        const auto samples = encode_training_set(model, request.pictures, request.instance_prompt,
                                                 request, 32, Progress{});
        const TrainingOutcome outcome =
            fine_tune(model, weights, {.instance = samples}, request, {});
        for (const auto& [group, change] : weights.weight_changes(outcome.values)) {
            QVERIFY2(change > 1e-7 && change < 1e-3, group.c_str());
        }
    }

    // Gradients far too small for float16 are learned from as in float32: the loss is scaled.
    void smallGradientsAreNotLost() {
        const TempFolder folder;
        const auto learned = [&folder](at::ScalarType dtype) {
            TrainingRequest request =
                dreambooth_request(folder / (dtype == at::kHalf ? "half" : "whole"));
            request.snr_gamma = 1e-5; // so small are the weights of the losses
            request.max_train_steps = 6;
            SdModel model = *opened(request.model, {.dtype = dtype});
            const WholeWeights weights(model, request, 32);
            const auto samples = encode_training_set(
                model, request.pictures, request.instance_prompt, request, 32, Progress{});
            TensorMap changes =
                fine_tune(model, weights, {.instance = samples}, request, {}).values;
            SdModel before = *opened(request.model);
            const WholeWeights base(before, request, 32);
            for (auto& [name, value] : changes) {
                value = value.detach() - base.parameters().at(name).detach();
            }
            return changes;
        };
        const TensorMap expected = learned(at::kFloat), found = learned(at::kHalf);
        double together = 0, length = 0, other_length = 0;
        for (const auto& [name, change] : expected) {
            together += (change * found.at(name)).sum().item<double>();
            length += change.square().sum().item<double>();
            other_length += found.at(name).square().sum().item<double>();
        }
        const double alike = together / std::sqrt(length * other_length);
        QVERIFY2(alike > 0.8, std::to_string(alike).c_str());
        // Unscaled, nearly all of them are zero.
        const TrainingRequest request = dreambooth_request({});
        SdModel model = *opened(request.model, {.dtype = at::kHalf});
        const WholeWeights weights(model, request, 32);
        const DiffusionObjective objective(model.scheduler_config, {.snr_gamma = 1e-5}, at::kCPU);
        const auto samples = encode_training_set(model, request.pictures, request.instance_prompt,
                                                 request, 32, Progress{});
        training_loss(model, weights, objective, {.instance = samples}, request, 0).backward();
        double left = 0, all = 0;
        for (const auto& [name, parameter] : weights.parameters()) {
            if (parameter.grad().defined()) {
                left += parameter.grad().count_nonzero().item<double>();
                all += static_cast<double>(parameter.numel());
            }
        }
        QVERIFY2(left < 0.2 * all, std::to_string(left / all).c_str());
    }

    // SDXL is told where in the picture, brought to its size, the part begins that it sees.
    void timeIdsTellTheCut() {
        TrainingRequest request = tiny_request("", "tiny_sdxl");
        const auto model = opened(request.model);
        request.pictures = {{.image = std::make_shared<const Image>(make_image(160, 40, 3))},
                            {.image = std::make_shared<const Image>(make_image(50, 160, 3))},
                            {.image = std::make_shared<const Image>(make_image(64, 64, 3))}};
        for (const TrainingSample& sample :
             encode_training_set(*model, request.pictures, "a mug", request, 64, {})) {
            const Image& image = *request.pictures[sample.picture].image;
            const double scale = std::max(static_cast<double>(sample.size.width) / image.width,
                                          static_cast<double>(sample.size.height) / image.height);
            const Tensor ids = sample.time_ids.to(at::kFloat)[0];
            const auto id = [&ids](int64_t i) { return ids[i].item<double>(); };
            QCOMPARE(id(0), image.height);
            QCOMPARE(id(1), image.width);
            QVERIFY(std::abs(id(2) - (image.height * scale - sample.size.height) / 2) <= 1.5);
            QVERIFY(std::abs(id(3) - (image.width * scale - sample.size.width) / 2) <= 1.5);
            QCOMPARE(id(4), sample.size.height);
            QCOMPARE(id(5), sample.size.width);
            QVERIFY(sample.picture != 0 || id(3) > 8);
            QVERIFY(sample.picture != 1 || id(2) > 8);
            QVERIFY(sample.picture != 2 || (id(2) == 0 && id(3) == 0));
        }
    }

    void timeIdsTellTheFilesSize() {
        const TrainingRequest request = tiny_request("", "tiny_sdxl");
        const auto model = opened(request.model);
        const TrainingPicture kept{.image = std::make_shared<const Image>(make_image(80, 60, 3)),
                                   .width = 800,
                                   .height = 600};
        const TrainingSample sample =
            encode_training_set(*model, {kept}, "a mug", request, 64, {}).front();
        QCOMPARE(sample.time_ids.to(at::kFloat)[0][0].item<double>(), 600);
        QCOMPARE(sample.time_ids.to(at::kFloat)[0][1].item<double>(), 800);
    }

    void longCaptionsAreTold() {
        const TempFolder folder;
        TrainingRequest request = tiny_request(folder / "long.safetensors");
        request.max_train_steps = 1;
        QVERIFY(train_until(request).notices.empty());
        request.out = folder / "longer.safetensors";
        for (int i = 0; i < 80; ++i) {
            request.pictures[0].caption += "a ";
        }
        const auto notices = train_until(request).notices;
        QCOMPARE(notices.size(), std::size_t{1});
        QVERIFY(notices[0].text().find("1 of 3 captions are too long") == 0);
    }

    void mirroredPicturesHaveLatentsOfTheirOwn() {
        TrainingRequest request = tiny_request("");
        request.random_flip = true;
        const auto model = opened(request.model);
        const auto both = encode_training_set(*model, request.pictures, "a mug", request, 32, {});
        for (TrainingPicture& picture : request.pictures) {
            Image turned = *picture.image;
            for (int y = 0; y < turned.height; ++y) {
                for (int x = 0; x < turned.width; ++x) {
                    const auto at = [&turned, y](int column) {
                        return static_cast<std::ptrdiff_t>(y * turned.width + column) *
                               turned.channels;
                    };
                    std::copy_n(picture.image->bytes.begin() + at(x), turned.channels,
                                turned.bytes.begin() + at(turned.width - 1 - x));
                }
            }
            picture.image = std::make_shared<const Image>(turned);
        }
        const auto mirrored =
            encode_training_set(*model, request.pictures, "a mug", request, 32, {});
        for (std::size_t i = 0; i < both.size(); ++i) {
            QVERIFY(both[i].mirrored.has_value());
            QVERIFY(!at::equal(both[i].mirrored->mean, both[i].latents.mean));
            QVERIFY(apart(both[i].mirrored->mean, mirrored[i].latents.mean) < 1e-4);
        }
    }

    void theAverageIsWhatIsSaved() {
        const TempFolder folder;
        TrainingRequest request = tiny_request(folder / "last.safetensors");
        train_until(request);
        const auto last = load_safetensors(request.out);
        request.use_ema = true;
        request.out = (folder / "average.safetensors").string();
        train_until(request);
        double shorter = 0, longer = 0;
        for (const auto& [name, tensor] : load_safetensors(request.out)) {
            if (name.ends_with("lora_up.weight")) { // began at zero
                shorter += tensor.to(at::kFloat).norm().item<double>();
                longer += last.at(name).to(at::kFloat).norm().item<double>();
            }
        }
        QVERIFY(shorter > 0 && shorter < longer);
    }

    void anAdapterGoesOn_data() {
        QTest::addColumn<QString>("model");
        QTest::newRow("plain") << "tiny_sd";
        QTest::newRow("plus") << "tiny_sdxl";
    }

    void anAdapterGoesOn() {
        QFETCH(QString, model);
        const TempFolder folder;
        TrainingRequest request = tiny_request(folder / "adapter.safetensors", model.toStdString());
        request.method = TrainingMethod::ip_adapter;
        const TrainingResult result = train_until(request);
        QVERIFY(result.proof.weight_changes.at("image_proj") > 0);
        QVERIFY(result.proof.weight_changes.at("ip_adapter") > 0);
        QVERIFY(result.proof.picture_change > 0);
        const auto base = opened(request.model);
        const auto before = load_safetensors(find_adapter(base->folder, {}));
        const auto after = load_safetensors(request.out);
        QCOMPARE(after.size(), before.size());
        for (const auto& [name, tensor] : after) {
            QVERIFY2(tensor.sizes() == before.at(name).sizes() &&
                         tensor.scalar_type() == before.at(name).scalar_type(),
                     name.c_str());
        }
        const auto adapter =
            load_adapter(*base, request.out, base->folder.image_encoder.string(), Progress{});
        QVERIFY(!at::equal(adapter->adapter.to_k_ip[0].weight,
                           load_adapter(*base, {}, {}, Progress{})->adapter.to_k_ip[0].weight));
    }

    void whatIsWrongIsToldAtOnce() {
        const TempFolder folder;
        TrainingRequest request = dreambooth_request(folder / "mug");
        request.as_lora = request.as_difference = true;
        request.prior_loss_weight = -1;
        request.text_encoder_learning_rate = 1e-5;
        std::set<std::string> fields;
        for (const Problem& problem : validate(request)) {
            fields.insert(problem.field);
        }
        for (const char* field :
             {"as_difference", "prior_loss_weight", "text_encoder_learning_rate"}) {
            QVERIFY2(fields.contains(field), field);
        }
        request = tiny_request(folder / "a.safetensors");
        request.class_prompt = "a mug";
        QCOMPARE(validate(request).at(0).field, std::string("class_prompt"));
        request = tiny_request(folder / "a.safetensors");
        request.model = (kGolden / "tiny_sd_inpaint").string();
        QVERIFY_EXCEPTION_THROWN(train_until(request), Error);
    }

private:
    TempFolder cache_;
};

QTEST_APPLESS_MAIN(TestFineTuning)
#include "test_fine_tuning.moc"
