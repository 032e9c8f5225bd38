// Every kernel against float32 ATen on the same bfloat16 inputs. Skipped, row by row, on a
// processor that has no kernels.

#include "core/base/error.h"
#include "core/kernels/choice.h"
#include "core/nn/layers.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/upsample_nearest2d.h>
#include <c10/core/InferenceMode.h>

#include <QTest>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <utility>

using namespace likeness;
namespace kernels = likeness::kernels;

namespace {

// One rounding to bfloat16 is 0.0017 of a value on the average.
constexpr double kRounded = 0.003;
// Attention rounds the weights of its softmax too, Winograd the transformed inputs and kernels.
constexpr double kRoundedTwice = 0.006;

// What differs, relative to the size of what is expected; NaN where anything is not finite.
double error(const Tensor& actual, const Tensor& expected) {
    if (actual.sizes() != expected.sizes()) {
        return std::nan("");
    }
    const Tensor a = actual.to(at::kDouble), b = expected.to(at::kDouble);
    return ((a - b).norm() / b.norm()).item<double>();
}

// The worst of a result is no further off than a few roundings of the largest value.
double largest_error(const Tensor& actual, const Tensor& expected) {
    const Tensor a = actual.to(at::kDouble), b = expected.to(at::kDouble);
    return ((a - b).abs().max() / b.abs().max()).item<double>();
}

class Draw {
public:
    explicit Draw(std::uint64_t seed) : generator_(at::detail::createCPUGenerator(seed)) {}

    Tensor operator()(at::IntArrayRef sizes, double scale = 1) {
        return (at::randn(sizes, generator_, at::TensorOptions().dtype(at::kFloat)) * scale)
            .to(at::kBFloat16);
    }

    Tensor picture(int64_t batch, int64_t channels, int64_t height, int64_t width) {
        return (*this)({batch, channels, height, width}).contiguous(at::MemoryFormat::ChannelsLast);
    }

private:
    at::Generator generator_;
};

Tensor wide(const Tensor& x) {
    return x.defined() ? x.to(at::kFloat).contiguous() : x;
}

std::string told(const char* what, double found, double allowed) {
    return std::string(what) + ": relative error " + std::to_string(found) + ", allowed " +
           std::to_string(allowed);
}

#define VERIFY_NEAR(actual, expected, allowed)                                                     \
    do {                                                                                           \
        const double found = error((actual), (expected));                                          \
        QVERIFY2(found <= (allowed), told(#actual, found, (allowed)).c_str());                     \
        const double worst = largest_error((actual), (expected));                                  \
        QVERIFY2(worst <= 4 * (allowed), told(#actual " at worst", worst, 4 * (allowed)).c_str()); \
    } while (false)

#define SKIP_WITHOUT(kernel)                                                                       \
    do {                                                                                           \
        if (!kernels::runs(kernels::Kernel::kernel)) {                                             \
            QSKIP("this processor has no such kernel, or it is turned off");                       \
        }                                                                                          \
    } while (false)

} // namespace

class TestKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void init() {
        inference_.emplace();
        kernels::turn_off(qEnvironmentVariable("LIKENESS_CPU_KERNELS").toStdString());
    }

    void cleanup() { inference_.reset(); }

    void groupNorm_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("skip");
        QTest::addColumn<int>("groups");
        const auto row = [](int b, int h, int w, int c, int s, int g) {
            QTest::addRow("%dx%dx%d, %d+%d channels, %d groups", b, h, w, c, s, g)
                << b << h << w << c << s << g;
        };
        for (const int batch : {1, 2, 3, 8}) {
            row(batch, 9, 7, 64, 0, 16);
        }
        for (const auto& [c, s, g] : {std::array{32, 0, 8},
                                      {64, 0, 16},
                                      {96, 0, 16},
                                      {128, 0, 8},
                                      {48, 0, 16},
                                      {24, 0, 3},
                                      {64, 96, 16},
                                      {128, 96, 16},
                                      {320, 0, 32},
                                      {640, 320, 32},
                                      {1280, 1280, 32},
                                      {256, 0, 32},
                                      {512, 0, 32},
                                      {20, 12, 4}}) {
            row(2, 8, 8, c, s, g);
            row(1, 5, 13, c, s, g);
        }
        row(1, 1, 1, 64, 0, 16);
        row(2, 64, 64, 320, 0, 32);
        row(1, 200, 173, 128, 0, 32);
    }

    void groupNorm() {
        SKIP_WITHOUT(norm);
        QFETCH(int, batch);
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, channels);
        QFETCH(int, skip);
        QFETCH(int, groups);
        Draw draw(1);
        const Tensor x = draw.picture(batch, channels, height, width) + 1;
        const Tensor more = skip > 0 ? draw.picture(batch, skip, height, width) * 3 : Tensor();
        const Tensor weight = draw({channels + skip}), bias = draw({channels + skip});
        const Tensor joined = skip > 0 ? at::cat({wide(x), wide(more)}, 1) : wide(x);
        const Tensor expected = at::group_norm(joined, groups, wide(weight), wide(bias), 1e-5);
        const auto plain = cpu_group_norm(x, more, weight, bias, groups, 1e-5, AfterNorm::nothing);
        const auto silu = cpu_group_norm(x, more, weight, bias, groups, 1e-5, AfterNorm::silu);
        const auto over =
            cpu_group_norm(x.clone(), more, weight, bias, groups, 1e-5, AfterNorm::silu, NormTo::x);
        QVERIFY(plain && silu && over);
        QVERIFY(at::equal(*over, *silu));
        QVERIFY(plain->is_contiguous(at::MemoryFormat::ChannelsLast));
        VERIFY_NEAR(*plain, expected, kRounded);
        VERIFY_NEAR(*silu, at::silu(expected), kRounded);
    }

    void aNormOverwritesOnlyWhatIsGivenUp() {
        SKIP_WITHOUT(norm);
        Draw draw(21);
        const TensorMap tensors{{"weight", wide(draw({64}))}, {"bias", wide(draw({64}))}};
        const Weights weights(std::make_shared<MapSource>(tensors), {.dtype = at::kBFloat16});
        const GroupNorm norm(weights, 16, 64, 1e-5);
        const Tensor kept = draw.picture(2, 64, 9, 7);
        Tensor x = kept.clone();
        const void* const memory = x.const_data_ptr();
        const Tensor y = norm.norm_silu(x);
        QVERIFY(at::equal(x, kept));
        (void)norm.norm_silu(x.slice(0, 0, 1));
        QVERIFY(at::equal(x, kept));
        const Tensor over = norm.norm_silu(std::move(x));
        QCOMPARE(over.const_data_ptr(), memory);
        QVERIFY(at::equal(over, y));
    }

    // Values far from zero: the variance is a small difference of large sums.
    void groupNormFarFromZero() {
        SKIP_WITHOUT(norm);
        Draw draw(2);
        const Tensor x = (wide(draw.picture(1, 64, 128, 128)) + 30).to(at::kBFloat16);
        const Tensor weight = draw({64}), bias = draw({64});
        const auto y = cpu_group_norm(x, {}, weight, bias, 16, 1e-5, AfterNorm::nothing);
        QVERIFY(y);
        VERIFY_NEAR(*y, at::group_norm(wide(x), 16, wide(weight), wide(bias), 1e-5), kRounded);
    }

    void layerNorm_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("channels");
        for (const int channels : {16, 64, 96, 128, 160, 320, 640, 768, 1280, 1664}) {
            for (const int rows : {1, 4, 77, 257}) {
                QTest::addRow("%d rows of %d", rows, channels) << rows << channels;
            }
        }
    }

    void layerNorm() {
        SKIP_WITHOUT(norm);
        QFETCH(int, rows);
        QFETCH(int, channels);
        Draw draw(3);
        const Tensor x = draw({2, rows, channels}) * 2 + 5;
        const Tensor weight = draw({channels}), bias = draw({channels});
        const auto y = cpu_layer_norm(x, weight, bias, 1e-5);
        QVERIFY(y);
        VERIFY_NEAR(*y, at::layer_norm(wide(x), {channels}, wide(weight), wide(bias), 1e-5),
                    kRounded);
    }

    void linear_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        const auto row = [](int rows, int in, int out) {
            QTest::addRow("%d rows, %d to %d", rows, in, out) << rows << in << out;
        };
        for (const int rows : {1, 2, 3, 4, 5, 6, 7, 11, 12, 16, 77, 154, 160, 191, 256, 1000}) {
            row(rows, 96, 288);
        }
        for (const auto& [in, out] : {std::array{64, 64},
                                      {64, 96},
                                      {128, 128},
                                      {128, 384},
                                      {96, 768},
                                      {320, 320},
                                      {320, 960},
                                      {640, 5120},
                                      {1280, 1280},
                                      {5120, 1280},
                                      {768, 320},
                                      {2560, 640},
                                      {1920, 1280},
                                      {36, 32},
                                      {2, 64},
                                      {10, 48},
                                      {512, 1536}}) {
            row(8, in, out);
            row(77, in, out);
        }
        row(2, 1280, 1280);
        row(4096, 64, 128);
    }

    void linear() {
        SKIP_WITHOUT(linear);
        QFETCH(int, rows);
        QFETCH(int, in);
        QFETCH(int, out);
        Draw draw(4);
        const Tensor x = draw({2, rows, in}), residual = draw({2, rows, out});
        const Tensor weight = draw({out, in}, 1 / std::sqrt(in)), bias = draw({out});
        const auto packed = PackedLinear::pack(weight, bias);
        const auto unbiased = PackedLinear::pack(weight, {});
        QVERIFY(packed && unbiased);
        const Tensor expected = at::linear(wide(x), wide(weight), wide(bias));
        VERIFY_NEAR((*packed)(x, {}, {}), expected, kRounded);
        VERIFY_NEAR((*packed)(x, {}, residual), expected + wide(residual), kRounded);
        VERIFY_NEAR((*unbiased)(x, {}, {}), at::linear(wide(x), wide(weight)), kRounded);
        if (in > 2) {
            const auto halves = x.split_with_sizes({in / 4 * 2, in - in / 4 * 2}, -1);
            VERIFY_NEAR((*packed)(halves[0], halves[1], residual), expected + wide(residual),
                        kRounded);
        }
        QVERIFY(at::equal(packed->weight(), weight));
    }

    void geglu_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("dim");
        for (const int dim : {64, 96, 128, 320, 640, 1280}) {
            for (const int rows : {1, 5, 64, 250}) {
                QTest::addRow("%d rows of %d", rows, dim) << rows << dim;
            }
        }
    }

    void geglu() {
        SKIP_WITHOUT(linear);
        QFETCH(int, rows);
        QFETCH(int, dim);
        Draw draw(5);
        const Tensor x = draw({rows, dim}), bias = draw({8 * dim});
        const Tensor weight = draw({8 * dim, dim}, 2 / std::sqrt(dim));
        const auto packed = PackedLinear::pack(weight, bias);
        QVERIFY(packed);
        const auto y = packed->geglu(x);
        QVERIFY(y);
        const auto halves = at::linear(wide(x), wide(weight), wide(bias)).chunk(2, -1);
        VERIFY_NEAR(*y, halves[0] * at::gelu(halves[1]), kRounded);
    }

    void joinedLinears() {
        SKIP_WITHOUT(linear);
        Draw draw(6);
        const Tensor x = draw({5, 96});
        std::vector<Tensor> weights;
        std::vector<PackedLinear> layers;
        for (int i = 0; i < 3; ++i) {
            weights.push_back(draw({96, 96}, 0.1));
            layers.push_back(*PackedLinear::pack(weights.back(), {}));
        }
        const Tensor apart =
            at::cat({layers[0](x, {}, {}), layers[1](x, {}, {}), layers[2](x, {}, {})}, -1);
        const auto joined = PackedLinear::join({&layers[0], &layers[1], &layers[2]});
        QVERIFY(joined);
        QVERIFY(at::equal((*joined)(x, {}, {}), apart));
        QVERIFY(at::equal(layers[1](x, {}, {}), apart.slice(-1, 96, 192)));
        QVERIFY(at::equal(layers[2].weight(), weights[2]));
    }

    // 32 columns are packed in one block of 32, 96 in two of 48.
    void whatIsPackedInOtherBlocksIsNotJoined() {
        SKIP_WITHOUT(linear);
        Draw draw(6);
        const Tensor x = draw({5, 32}), weight = draw({32, 32}, 0.1);
        std::vector<PackedLinear> layers(3, *PackedLinear::pack(weight, {}));
        QVERIFY(!PackedLinear::join({&layers[0], &layers[1], &layers[2]}));
        VERIFY_NEAR(layers[1](x, {}, {}), at::linear(wide(x), wide(weight)), kRounded);
    }

    void attention_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("heads");
        QTest::addColumn<int>("queries");
        QTest::addColumn<int>("keys");
        QTest::addColumn<int>("d");
        const auto row = [](int b, int h, int q, int k, int d) {
            QTest::addRow("%d x %d heads of %d, %d to %d", b, h, d, q, k) << b << h << q << k << d;
        };
        for (const int d : {8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 112, 128, 160, 512}) {
            row(2, 3, 65, 77, d);
            row(1, 2, 100, 100, d);
        }
        for (int keys = 1; keys <= 256; keys += keys < 34 ? 1 : 13) {
            row(2, 2, 30, keys, 40);
        }
        for (const int keys : {4, 16, 64, 77, 154, 160, 512, 513, 1100}) {
            row(2, 4, 64, keys, 32);
        }
        for (const int queries : {1, 2, 5, 6, 7, 23, 24, 25, 49, 256}) {
            row(1, 2, queries, 77, 64);
        }
        for (const int batch : {1, 2, 3, 5, 8}) {
            row(batch, 5, 63, 16, 80);
        }
        row(2, 8, 1024, 1024, 40);
        row(1, 1, 900, 900, 512);
    }

    void attention() {
        SKIP_WITHOUT(attention);
        QFETCH(int, batch);
        QFETCH(int, heads);
        QFETCH(int, queries);
        QFETCH(int, keys);
        QFETCH(int, d);
        Draw draw(7);
        // As a joined product gives them: slices of wider rows.
        const auto split = [&](const Tensor& rows) {
            return rows.view({batch, rows.size(1), heads, d}).transpose(1, 2);
        };
        const int64_t width = heads * d;
        const Tensor query = split(draw({batch, queries, 3 * width}, 1.5).slice(-1, 0, width));
        const Tensor both = draw({batch, keys, 2 * width}, 1.5);
        const Tensor key = split(both.slice(-1, 0, width));
        const Tensor value = split(both.slice(-1, width));
        const Tensor expected =
            at::scaled_dot_product_attention(wide(query), wide(key), wide(value));
        const auto y = cpu_attend(query, {{key, value}});
        QVERIFY(y);
        VERIFY_NEAR(*y, expected, kRoundedTwice);
        // More of it, everywhere or by a factor for each query.
        const Tensor factor = draw({1, 1, queries, 1});
        const Tensor few = draw({batch, heads, 9, d}, 1.5);
        const auto sum = cpu_attend(query, {{key, value}, {few, few, factor}, {value, key}});
        QVERIFY(sum);
        VERIFY_NEAR(*sum,
                    expected +
                        wide(factor) *
                            at::scaled_dot_product_attention(wide(query), wide(few), wide(few)) +
                        at::scaled_dot_product_attention(wide(query), wide(value), wide(key)),
                    kRoundedTwice);
    }

    // One picture's keys serve a batch; a softmax of one large score among many is that value.
    void attentionOfSharedKeys() {
        SKIP_WITHOUT(attention);
        Draw draw(8);
        const Tensor query = draw({3, 2, 40, 64}, 20), key = draw({1, 2, 16, 64}, 20),
                     value = draw({1, 2, 16, 64});
        const auto y = cpu_attend(query, {{key, value}});
        QVERIFY(y);
        VERIFY_NEAR(*y,
                    at::scaled_dot_product_attention(wide(query), wide(key.expand({3, -1, -1, -1})),
                                                     wide(value.expand({3, -1, -1, -1}))),
                    kRoundedTwice);
    }

    // Scores that grow from key to key, and for some queries fall: what was summed shrinks again
    // and again.
    void attentionOfGrowingScores() {
        SKIP_WITHOUT(attention);
        Draw draw(17);
        constexpr int64_t kKeys = 700;
        const Tensor slope = at::arange(kKeys, at::kFloat).view({1, 1, kKeys, 1}) / 40;
        const Tensor query = draw({1, 2, 100, 40}),
                     key = (wide(draw({1, 2, 1, 40})) * slope).to(at::kBFloat16),
                     value = draw({1, 2, kKeys, 40});
        const auto y = cpu_attend(query, {{key, value}});
        QVERIFY(y);
        VERIFY_NEAR(*y, at::scaled_dot_product_attention(wide(query), wide(key), wide(value)),
                    kRoundedTwice);
    }

    // What is no number stays where ATen has it, and infinitely small scores count for nothing.
    void attentionOfWhatIsNotFinite() {
        SKIP_WITHOUT(attention);
        Draw draw(18);
        constexpr float kInfinite = std::numeric_limits<float>::infinity();
        const Tensor query = draw({1, 1, 60, 32}).abs(), key = draw({1, 1, 300, 32}),
                     value = draw({1, 1, 300, 32});
        query[0][0][7][3] = std::nanf("");
        key[0][0][250][0] = -kInfinite;
        value[0][0][120][5] = std::nanf("");
        const auto y = cpu_attend(query, {{key, value}});
        QVERIFY(y);
        const Tensor expected =
            at::scaled_dot_product_attention(wide(query), wide(key), wide(value));
        QVERIFY(at::equal(y->isnan(), expected.isnan()));
        VERIFY_NEAR(y->nan_to_num(), expected.nan_to_num(), kRoundedTwice);
    }

    // One pair of keys for the two halves of a batch.
    void attentionOfNeighbours() {
        SKIP_WITHOUT(attention);
        Draw draw(15);
        const Tensor query = draw({6, 2, 40, 64}), key = draw({2, 2, 77, 64}),
                     value = draw({2, 2, 77, 64});
        const auto y = cpu_attend(query, {{key, value}});
        QVERIFY(y);
        for (int64_t b = 0; b < 6; ++b) {
            const auto one =
                cpu_attend(query.slice(0, b, b + 1),
                           {{key.slice(0, b / 3, b / 3 + 1), value.slice(0, b / 3, b / 3 + 1)}});
            QVERIFY(one && at::equal(y->slice(0, b, b + 1), *one));
        }
    }

    void convolution_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        const auto row = [](int b, int h, int w, int in, int out) {
            QTest::addRow("%d of %dx%d, %d to %d", b, h, w, in, out) << b << h << w << in << out;
        };
        for (const auto& [h, w] : {std::array{1, 1},
                                   {1, 2},
                                   {2, 1},
                                   {3, 3},
                                   {4, 4},
                                   {5, 8},
                                   {7, 7},
                                   {8, 8},
                                   {9, 16},
                                   {17, 13},
                                   {31, 33},
                                   {2, 65}}) {
            row(1, h, w, 64, 96);
            row(2, h, w, 32, 64);
        }
        for (const auto& [in, out] : {std::array{32, 32},
                                      {64, 64},
                                      {64, 96},
                                      {96, 96},
                                      {96, 128},
                                      {224, 128},
                                      {160, 64},
                                      {320, 320},
                                      {640, 640},
                                      {960, 640},
                                      {1280, 1280},
                                      {1920, 640},
                                      {2560, 1280},
                                      {128, 128},
                                      {256, 128},
                                      {512, 256},
                                      {512, 512}}) {
            row(2, 8, 8, in, out);
        }
        for (const int batch : {1, 3, 5, 8}) {
            row(batch, 6, 10, 96, 96);
        }
        row(1, 64, 64, 128, 128);
        row(1, 48, 50, 32, 48);
    }

    void convolution() {
        SKIP_WITHOUT(convolution);
        QFETCH(int, batch);
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, in);
        QFETCH(int, out);
        Draw draw(9);
        const Tensor x = draw.picture(batch, in, height, width);
        const Tensor residual = draw.picture(batch, out, height, width);
        const Tensor weight = draw({out, in, 3, 3}, 1 / std::sqrt(9 * in)), bias = draw({out});
        const Tensor time = draw({1, out}), times = draw({batch, out});
        const Tensor plain = at::conv2d(wide(x), wide(weight), wide(bias), 1, 1);
        const auto column = [](const Tensor& t) { return wide(t).unsqueeze(-1).unsqueeze(-1); };
        using Memory = PackedConvolution::Memory;
        for (const Memory memory : {Memory::as_needed, Memory::little}) {
            const auto packed = PackedConvolution::pack(weight, bias, 1, 1, memory);
            QVERIFY(packed);
            QCOMPARE(packed->by_winograd(), memory == Memory::as_needed);
            const double allowed = packed->by_winograd() ? kRoundedTwice : kRounded;
            VERIFY_NEAR((*packed)(x), plain, allowed);
            VERIFY_NEAR((*packed)(x, {.bias = time, .residual = residual}),
                        plain + column(time) + wide(residual), allowed);
            VERIFY_NEAR((*packed)(x, {.bias = times}), plain + column(times), allowed);
            VERIFY_NEAR((*packed)(x.slice(0, 0, 1), {.residual = residual}),
                        plain.slice(0, 0, 1) + wide(residual), allowed);
        }
        const auto packed = PackedConvolution::pack(weight, bias, 1, 1, Memory::as_needed);
        const Tensor large = at::upsample_nearest2d(wide(x), {2 * height, 2 * width});
        VERIFY_NEAR(packed->doubled(x), at::conv2d(large, wide(weight), wide(bias), 1, 1),
                    kRoundedTwice);
    }

    // Down-sampling, with the padding of the UNet and of the VAE's encoder.
    void stridedConvolution_data() {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("padding");
        for (const int padding : {0, 1}) {
            for (const auto& [h, w] : {std::array{3, 3}, {8, 8}, {9, 17}, {64, 80}, {33, 6}}) {
                QTest::addRow("%dx%d, padding %d", h, w, padding) << h << w << padding;
            }
        }
    }

    void stridedConvolution() {
        SKIP_WITHOUT(convolution);
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, padding);
        Draw draw(10);
        for (const auto& [in, out] : {std::array<int64_t, 2>{4, 32}, {64, 64}, {96, 96}}) {
            const Tensor x = draw.picture(2, in, height, width);
            const Tensor weight = draw({out, in, 3, 3}, 0.1), bias = draw({out});
            const auto packed = PackedConvolution::pack(weight, bias, 2, padding,
                                                        PackedConvolution::Memory::as_needed);
            QVERIFY(packed);
            VERIFY_NEAR((*packed)(x), at::conv2d(wide(x), wide(weight), wide(bias), 2, padding),
                        kRounded);
        }
    }

    void pointwiseConvolutionOfTwo() {
        SKIP_WITHOUT(linear);
        Draw draw(11);
        const Tensor x = draw.picture(2, 64, 5, 7), skip = draw.picture(2, 96, 5, 7),
                     residual = draw.picture(2, 128, 5, 7);
        const Tensor weight = draw({128, 160, 1, 1}, 0.1), bias = draw({128});
        const auto packed =
            PackedConvolution::pack(weight, bias, 1, 0, PackedConvolution::Memory::as_needed);
        QVERIFY(packed);
        const Tensor expected =
            at::conv2d(at::cat({wide(x), wide(skip)}, 1), wide(weight), wide(bias));
        VERIFY_NEAR((*packed)(x, {.residual = residual, .skip = skip}), expected + wide(residual),
                    kRounded);
    }

    void convolutionToFew_data() {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        for (const int out : {3, 4, 8}) {
            for (const auto& [h, w, in] : {std::array{1, 1, 32},
                                           {2, 3, 64},
                                           {5, 7, 96},
                                           {8, 8, 320},
                                           {33, 18, 128},
                                           {16, 4, 512}}) {
                QTest::addRow("%dx%d, %d to %d", h, w, in, out) << h << w << in << out;
            }
        }
    }

    void convolutionToFew() {
        SKIP_WITHOUT(convolution);
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, in);
        QFETCH(int, out);
        Draw draw(16);
        const Tensor x = draw.picture(2, in, height, width),
                     residual = draw.picture(2, out, height, width);
        const Tensor weight = draw({out, in, 3, 3}, 1 / std::sqrt(9 * in)), bias = draw({out});
        const auto packed =
            PackedConvolution::pack(weight, bias, 1, 1, PackedConvolution::Memory::as_needed);
        QVERIFY(packed);
        const Tensor expected = at::conv2d(wide(x), wide(weight), wide(bias), 1, 1);
        const Tensor y = (*packed)(x);
        QVERIFY(y.is_contiguous(at::MemoryFormat::ChannelsLast));
        VERIFY_NEAR(y, expected, kRounded);
        VERIFY_NEAR((*packed)(x, {.residual = residual}), expected + wide(residual), kRounded);
        const Tensor times = draw({2, out});
        VERIFY_NEAR((*packed)(x, {.bias = times}),
                    expected + wide(times).unsqueeze(-1).unsqueeze(-1), kRounded);
    }

    // What takes long is done in pieces, with the same bytes, and ends where a look at a stop
    // throws.
    void longLayersLookForAStop() {
        SKIP_WITHOUT(convolution);
        SKIP_WITHOUT(linear);
        SKIP_WITHOUT(attention);
        Draw draw(17);
        const Tensor kernel = draw({512, 512, 3, 3}, 0.02);
        using Memory = PackedConvolution::Memory;
        const auto fast = PackedConvolution::pack(kernel, {}, 1, 1, Memory::as_needed);
        const auto strided = PackedConvolution::pack(kernel, {}, 2, 1, Memory::as_needed);
        QVERIFY(fast && strided);
        const Tensor map = draw.picture(1, 512, 94, 51), half = draw.picture(1, 512, 47, 25);
        const Tensor wide_map = draw.picture(2, 512, 94, 94);
        const Tensor query = draw({1, 1, 2500, 512}), key = draw({1, 1, 2100, 512});
        const std::vector<std::function<Tensor(const BetweenLayers&)>> layers{
            [&](const auto& between) { return (*fast)(map, {.between = &between}); },
            [&](const auto& between) { return fast->doubled(half, between); },
            [&](const auto& between) { return (*strided)(wide_map, {.between = &between}); },
            [&](const auto& between) { return attend_in_pieces(query, key, key, between); }};
        for (const auto& layer : layers) {
            int looks = 0;
            const Tensor whole = layer({});
            QVERIFY(at::equal(layer([&looks] { ++looks; }), whole));
            QVERIFY2(looks >= 1, std::to_string(&layer - layers.data()).c_str());
            QVERIFY_EXCEPTION_THROWN(layer([] { throw Cancelled{}; }), Cancelled);
        }
    }

    // The same bytes with one thread and with two, and in a batch of others.
    void threadsAndNeighboursChangeNothing() {
        SKIP_WITHOUT(convolution);
        SKIP_WITHOUT(linear);
        SKIP_WITHOUT(norm);
        SKIP_WITHOUT(attention);
        Draw draw(12);
        constexpr int64_t kBatch = 6;
        const Tensor x = draw.picture(kBatch, 64, 19, 23), weight = draw({64}), bias = draw({64});
        const Tensor rows = draw({kBatch, 37, 64}), heads = draw({kBatch, 2, 37, 40});
        using Memory = PackedConvolution::Memory;
        const Tensor kernel = draw({64, 64, 3, 3}, 0.1);
        const auto fast = PackedConvolution::pack(kernel, bias, 1, 1, Memory::as_needed);
        const auto small = PackedConvolution::pack(kernel, bias, 1, 1, Memory::little);
        const auto strided = PackedConvolution::pack(kernel, bias, 2, 1, Memory::as_needed);
        const auto few =
            PackedConvolution::pack(draw({4, 64, 3, 3}, 0.1), {}, 1, 1, Memory::as_needed);
        const auto layer = PackedLinear::pack(draw({128, 64}, 0.1), {});
        QVERIFY(fast && small && strided && few && layer);
        const auto all = [&](int64_t begin, int64_t end) {
            const auto part = [&](const Tensor& t) { return t.slice(0, begin, end); };
            const Tensor map = part(x), head = part(heads);
            return std::vector{
                *cpu_group_norm(map, {}, weight, bias, 16, 1e-5, AfterNorm::silu),
                *cpu_layer_norm(part(rows), weight, bias, 1e-5),
                *cpu_attend(head, {{head, head}, {head, head}}),
                (*layer)(part(rows), {}, {}),
                *layer->geglu(part(rows)),
                (*fast)(map, {.residual = map}),
                (*small)(map, {.residual = map}),
                (*strided)(map),
                (*few)(map),
                fast->doubled(map),
            };
        };
        const int before = at::get_num_threads();
        at::set_num_threads(1);
        const auto one = all(0, kBatch);
        at::set_num_threads(2);
        const auto two = all(0, kBatch);
        for (std::size_t i = 0; i < one.size(); ++i) {
            QVERIFY2(at::equal(one[i], two[i]), std::to_string(i).c_str());
        }
        for (int64_t b = 0; b < kBatch; ++b) {
            const auto alone = all(b, b + 1);
            for (std::size_t i = 0; i < alone.size(); ++i) {
                QVERIFY2(at::equal(alone[i], two[i].slice(0, b, b + 1)), std::to_string(i).c_str());
            }
        }
        at::set_num_threads(before);
    }

    void notForThese() {
        Draw draw(13);
        const Tensor x = draw.picture(1, 64, 4, 4), weight = draw({64}), bias = draw({64});
        const auto norm = [&](const Tensor& of, const Tensor& by) {
            return cpu_group_norm(of, {}, by, by, 16, 1e-5, AfterNorm::nothing).has_value();
        };
        QVERIFY(!norm(wide(x), wide(weight)));                  // float32
        QVERIFY(!PackedLinear::pack(wide(draw({64, 64})), {})); // float32
        QVERIFY(!PackedLinear::pack(draw({40, 64}), {}));       // no whole blocks
        QVERIFY(!PackedLinear::pack(draw({64, 63}), {}));       // odd
        QVERIFY(!cpu_attend(draw({1, 1, 4, 12}), {{draw({1, 1, 4, 12}), draw({1, 1, 4, 12})}}));
        QVERIFY(!PackedConvolution::pack(draw({5, 64, 3, 3}), {}, 1, 1,
                                         PackedConvolution::Memory::as_needed));
        inference_.reset();
        QVERIFY(!norm(x, draw({64}).set_requires_grad(true))); // learns itself
        QVERIFY(!PackedLinear::pack(draw({64, 64}).set_requires_grad(true), {}));
    }

    void eachCanBeTurnedOff() {
        Draw draw(14);
        const Tensor x = draw.picture(1, 64, 4, 4), weight = draw({64});
        const Tensor heads = draw({1, 1, 4, 16});
        const auto run = [&] {
            return std::array{
                cpu_group_norm(x, {}, weight, weight, 16, 1e-5, AfterNorm::silu).has_value(),
                PackedLinear::pack(draw({64, 64}), {}).has_value(),
                cpu_attend(heads, {{heads, heads}}).has_value(),
                PackedConvolution::pack(draw({64, 64, 3, 3}), {}, 1, 1,
                                        PackedConvolution::Memory::as_needed)
                    .has_value()};
        };
        kernels::turn_off("");
        const bool present = kernels::runs(kernels::Kernel::norm);
        QCOMPARE(run(), (std::array{present, present, present, present}));
        kernels::turn_off("norm,attention");
        QCOMPARE(run(), (std::array{false, present, false, present}));
        kernels::turn_off("linear,convolution");
        QCOMPARE(run(), (std::array{present, false, present, false}));
        kernels::turn_off("0");
        QCOMPARE(run(), (std::array{false, false, false, false}));
        QVERIFY_EXCEPTION_THROWN(kernels::turn_off("norm,spell"), Error);
    }

private:
    std::optional<c10::InferenceMode> inference_;
};

QTEST_APPLESS_MAIN(TestKernels)
#include "test_kernels.moc"
