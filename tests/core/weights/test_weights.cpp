#include "core/base/error.h"
#include "core/tensor/noise.h"
#include "core/weights/weights.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/error_of.h"

#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <QTest>

#include <cmath>
#include <limits>

using namespace likeness;
using namespace likeness::test;

namespace {

Weights over(TensorMap tensors, WeightOptions options = {}) {
    return {std::make_shared<MapSource>(std::move(tensors)), options};
}

std::string problem_of(const Weights& weights, const std::set<std::string>& ignored = {}) {
    const auto error = error_of([&] { weights.finish("unet", ignored); });
    return error ? std::string(to_string(error->code)) + ": " + error->detail : "none";
}

} // namespace

class TestWeights : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesGoDown();
    void tensorsComeInTheWantedDtype();
    void missingOnesAreCollected();
    void missingOnesTakeNoMemory();
    void shapesAreCompared();
    void leftoversAreTold();
    void longListsAreCutShort();
    void nonfiniteValuesAreTold_data();
    void nonfiniteValuesAreTold();
    void stopsAreLookedAtBetweenPieces();
    void integersAreNoWeights();
    void halfOverflowIsTold();
    void messageNamesTheComponent();
    void parametersAreKeptNotCopied();
    void parametersFollowTheirKind();
    void parametersHangOnSeedAndName();
    void givenValuesAreUsedWhereTheyFit();
    void noiseIsTorchs();
};

void TestWeights::namesGoDown() {
    const Weights weights = over({{"down.0.attn.to_q.weight", at::ones({2, 3})}});
    const Weights attention = weights / "down" / "0" / "attn";
    QCOMPARE((attention / "to_q").full_name("weight"), "down.0.attn.to_q.weight");
    QCOMPARE(*attention.shape("to_q.weight"), (std::vector<int64_t>{2, 3}));
    QVERIFY(!attention.shape("to_k.weight").has_value());
    COMPARE_TENSORS(attention.get("to_q.weight", {2, 3}), at::ones({2, 3}), kExact);
    QCOMPARE(problem_of(weights), "none");
}

void TestWeights::tensorsComeInTheWantedDtype() {
    const Weights weights =
        over({{"a", at::full({3}, 1.0 / 3.0, at::kFloat)}}, {.dtype = at::kBFloat16});
    const Tensor tensor = weights.get("a", {3});
    QCOMPARE(tensor.scalar_type(), at::kBFloat16);
    COMPARE_TENSORS(tensor, at::full({3}, 1.0 / 3.0, at::kFloat).to(at::kBFloat16), kExact);
}

void TestWeights::missingOnesAreCollected() {
    const Weights weights = over({{"a", at::ones({1})}});
    COMPARE_TENSORS((weights / "b").get("weight", {2, 2}), at::zeros({2, 2}), kExact);
    COMPARE_TENSORS(weights.get("c", {}), at::zeros({}), kExact);
    (void)weights.get("c", {});
    (void)weights.get("a", {1});
    QCOMPARE(problem_of(weights), "model_incomplete: 2 missing: b.weight, c");
}

void TestWeights::missingOnesTakeNoMemory() {
    const Tensor tensor = over({}).get("a", {1 << 20, 1 << 20});
    QCOMPARE(tensor.storage().nbytes(), std::size_t{4});
    QCOMPARE(tensor.size(1), int64_t{1 << 20});
}

void TestWeights::shapesAreCompared() {
    const Weights weights = over({{"a", at::ones({2, 3})}, {"b", at::ones({})}});
    COMPARE_TENSORS(weights.get("a", {3, 2}), at::zeros({3, 2}), kExact);
    (void)weights.get("b", {1});
    QCOMPARE(problem_of(weights),
             "model_mismatch: 2 of another shape: a ([2, 3] in the file, [3, 2] by the config), "
             "b ([] in the file, [1] by the config)");
}

void TestWeights::leftoversAreTold() {
    const Weights weights =
        over({{"a", at::ones({1})}, {"b", at::ones({1})}, {"x.c", at::ones({1})}});
    (void)weights.get("a", {1});
    QCOMPARE(problem_of(weights), "model_mismatch: 2 not expected: b, x.c");
    QCOMPARE(problem_of(weights, {"b"}), "model_mismatch: 1 not expected: x.c");
    QCOMPARE(problem_of(weights, {"b", "x.c"}), "none");
    QCOMPARE(problem_of(weights / "x"),
             "model_mismatch: 1 not expected: x.c"); // only what lies below it
    QCOMPARE(problem_of(weights / "y"), "none");
}

void TestWeights::longListsAreCutShort() {
    const Weights weights = over({});
    for (int i = 0; i < 20; ++i) {
        (void)weights.get(std::to_string(i), {1});
    }
    QCOMPARE(problem_of(weights),
             "model_incomplete: 20 missing: 0, 1, 2, 3, 4, 5, 6, 7 and 12 more");
}

void TestWeights::nonfiniteValuesAreTold_data() {
    QTest::addColumn<int>("dtype");
    QTest::addColumn<double>("value");
    QTest::addColumn<int>("at");
    const double inf = std::numeric_limits<double>::infinity();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const auto type : {at::kFloat, at::kHalf, at::kBFloat16, at::kDouble, at::kFloat8_e5m2}) {
        for (const double value : {inf, -inf, nan}) {
            for (const int at : {0, 4095, 4096, 9999}) {
                QTest::addRow("%s %g at %d", c10::toString(type), value, at)
                    << static_cast<int>(type) << value << at;
            }
        }
    }
    QTest::addRow("float8_e4m3fn nan") << static_cast<int>(at::kFloat8_e4m3fn) << nan << 5000;
}

void TestWeights::nonfiniteValuesAreTold() {
    QFETCH(int, dtype);
    QFETCH(double, value);
    QFETCH(int, at);
    const auto type = static_cast<at::ScalarType>(dtype);
    Tensor tensor = at::full({100, 100}, -448.0, at::kFloat); // the largest value of float8_e4m3fn
    {
        const Weights weights = over({{"a", tensor.to(type)}});
        (void)weights.get("a", {100, 100});
        QCOMPARE(problem_of(weights), "none");
    }
    tensor.view({-1})[at] = value;
    const Weights weights = over({{"a", tensor.to(type)}});
    COMPARE_TENSORS(weights.get("a", {100, 100}), at::zeros({100, 100}), kExact);
    QCOMPARE(problem_of(weights), "model_mismatch: 1 with infinite or undefined values: a");
}

void TestWeights::stopsAreLookedAtBetweenPieces() {
    struct Stopping : MapSource {
        using MapSource::MapSource;

        void between_pieces() override {
            if (looks++ == stop_at) {
                throw Cancelled{};
            }
        }

        int looks = 0, stop_at = 1000;
    };

    const auto source = std::make_shared<Stopping>(TensorMap{{"a", at::ones({3})}});
    const Weights weights(source, {.dtype = at::kBFloat16});
    (void)weights.get("a", {3});
    const int all = source->looks;
    QVERIFY(all >= 3); // after reading, checking and converting
    for (source->stop_at = 0; source->stop_at < all; ++source->stop_at) {
        source->looks = 0;
        QVERIFY_EXCEPTION_THROWN((void)weights.get("a", {3}), Cancelled);
        QCOMPARE(source->looks, source->stop_at + 1);
    }
    source->stop_at = 1000;
    COMPARE_TENSORS(weights.get("a", {3}), at::ones({3}, at::kBFloat16), kExact);
    QCOMPARE(problem_of(weights), "none");
}

void TestWeights::integersAreNoWeights() {
    const Weights weights = over({{"a", at::ones({2}, at::kByte)}});
    (void)weights.get("a", {2});
    QCOMPARE(
        problem_of(weights),
        "model_mismatch: 1 of another shape: a (stored as Byte, expected floating-point numbers)");
}

void TestWeights::halfOverflowIsTold() {
    const Weights fits = over({{"a", at::full({2}, 65504.0, at::kFloat)}}, {.dtype = at::kHalf});
    (void)fits.get("a", {2});
    QCOMPARE(problem_of(fits), "none");
    const Weights past = over({{"a", at::full({2}, 70000.0, at::kFloat)}}, {.dtype = at::kHalf});
    (void)past.get("a", {2});
    QCOMPARE(problem_of(past),
             "model_mismatch: 1 with infinite or undefined values: a (past float16's 65504)");
}

void TestWeights::messageNamesTheComponent() {
    const Weights weights = over({});
    (void)weights.get("conv_in.weight", {1});
    const auto error = error_of([&] { weights.finish("text_encoder"); });
    QVERIFY(error && std::string(error->what()).find("text_encoder") != std::string::npos);
    QVERIFY(std::string(error->what()).find("conv_in.weight") != std::string::npos);
}

void TestWeights::parametersAreKeptNotCopied() {
    const auto source = std::make_shared<ParameterSource>(3);
    const Weights weights(source, {});
    const Tensor first = weights.get("a.weight", {4, 2});
    const Tensor again = weights.get("a.weight", {4, 2});
    QVERIFY(first.is_same(again));
    QVERIFY(first.requires_grad() && first.is_leaf());
    QCOMPARE(first.scalar_type(), at::kFloat);
    QVERIFY(source->parameters().at("a.weight").is_same(first));
    QCOMPARE(source->names(), std::vector<std::string>{"a.weight"});
    QCOMPARE(problem_of(weights), "none");
}

void TestWeights::parametersFollowTheirKind() {
    const Weights weights(std::make_shared<ParameterSource>(3), {});
    COMPARE_TENSORS(weights.get("norm.weight", {8}), at::ones({8}), kExact);
    COMPARE_TENSORS(weights.get("norm.bias", {8}), at::zeros({8}), kExact);
    COMPARE_TENSORS(weights.get("conv.bias", {8}), at::zeros({8}), kExact);
    const double bound = 1 / std::sqrt(400.0);
    const Tensor matrix = weights.get("proj.weight", {300, 400});
    const double largest = matrix.abs().max().item<double>();
    QVERIFY(largest <= bound && largest > bound * 0.999);
    const Tensor kernel = weights.get("conv.weight", {100, 50, 3, 3});
    QVERIFY(std::abs(kernel.abs().max().item<double>() * std::sqrt(450.0) - 1) < 1e-3);
    const Tensor table = weights.get("embeddings.token_embedding.weight", {1000, 64});
    QVERIFY(std::abs(table.std().item<double>() - 0.02) < 0.0005);
    QVERIFY(std::abs(weights.get("class_embedding", {4096}).std().item<double>() - 0.02) < 0.001);
    QVERIFY(std::abs(weights.get("latents", {1, 64, 100}).std().item<double>() - 0.1) < 0.005);
    const Tensor patches =
        weights.get("patch_embedding.weight", {64, 3, 4, 4}); // a kernel, whatever its name
    QVERIFY(std::abs(patches.abs().max().item<double>() * std::sqrt(48.0) - 1) < 1e-2);
}

void TestWeights::parametersHangOnSeedAndName() {
    const auto draw = [](std::uint64_t seed, const char* name) {
        return ParameterSource(seed).make(name, {16, 16});
    };
    COMPARE_TENSORS(draw(1, "a.weight"), draw(1, "a.weight"), kExact);
    QVERIFY(!draw(1, "a.weight").equal(draw(2, "a.weight")));
    QVERIFY(!draw(1, "a.weight").equal(draw(1, "b.weight")));
    ParameterSource other_order(1);
    (void)other_order.make("b.weight", {16, 16});
    COMPARE_TENSORS(other_order.make("a.weight", {16, 16}), draw(1, "a.weight"), kExact);
}

void TestWeights::givenValuesAreUsedWhereTheyFit() {
    const Tensor given = at::full({2, 2}, 0.5, at::kHalf);
    ParameterSource source(1, {{"a.weight", given}, {"b.weight", given}});
    COMPARE_TENSORS(source.make("a.weight", {2, 2}), at::full({2, 2}, 0.5), kExact);
    QCOMPARE(source.make("a.weight", {2, 2}).scalar_type(), at::kFloat);
    QCOMPARE(source.make("b.weight", {4, 2}).size(0), int64_t{4});
    const Tensor floats = at::zeros({2});
    ParameterSource copied(1, {{"c.bias", floats}});
    copied.make("c.bias", {2}).detach().fill_(1.0);
    COMPARE_TENSORS(floats, at::zeros({2}), kExact); // what was given stays as it was
}

// checkpoints.md 11.1
void TestWeights::noiseIsTorchs() {
    const auto close = [](const Tensor& noise, const std::vector<float>& expected) {
        const Tensor part = noise.flatten().slice(0, 0, static_cast<int64_t>(expected.size()));
        return (part - at::tensor(expected)).abs().max().item<double>() < 6e-5;
    };
    QVERIFY(close(seeded_noise({3}, 0), {1.5410F, -0.2934F, -2.1788F}));
    QVERIFY(close(seeded_noise({16}, 0),
                  {-1.1258F, -1.1524F, -0.2506F, -0.4339F, 0.8487F, 0.6920F, -0.3160F, -2.1152F,
                   0.3223F, -1.2633F, 0.3500F, 0.3081F, 0.1198F, 1.2377F, 1.1168F, -0.2473F}));
    QVERIFY(close(seeded_noise({1, 4, 64, 64}, 42), {1.926915F, 1.487284F, 0.900717F, -2.105521F}));
    QVERIFY(close(seeded_noise({1, 4, 128, 128}, 1234),
                  {-0.111719F, -0.496590F, 0.163074F, -0.881688F}));
    QCOMPARE(seeded_noise({2}, 0).scalar_type(), at::kFloat);
}

QTEST_APPLESS_MAIN(TestWeights)
#include "test_weights.moc"
