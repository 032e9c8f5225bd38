// The judging networks: their shapes, that all of them learns, and the size of their committed
// weights.

#include "app/starter/evaluators.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/zeros.h>

#include <QTest>

#include <filesystem>

using namespace likeness;
using namespace likeness::starter;

namespace {

Tensor pictures(std::int64_t count, std::int64_t side) {
    return at::randn({count, 3, side, side}, at::detail::createCPUGenerator(5))
        .contiguous(at::MemoryFormat::ChannelsLast);
}

// Every parameter gets a gradient that is not zero everywhere.
void verify_all_learn(const TensorMap& parameters) {
    for (const auto& [name, parameter] : parameters) {
        QVERIFY2(parameter.grad().defined(), name.c_str());
        QVERIFY2(parameter.grad().abs().max().item<double>() > 0, name.c_str());
    }
}

} // namespace

class TestEvaluators : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void attributesAreReadOfEachPicture();
    void identityIsAVector();
    void everyParameterLearns();
    void picturesJudgeAlone();
    void otherSizesAreBroughtToTheirs();
    void committedWeightsAreSmall();
};

void TestEvaluators::attributesAreReadOfEachPicture() {
    const at::NoGradGuard no_grad;
    const AttributeEvaluator evaluator(Weights(std::make_shared<ParameterSource>(1), {}));
    const auto features = evaluator.features(pictures(3, kJudgedSide));
    QVERIFY(features.sizes() == at::IntArrayRef({3, AttributeEvaluator::kFeatures}));
    const auto readings = evaluator.heads.read(features);
    QCOMPARE(readings.size(), all_attributes().size());
    for (const auto& reading : readings) {
        QCOMPARE(reading.size(), std::size_t{3});
    }
}

void TestEvaluators::identityIsAVector() {
    const at::NoGradGuard no_grad;
    const IdentityEncoder encoder(Weights(std::make_shared<ParameterSource>(1), {}));
    QVERIFY(encoder(pictures(2, kJudgedSide)).sizes() ==
            at::IntArrayRef({2, IdentityEncoder::kDimension}));
}

void TestEvaluators::everyParameterLearns() {
    const auto of_attributes = std::make_shared<ParameterSource>(1);
    const AttributeEvaluator evaluator(Weights(of_attributes, {}));
    std::vector<Pictured> told(4);
    for (int i = 0; i < 4; ++i) {
        told[static_cast<std::size_t>(i)].subject = {.shape = static_cast<synth::Shape>(i),
                                                     .hue = 80.0 * i,
                                                     .pattern = synth::Pattern::dots,
                                                     .has_decal = true};
    }
    evaluator.heads.loss(evaluator.features(pictures(4, kJudgedSide)), told).backward();
    verify_all_learn(of_attributes->parameters());

    const auto of_identity = std::make_shared<ParameterSource>(1);
    const IdentityEncoder encoder(Weights(of_identity, {}));
    encoder(pictures(2, kJudgedSide)).square().sum().backward();
    auto parameters = of_identity->parameters();
    parameters.erase("pool.scores.bias"); // softmax does not feel what all places share
    verify_all_learn(parameters);
}

void TestEvaluators::picturesJudgeAlone() {
    const at::NoGradGuard no_grad;
    const AttributeEvaluator evaluator(Weights(std::make_shared<ParameterSource>(1), {}));
    const IdentityEncoder encoder(Weights(std::make_shared<ParameterSource>(2), {}));
    const auto all = pictures(3, kJudgedSide);
    const auto one = all.narrow(0, 1, 1);
    const auto far = [](const Tensor& a, const Tensor& b) {
        return (a - b).abs().max().item<double>();
    };
    QVERIFY(far(evaluator.features(all)[1], evaluator.features(one)[0]) < 1e-4);
    QVERIFY(far(encoder(all)[1], encoder(one)[0]) < 1e-4);
}

void TestEvaluators::otherSizesAreBroughtToTheirs() {
    const auto whole = pictures(1, kJudgedSide);
    QVERIFY(at_judged_side(whole).equal(whole));
    QVERIFY(at_judged_side(pictures(2, 256)).sizes() ==
            at::IntArrayRef({2, 3, kJudgedSide, kJudgedSide}));
    // An even picture stays what it is.
    const auto even = at_judged_side(at::zeros({1, 3, 64, 64}) + 0.25);
    QVERIFY((even - 0.25).abs().max().item<double>() < 1e-6);
}

void TestEvaluators::committedWeightsAreSmall() {
    constexpr std::uint64_t kMost = 2'000'000;
    std::uint64_t bytes = 0;
    const std::filesystem::path folder =
        std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests/data/starter_eval";
    for (const auto* const name : {"attributes.safetensors", "identity.safetensors"}) {
        bytes += std::filesystem::file_size(folder / name);
    }
    QVERIFY2(bytes <= kMost, qPrintable(QString::number(bytes)));
}

QTEST_APPLESS_MAIN(TestEvaluators)
#include "test_evaluators.moc"
