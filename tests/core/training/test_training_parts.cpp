#include "core/models/autoencoder_kl.h"
#include "core/training/adamw.h"
#include "core/training/diffusion_objective.h"
#include "core/training/ema.h"
#include "core/training/latent_fold.h"
#include "core/training/loss_scale.h"
#include "core/training/losses.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/fixture.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/full.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/randn_like.h>
#include <ATen/ops/tensor.h>

#include <QTest>

#include <cmath>

using namespace likeness;
using namespace likeness::test;

class TestTrainingParts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void adamwEqualsTorch();
    void scaledLossesEqualTorch();
    void theLossScaleIsTorchs();
    void adamwTakesGradientsInAnyLayout();
    void lowerPrecisionFollowsItsMasters();
    void emaDecayFollowsItsFormula();
    void emaIsAMovingAverage();
    void noiseEqualsDiffusers();
    void weightsFollowTheirFormula();
    void foldingCentresLatentsAndKeepsPictures();
    void contrastiveLossByHand();
    void clipLossByHand();
    void anglesWrapAround();
};

void TestTrainingParts::adamwEqualsTorch() {
    const Fixture fixture("training_adamw");
    auto weight = fixture.input("weight").requires_grad_();
    auto bias = fixture.input("bias").requires_grad_();
    const auto& config = fixture.config;
    AdamW optimizer({{"weight", weight}, {"bias", bias}}, {.beta1 = config["betas"][0],
                                                           .beta2 = config["betas"][1],
                                                           .eps = config["eps"],
                                                           .weight_decay = config["weight_decay"],
                                                           .clip_norm = config["clip_norm"]});
    for (int step = 0; step < 5; ++step) {
        const auto number = std::to_string(step);
        weight.mutable_grad() = fixture.input("weight_grad." + number);
        bias.mutable_grad() = fixture.input("bias_grad." + number);
        const auto length = optimizer.step(config["lr"]);
        COMPARE_TENSORS(length, fixture.output("lengths")[step], kFloat32);
        COMPARE_TENSORS(weight, fixture.output("weight." + number), kFloat32);
        COMPARE_TENSORS(bias, fixture.output("bias." + number), kFloat32);
        QVERIFY(!weight.grad().defined());
    }
}

void TestTrainingParts::scaledLossesEqualTorch() {
    const Fixture fixture("training_grad_scaler");
    auto weight = fixture.input("weight").requires_grad_();
    const auto& config = fixture.config;
    AdamW optimizer({{"weight", weight}}, {.beta1 = config["betas"][0],
                                           .beta2 = config["betas"][1],
                                           .eps = config["eps"],
                                           .weight_decay = config["weight_decay"]});
    LossScale scale;
    for (int step = 0; step < 12; ++step) {
        const auto number = std::to_string(step);
        weight.mutable_grad() = fixture.input("gradient." + number) * scale.scale;
        const auto length = optimizer.step(config["lr"], scale.scale);
        scale.update(std::isfinite(length.item<double>()));
        COMPARE_TENSORS(weight, fixture.output("weight." + number), kFloat32);
        QVERIFY(!weight.grad().defined());
    }
    QCOMPARE(scale.scale, 8192.0);
}

void TestTrainingParts::theLossScaleIsTorchs() {
    const Fixture fixture("training_grad_scaler");
    const auto lost = fixture.input("lost");
    const auto scales = fixture.output("scales");
    LossScale scale;
    for (std::int64_t step = 0; step < lost.numel(); ++step) {
        QCOMPARE(scale.scale, scales[step].item<double>());
        scale.update(lost[step].item<int>() == 0);
    }
    QVERIFY(!scale.is_lost());
    scale = {};
    int halvings = 0;
    for (; !scale.is_lost(); ++halvings) {
        scale.update(false);
    }
    QCOMPARE(halvings, 31);
}

void TestTrainingParts::adamwTakesGradientsInAnyLayout() {
    const auto start = at::randn({4, 3, 3, 3});
    const auto gradient = at::randn({4, 3, 3, 3});
    const auto after = [&](const Tensor& laid_out) {
        auto parameter = start.clone().requires_grad_();
        AdamW optimizer({{"kernel", parameter}}, {});
        parameter.mutable_grad() = laid_out;
        optimizer.step(0.01);
        return parameter.detach();
    };
    COMPARE_TENSORS(after(gradient.contiguous(at::MemoryFormat::ChannelsLast)),
                    after(gradient.clone()), kFloat32);
}

void TestTrainingParts::lowerPrecisionFollowsItsMasters() {
    // Steps far below what bfloat16 can tell apart at 1: without masters the parameter would never
    // move.
    auto parameter = at::full({8}, 1.0, at::kBFloat16).requires_grad_();
    AdamW optimizer({{"x", parameter}}, {.weight_decay = 0.0, .clip_norm = 0.0});
    constexpr double kRate = 1e-4;
    constexpr int kSteps = 100;
    for (int step = 0; step < kSteps; ++step) {
        parameter.mutable_grad() = at::full({8}, 0.5, at::kBFloat16);
        optimizer.step(kRate);
    }
    const auto& master = optimizer.masters().at("x");
    QVERIFY(master.scalar_type() == at::kFloat);
    // A constant gradient moves Adam by the learning rate each step.
    COMPARE_TENSORS(master, at::full({8}, 1.0 - kRate * kSteps), kFloat32Loop);
    QVERIFY(parameter.equal(master.to(at::kBFloat16)));
    QVERIFY(parameter[0].item<float>() < 0.995F);
}

void TestTrainingParts::emaDecayFollowsItsFormula() {
    QCOMPARE(ema_decay(0, 8000), 0.1);
    QCOMPARE(ema_decay(8, 8000), 0.5);
    // Late in the run: half is forgotten after 3 % of it.
    QVERIFY(std::abs(std::pow(ema_decay(7000, 8000), 240.0) - 0.5) < 1e-9);
}

void TestTrainingParts::emaIsAMovingAverage() {
    Ema ema({{"x", at::full({2}, 1.0F)}});
    ema.update({{"x", at::full({2}, 5.0F)}}, 0.75);
    COMPARE_TENSORS(ema.average().at("x"), at::full({2}, 2.0F), kFloat32);
    ema.update({{"x", at::full({2}, 0.0F)}}, 0.5);
    COMPARE_TENSORS(ema.average().at("x"), at::full({2}, 1.0F), kFloat32);
}

void TestTrainingParts::noiseEqualsDiffusers() {
    const Fixture fixture("training_noise");
    const DiffusionObjective objective(SchedulerConfig::from_json(fixture.config), {}, at::kCPU);
    const auto latents = fixture.input("latents"), drawn = fixture.input("noise");
    const auto timesteps = fixture.input("timesteps"), velocity = fixture.output("velocity");
    COMPARE_TENSORS(objective.add_noise(latents, drawn, timesteps), fixture.output("noisy"),
                    kFloat32);
    const auto losses = [&](const Tensor& prediction) {
        return objective.losses(prediction, latents, drawn, timesteps);
    };
    QVERIFY(losses(velocity).max().item<double>() < 1e-10);
    COMPARE_TENSORS(losses(velocity + 0.5), at::full({4}, 0.25F), kFloat32);
}

void TestTrainingParts::weightsFollowTheirFormula() {
    const Fixture fixture("training_noise");
    const DiffusionObjective objective(SchedulerConfig::from_json(fixture.config),
                                       {.snr_gamma = 5, .snr_floor = 1}, at::kCPU);
    const auto timesteps = at::tensor({0, 100, 300, 999}, at::kLong);
    const auto weights = objective.weights(timesteps);
    for (int i = 0; i < 4; ++i) {
        const double a =
            fixture.output("alphas_cumprod")[timesteps[i].item<int64_t>()].item<double>();
        const double snr = a / (1 - a);
        const double wanted = snr < 1 ? 0.5 : std::min(snr, 5.0) / (snr + 1);
        QVERIFY(std::abs(weights[i].item<double>() - wanted) < 1e-5);
    }
}

void TestTrainingParts::foldingCentresLatentsAndKeepsPictures() {
    AutoencoderKLConfig config;
    config.block_out_channels = {8, 8};
    config.norm_num_groups = 4;
    config.scaling_factor = 1.0;
    config.mid_block_add_attention = false;
    const auto source = std::make_shared<ParameterSource>(5);
    const AutoencoderKL before(Weights(source, {}), config);
    TensorMap weights;
    for (const auto& [name, parameter] : source->parameters()) {
        // Norms and biases away from 1 and 0, so that every term of the fold matters.
        weights[name] = parameter.detach() + 0.1 * at::randn_like(parameter.detach());
    }
    const AutoencoderKL original(Weights(std::make_shared<MapSource>(weights), {}), config);
    const auto pictures = at::randn({6, 3, 16, 16});
    const auto latent = original.encode(pictures);
    const auto mean = latent.mean.mean({0, 2, 3}), deviation = latent.mean.std({0, 2, 3});

    const AutoencoderKL folded(
        Weights(std::make_shared<MapSource>(fold_latent_statistics(weights, mean, deviation)), {}),
        config);
    const auto centred = folded.encode(pictures);
    QVERIFY(centred.mean.mean({0, 2, 3}).abs().max().item<double>() < 1e-4);
    QVERIFY((centred.mean.std({0, 2, 3}) - 1).abs().max().item<double>() < 1e-4);
    COMPARE_TENSORS(folded.decode(centred.mean), original.decode(latent.mean), kFloat32Loop);
    // The posterior's deviation shrinks with its channel.
    const auto shrunk = latent.logvar - 2 * deviation.log().view({1, -1, 1, 1});
    COMPARE_TENSORS(centred.logvar, shrunk, kFloat32Loop);
}

void TestTrainingParts::contrastiveLossByHand() {
    // Two subjects on orthogonal axes: each row has one like it (similarity 1) and two unlike (0).
    const auto embeds = at::tensor({2.0F, 0.0F, 3.0F, 0.0F, 0.0F, 1.0F, 0.0F, 7.0F}).view({4, 2});
    const auto labels = at::tensor({4, 4, 9, 9}, at::kLong);
    const double e = std::exp(1.0 / 0.5);
    const double wanted = -std::log(e / (e + 2));
    const double found = supervised_contrastive_loss(embeds, labels, 0.5).item<double>();
    QVERIFY(std::abs(found - wanted) < 1e-5);
}

void TestTrainingParts::clipLossByHand() {
    // Two pictures and their captions on orthogonal axes: 1 with the own, 0 with the other.
    const auto pictures = at::tensor({2.0F, 0.0F, 0.0F, 5.0F}).view({2, 2});
    const auto captions = at::tensor({3.0F, 0.0F, 0.0F, 0.1F}).view({2, 2});
    const double e = std::exp(1.0 / 0.5);
    QVERIFY(std::abs(clip_loss(pictures, captions, 0.5).item<double>() + std::log(e / (e + 1))) <
            1e-5);
    QVERIFY(std::abs(clip_loss(pictures, captions.flip(0), 0.5).item<double>() +
                     std::log(1 / (e + 1))) < 1e-5);
}

void TestTrainingParts::anglesWrapAround() {
    const auto degrees = at::tensor({0.0, 90.0, 359.0}, at::kDouble);
    const auto exact = at::tensor({1.0F, 0.0F, 0.0F, 1.0F, 0.99984770F, -0.01745241F}).view({3, 2});
    QVERIFY(angle_losses(exact, degrees).max().item<double>() < 1e-9);
    COMPARE_TENSORS(to_degrees(exact), degrees, kFloat32);
}

QTEST_APPLESS_MAIN(TestTrainingParts)
#include "test_training_parts.moc"
