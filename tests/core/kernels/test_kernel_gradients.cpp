// The gradients that go back through kernels against those of float32 ATen on the same bfloat16
// values. Skipped, row by row, on a processor that has no kernels.

#include "core/kernels/choice.h"
#include "core/nn/layers.h"
#include "core/weights/weights.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/upsample_nearest2d.h>

#include <QTest>

#include <cmath>
#include <functional>
#include <string>

using namespace likeness;
namespace kernels = likeness::kernels;

namespace {

// One rounding to bfloat16 is 0.0017 of a value on the average; the gradient that comes in, what is
// read again and what goes out are each rounded.
constexpr double kRounded = 0.005;
// Winograd rounds the transformed inputs and kernels too, attention its weights.
constexpr double kRoundedTwice = 0.009;

class Draw {
public:
    explicit Draw(std::uint64_t seed) : generator_(at::detail::createCPUGenerator(seed)) {}

    Tensor operator()(at::IntArrayRef sizes, double scale = 1) {
        return at::randn(sizes, generator_, at::TensorOptions().dtype(at::kFloat)) * scale;
    }

private:
    at::Generator generator_;
};

double apart(const Tensor& actual, const Tensor& expected) {
    if (actual.sizes() != expected.sizes()) {
        return std::nan("");
    }
    const Tensor a = actual.to(at::kDouble), b = expected.to(at::kDouble);
    return ((a - b).norm() / b.norm().clamp_min(1e-9)).item<double>();
}

using Leaves = std::vector<Tensor>;
using Work = std::function<Tensor(const Leaves&)>;

// The result of `work` and the gradients of its leaves, for a gradient of the result that is drawn.
Leaves result_and_gradients(const Work& work, const Leaves& values, at::ScalarType type) {
    Leaves leaves;
    for (const Tensor& value : values) {
        leaves.push_back(value.to(type).detach().clone().set_requires_grad(true));
    }
    const Tensor y = work(leaves);
    Draw draw(99);
    y.backward(draw(y.sizes()).to(at::kBFloat16).to(y.scalar_type()));
    Leaves found{y.detach()};
    for (const Tensor& leaf : leaves) {
        found.push_back(leaf.grad());
    }
    return found;
}

std::string compared(const Leaves& actual, const Leaves& expected, double allowed) {
    for (std::size_t i = 0; i < actual.size(); ++i) {
        const std::string what = i == 0 ? "result" : "gradient " + std::to_string(i - 1);
        if (!actual[i].defined()) {
            return what + " is missing";
        }
        const double off = apart(actual[i], expected[i]);
        if (!(off <= allowed)) {
            return what + ": relative error " + std::to_string(off) + ", allowed " +
                   std::to_string(allowed);
        }
    }
    return {};
}

// Values that bfloat16 holds.
Tensor held(const Tensor& x) {
    return x.to(at::kBFloat16).to(at::kFloat);
}

Tensor low(const Tensor& x) {
    return x.to(at::kBFloat16);
}

std::shared_ptr<MapSource> source_of(TensorMap tensors) {
    return std::make_shared<MapSource>(std::move(tensors));
}

const WeightOptions kPacked{.dtype = at::kBFloat16, .pack = true, .gradient = Gradient::yes};

#define VERIFY_LIKE(actual, expected, allowed)                                                     \
    do {                                                                                           \
        const std::string off = compared((actual), (expected), (allowed));                         \
        QVERIFY2(off.empty(), off.c_str());                                                        \
    } while (false)

#define SKIP_WITHOUT_KERNELS()                                                                     \
    do {                                                                                           \
        for (const auto one : {kernels::Kernel::norm, kernels::Kernel::linear,                     \
                               kernels::Kernel::attention, kernels::Kernel::convolution}) {        \
            if (!kernels::runs(one)) {                                                             \
                QSKIP("this processor has no such kernel, or it is turned off");                   \
            }                                                                                      \
        }                                                                                          \
    } while (false)

// Result and gradients with a bias for each picture and something added, leaves 1 and 2: of the
// layer in bfloat16, and of `expected` by hand in float32.
Leaves with_extras(const Conv2d& layer, const Leaves& leaves) {
    return result_and_gradients(
        [&layer](const Leaves& in) { return layer(in[0], {.bias = in[1], .residual = in[2]}); },
        leaves, at::kBFloat16);
}

Leaves plus_extras(const Work& expected, const Leaves& leaves) {
    return result_and_gradients(
        [&expected](const Leaves& in) {
            return expected(in) + in[1].unsqueeze(-1).unsqueeze(-1) + in[2];
        },
        leaves, at::kFloat);
}

} // namespace

class TestKernelGradients : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void groupNorm_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("channels");
        QTest::addColumn<int>("groups");
        const auto row = [](int b, int h, int w, int c, int g) {
            QTest::addRow("%dx%dx%d, %d channels, %d groups", b, h, w, c, g)
                << b << h << w << c << g;
        };
        for (const auto& [c, g] : {std::pair{32, 8},
                                   {64, 16},
                                   {96, 16},
                                   {48, 16},
                                   {24, 3},
                                   {160, 16},
                                   {320, 32},
                                   {960, 32},
                                   {20, 4}}) {
            row(1, 8, 8, c, g);
            row(3, 5, 13, c, g);
        }
        row(2, 32, 32, 64, 16);
        row(1, 1, 2, 64, 16);
        row(1, 70, 61, 32, 8);
    }

    void groupNorm() {
        SKIP_WITHOUT_KERNELS();
        QFETCH(int, batch);
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, channels);
        QFETCH(int, groups);
        Draw draw(1);
        const Tensor x = held(draw({batch, channels, height, width}) * 2 + 1);
        const Tensor weight = held(draw({channels})), bias = held(draw({channels}));
        const GroupNorm norm({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, groups,
                             channels, 1e-5);
        const auto expected = [&](const Leaves& in) {
            return at::group_norm(in[0], groups, weight, bias, 1e-5);
        };
        VERIFY_LIKE(
            result_and_gradients([&](const Leaves& in) { return norm(in[0]); }, {x}, at::kBFloat16),
            result_and_gradients(expected, {x}, at::kFloat), kRounded);
        VERIFY_LIKE(result_and_gradients([&](const Leaves& in) { return norm.norm_silu(in[0]); },
                                         {x}, at::kBFloat16),
                    result_and_gradients([&](const Leaves& in) { return at::silu(expected(in)); },
                                         {x}, at::kFloat),
                    kRounded);
    }

    void groupNormOfTwo() {
        SKIP_WITHOUT_KERNELS();
        Draw draw(2);
        const Tensor x = held(draw({2, 64, 7, 5})), skip = held(draw({2, 96, 7, 5}) * 3);
        const Tensor weight = held(draw({160})), bias = held(draw({160}));
        const GroupNorm norm({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, 16, 160,
                             1e-5);
        VERIFY_LIKE(
            result_and_gradients([&](const Leaves& in) { return norm.norm_silu(in[0], in[1]); },
                                 {x, skip}, at::kBFloat16),
            result_and_gradients(
                [&](const Leaves& in) {
                    return at::silu(at::group_norm(at::cat({in[0], in[1]}, 1), 16, weight, bias));
                },
                {x, skip}, at::kFloat),
            kRounded);
    }

    void layerNorm_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("channels");
        for (const int channels : {16, 64, 96, 128, 320, 768, 1280}) {
            for (const int rows : {1, 4, 77, 257}) {
                QTest::addRow("%d rows of %d", rows, channels) << rows << channels;
            }
        }
    }

    void layerNorm() {
        SKIP_WITHOUT_KERNELS();
        QFETCH(int, rows);
        QFETCH(int, channels);
        Draw draw(3);
        const Tensor x = held(draw({2, rows, channels}) * 2 + 5);
        const Tensor weight = held(draw({channels})), bias = held(draw({channels}));
        const LayerNorm norm({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, channels);
        VERIFY_LIKE(
            result_and_gradients([&](const Leaves& in) { return norm(in[0]); }, {x}, at::kBFloat16),
            result_and_gradients(
                [&](const Leaves& in) { return at::layer_norm(in[0], {channels}, weight, bias); },
                {x}, at::kFloat),
            kRounded);
    }

    void geglu_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("dim");
        for (const int dim : {64, 96, 128, 320}) {
            for (const int rows : {1, 5, 64, 250}) {
                QTest::addRow("%d rows of %d", rows, dim) << rows << dim;
            }
        }
    }

    void geglu() {
        SKIP_WITHOUT_KERNELS();
        QFETCH(int, rows);
        QFETCH(int, dim);
        Draw draw(4);
        const Tensor x = held(draw({1, rows, dim}));
        const Tensor weight = held(draw({8 * dim, dim}, 2 / std::sqrt(dim))),
                     bias = held(draw({8 * dim}));
        const Linear proj({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, dim, 8 * dim);
        QVERIFY(proj.packed);
        VERIFY_LIKE(
            result_and_gradients([&](const Leaves& in) { return likeness::geglu(in[0], proj); },
                                 {x}, at::kBFloat16),
            result_and_gradients(
                [&](const Leaves& in) {
                    const auto halves = at::linear(in[0], weight, bias).chunk(2, -1);
                    return halves[0] * at::gelu(halves[1]);
                },
                {x}, at::kFloat),
            kRounded);
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
        for (const int d : {8, 16, 24, 32, 40, 64, 80, 96, 128, 160, 512}) {
            row(2, 3, 65, 77, d);
            row(1, 2, 100, 100, d);
        }
        for (const int keys : {1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 33, 64, 127, 128, 129, 257, 400}) {
            row(2, 2, 30, keys, 40);
            row(1, 2, keys, 30, 32);
        }
        row(1, 3, 256, 256, 32);
    }

    void attention() {
        SKIP_WITHOUT_KERNELS();
        QFETCH(int, batch);
        QFETCH(int, heads);
        QFETCH(int, queries);
        QFETCH(int, keys);
        QFETCH(int, d);
        Draw draw(9);
        const int width = heads * d;
        const Leaves values{held(draw({batch, queries, width}, 1.5)),
                            held(draw({batch, keys, width}, 1.5)),
                            held(draw({batch, keys, width}, 1.5))};
        const auto work = [&](const Leaves& in) {
            return merge_heads(attend(split_heads(in[0], heads), split_heads(in[1], heads),
                                      split_heads(in[2], heads)));
        };
        const Leaves actual = result_and_gradients(work, values, at::kBFloat16);
        Leaves expected = result_and_gradients(work, values, at::kFloat);
        VERIFY_LIKE((Leaves{actual[0], actual[3]}), (Leaves{expected[0], expected[3]}),
                    kRoundedTwice);
        if (keys > 1) { // else nothing depends on them
            VERIFY_LIKE((Leaves{actual[1], actual[2]}), (Leaves{expected[1], expected[2]}),
                        2 * kRoundedTwice);
        }
    }

    void linear_data() {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        QTest::addColumn<int>("rank");
        const auto row = [](int rows, int in, int out, int rank) {
            QTest::addRow("%d rows, %d to %d, rank %d", rows, in, out, rank)
                << rows << in << out << rank;
        };
        for (const int rows : {1, 2, 7, 64, 77, 256, 1000}) {
            row(rows, 96, 288, 8);
        }
        for (const int rank : {1, 3, 4, 8, 15, 16, 17, 32, 64, 128}) {
            row(50, 128, 96, rank);
        }
        for (const auto& [in, out] : {std::pair{64, 64},
                                      {128, 128},
                                      {320, 1280},
                                      {1280, 320},
                                      {768, 640},
                                      {32, 48},
                                      {512, 32}}) {
            row(130, in, out, 8);
        }
    }

    void linear() {
        SKIP_WITHOUT_KERNELS();
        QFETCH(int, rows);
        QFETCH(int, in);
        QFETCH(int, out);
        QFETCH(int, rank);
        Draw draw(5);
        const Tensor x = held(draw({2, rows, in})), residual = held(draw({2, rows, out}));
        const Tensor weight = held(draw({out, in}, 1 / std::sqrt(in))), bias = held(draw({out}));
        Linear layer({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, in, out);
        QVERIFY(layer.packed);
        const auto work = [&](const Leaves& leaves) { return layer(leaves[0], leaves[1]); };
        const auto expected = [&](const Leaves& leaves) {
            return at::linear(leaves[0], weight, bias) + leaves[1];
        };
        VERIFY_LIKE(result_and_gradients(work, {x, residual}, at::kBFloat16),
                    result_and_gradients(expected, {x, residual}, at::kFloat), kRounded);

        // The matrices stay float32; they are rounded where they are read.
        const auto trained = [](const Tensor& matrix) {
            return matrix.detach().clone().set_requires_grad(true);
        };
        constexpr double kScale = 0.5;
        const Tensor down = draw({rank, in}, 1 / std::sqrt(in)), up = draw({out, rank}, 0.5);
        const LowRank ours{.down = trained(down), .up = trained(up), .scale = kScale},
            theirs{.down = trained(down), .up = trained(up)};
        layer.low_rank = ours;
        const auto expected_with = [&](const Leaves& leaves) {
            const Tensor inner = at::linear(leaves[0], theirs.down);
            return expected(leaves) + kScale * at::linear(inner, theirs.up);
        };
        VERIFY_LIKE(result_and_gradients(work, {x, residual}, at::kBFloat16),
                    result_and_gradients(expected_with, {x, residual}, at::kFloat), kRounded);
        VERIFY_LIKE((Leaves{ours.down.grad(), ours.up.grad()}),
                    (Leaves{theirs.down.grad(), theirs.up.grad()}), kRounded);

        // What is read wants no gradient: the text.
        ours.down.mutable_grad() = ours.up.mutable_grad() = Tensor();
        const Tensor y = layer(low(x));
        y.backward(Draw(99)(y.sizes()).to(at::kBFloat16));
        VERIFY_LIKE((Leaves{ours.down.grad(), ours.up.grad()}),
                    (Leaves{theirs.down.grad(), theirs.up.grad()}), kRounded);
    }

    void convolution_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        QTest::addColumn<int>("kernel");
        QTest::addColumn<int>("stride");
        const auto row = [](int b, int h, int w, int in, int out, int k, int s) {
            QTest::addRow("%dx%dx%d, %d to %d, %dx%d by %d", b, h, w, in, out, k, k, s)
                << b << h << w << in << out << k << s;
        };
        for (const auto& [in, out] :
             {std::pair{32, 32}, {64, 96}, {96, 64}, {128, 128}, {320, 64}, {64, 4}, {224, 96}}) {
            row(1, 8, 8, in, out, 3, 1);
            row(2, 7, 5, in, out, 3, 1);
            if (out > 8) {
                row(1, 8, 6, in, out, 3, 2);
                row(2, 7, 9, in, out, 3, 2);
                row(2, 6, 7, in, out, 1, 1);
            }
        }
        row(4, 32, 32, 64, 64, 3, 1);
    }

    void convolution() {
        SKIP_WITHOUT_KERNELS();
        QFETCH(int, batch);
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, in);
        QFETCH(int, out);
        QFETCH(int, kernel);
        QFETCH(int, stride);
        Draw draw(6);
        const int padding = kernel / 2;
        const Tensor x = held(draw({batch, in, height, width}));
        const Tensor weight =
                         held(draw({out, in, kernel, kernel}, 1 / std::sqrt(in * kernel * kernel))),
                     bias = held(draw({out}));
        const Conv2d layer({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, in, out,
                           {.kernel = kernel, .stride = stride, .padding = padding});
        QVERIFY(layer.packed);
        const auto expected = [&](const Leaves& leaves) {
            return at::conv2d(leaves[0], weight, bias, stride, padding);
        };
        VERIFY_LIKE(result_and_gradients([&](const Leaves& leaves) { return layer(leaves[0]); },
                                         {x}, at::kBFloat16),
                    result_and_gradients(expected, {x}, at::kFloat), kRoundedTwice);
        const int rows = (height + stride - 1) / stride, columns = (width + stride - 1) / stride;
        const Tensor more = held(draw({batch, out})),
                     residual = held(draw({batch, out, rows, columns}));
        VERIFY_LIKE(with_extras(layer, {x, more, residual}),
                    plus_extras(expected, {x, more, residual}), kRoundedTwice);
    }

    void lowRankConvolution_data() {
        QTest::addColumn<int>("batch");
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("in");
        QTest::addColumn<int>("out");
        QTest::addColumn<int>("kernel");
        QTest::addColumn<int>("stride");
        QTest::addColumn<int>("rank");
        const auto row = [](int b, int h, int w, int in, int out, int k, int s, int rank) {
            QTest::addRow("%dx%dx%d, %d to %d, %dx%d by %d, rank %d", b, h, w, in, out, k, k, s,
                          rank)
                << b << h << w << in << out << k << s << rank;
        };
        for (const auto& [in, out] :
             {std::pair{32, 32}, {64, 96}, {96, 64}, {128, 128}, {320, 64}, {224, 96}}) {
            for (const int kernel : {1, 3}) {
                row(1, 8, 8, in, out, kernel, 1, 8);
                row(2, 7, 5, in, out, kernel, 1, 4);
            }
            row(1, 8, 6, in, out, 3, 2, 8);
            row(2, 7, 9, in, out, 3, 2, 3);
        }
        for (const int rank : {1, 2, 15, 16, 17, 32, 64}) {
            row(1, 6, 6, 64, 64, 3, 1, rank);
            row(1, 6, 6, 64, 64, 1, 1, rank);
        }
        row(3, 40, 33, 64, 32, 3, 1, 8); // gathered in pieces
        row(2, 61, 67, 32, 32, 3, 2, 8);
    }

    void lowRankConvolution() {
        SKIP_WITHOUT_KERNELS();
        QFETCH(int, batch);
        QFETCH(int, height);
        QFETCH(int, width);
        QFETCH(int, in);
        QFETCH(int, out);
        QFETCH(int, kernel);
        QFETCH(int, stride);
        QFETCH(int, rank);
        Draw draw(10);
        const int padding = kernel / 2;
        const double spread = 1 / std::sqrt(in * kernel * kernel);
        const Tensor x = held(draw({batch, in, height, width}));
        const Tensor weight = held(draw({out, in, kernel, kernel}, spread)),
                     bias = held(draw({out}));
        const int rows = (height + stride - 1) / stride, columns = (width + stride - 1) / stride;
        const Tensor more = held(draw({batch, out})),
                     residual = held(draw({batch, out, rows, columns}));
        Conv2d layer({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, in, out,
                     {.kernel = kernel, .stride = stride, .padding = padding});
        QVERIFY(layer.packed);
        const auto trained = [](const Tensor& matrix) {
            return matrix.detach().clone().set_requires_grad(true);
        };
        constexpr double kScale = 0.5;
        const Tensor down = draw({rank, in, kernel, kernel}, spread),
                     up = draw({out, rank, 1, 1}, 0.5);
        const LowRank ours{.down = trained(down), .up = trained(up), .scale = kScale},
            theirs{.down = trained(down), .up = trained(up)};
        layer.low_rank = ours;
        const auto expected = [&](const Leaves& leaves) {
            const Tensor inner = at::conv2d(leaves[0], theirs.down, {}, stride, padding);
            return at::conv2d(leaves[0], weight, bias, stride, padding) +
                   kScale * at::conv2d(inner, theirs.up);
        };
        VERIFY_LIKE(with_extras(layer, {x, more, residual}),
                    plus_extras(expected, {x, more, residual}), kRoundedTwice);
        VERIFY_LIKE((Leaves{ours.down.grad(), ours.up.grad()}),
                    (Leaves{theirs.down.grad(), theirs.up.grad()}), kRounded);

        // What is read wants no gradient, and nothing is added.
        const auto clear = [](const LowRank& one) {
            one.down.mutable_grad() = one.up.mutable_grad() = Tensor();
        };
        clear(ours);
        clear(theirs);
        const Tensor y = layer(low(x)), like = expected({x});
        VERIFY_LIKE((Leaves{y.detach()}), (Leaves{like.detach()}), kRoundedTwice);
        const Tensor gradient = Draw(99)(y.sizes()).to(at::kBFloat16);
        y.backward(gradient);
        like.backward(gradient.to(at::kFloat));
        VERIFY_LIKE((Leaves{ours.down.grad(), ours.up.grad()}),
                    (Leaves{theirs.down.grad(), theirs.up.grad()}), kRounded);
    }

    // Where a layer of its own kind reads two tensors, or a larger picture.
    void lowRankConvolutionOfTwoAndDoubled() {
        SKIP_WITHOUT_KERNELS();
        Draw draw(11);
        const Tensor x = held(draw({2, 64, 6, 5})), skip = held(draw({2, 32, 6, 5}));
        const Tensor wide = held(draw({64, 96, 1, 1}, 0.1)),
                     three = held(draw({64, 64, 3, 3}, 0.05)), bias = held(draw({64}));
        Conv2d point({source_of({{"weight", wide}, {"bias", bias}}), kPacked}, 96, 64,
                     {.kernel = 1, .stride = 1, .padding = 0});
        point.low_rank = {.down = draw({4, 96, 1, 1}, 0.1), .up = draw({64, 4, 1, 1})};
        Conv2d large({source_of({{"weight", three}, {"bias", bias}}), kPacked}, 64, 64);
        large.low_rank = {.down = draw({4, 64, 3, 3}, 0.05), .up = draw({64, 4, 1, 1})};
        const auto merged = [](const Tensor& weight, const LowRank& low_rank) {
            return weight + at::matmul(low_rank.up.flatten(1), low_rank.down.flatten(1))
                                .view(weight.sizes());
        };
        const Tensor joined = merged(wide, *point.low_rank),
                     taught = merged(three, *large.low_rank);
        VERIFY_LIKE(
            result_and_gradients([&](const Leaves& in) { return point(in[0], {.skip = in[1]}); },
                                 {x, skip}, at::kBFloat16),
            result_and_gradients(
                [&](const Leaves& in) {
                    return at::conv2d(at::cat({in[0], in[1]}, 1), joined, bias);
                },
                {x, skip}, at::kFloat),
            kRoundedTwice);
        VERIFY_LIKE(
            result_and_gradients([&](const Leaves& in) { return large.upsampled(in[0], 12, 10); },
                                 {x}, at::kBFloat16),
            result_and_gradients(
                [&](const Leaves& in) {
                    return at::conv2d(at::upsample_nearest2d(in[0], {12, 10}), taught, bias, 1, 1);
                },
                {x}, at::kFloat),
            kRoundedTwice);
        // One picture stands for those of the residual.
        const Tensor two = held(draw({2, 64, 6, 5})), one = x.slice(0, 0, 1);
        VERIFY_LIKE((Leaves{large(low(one), {.residual = low(two)})}),
                    (Leaves{at::conv2d(one, taught, bias, 1, 1) + two}), kRoundedTwice);
    }

    void doubled() {
        SKIP_WITHOUT_KERNELS();
        Draw draw(7);
        for (const int side : {1, 4, 9}) {
            const Tensor x = held(draw({2, 96, side, side + 1}));
            const Tensor weight = held(draw({96, 96, 3, 3}, 0.05)), bias = held(draw({96}));
            const Conv2d layer({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, 96, 96);
            VERIFY_LIKE(result_and_gradients(
                            [&](const Leaves& in) {
                                return layer.upsampled(in[0], 2 * side, 2 * side + 2);
                            },
                            {x}, at::kBFloat16),
                        result_and_gradients(
                            [&](const Leaves& in) {
                                return at::conv2d(
                                    at::upsample_nearest2d(in[0], {2 * side, 2 * side + 2}), weight,
                                    bias, 1, 1);
                            },
                            {x}, at::kFloat),
                        kRoundedTwice);
        }
    }

    // The same bytes again, and with one thread.
    void bytesDoNotDependOnThreads() {
        SKIP_WITHOUT_KERNELS();
        Draw draw(8);
        const Tensor x = held(draw({2, 96, 12, 12}));
        const Tensor weight = held(draw({96, 96, 3, 3}, 0.05)), bias = held(draw({96}));
        Conv2d convolution({source_of({{"weight", weight}, {"bias", bias}}), kPacked}, 96, 96);
        convolution.low_rank = {.down = draw({8, 96, 3, 3}).set_requires_grad(true),
                                .up = draw({96, 8, 1, 1}).set_requires_grad(true)};
        const GroupNorm norm({source_of({{"weight", bias}, {"bias", bias}}), kPacked}, 16, 96,
                             1e-5);
        Linear linear(
            {source_of({{"weight", weight.slice(2, 0, 1).slice(3, 0, 1).flatten(1)}}), kPacked}, 96,
            96, Bias::no);
        linear.low_rank = {.down = draw({8, 96}).set_requires_grad(true),
                           .up = draw({96, 8}).set_requires_grad(true)};
        const auto made = [&] {
            for (const LowRank& low_rank : {*linear.low_rank, *convolution.low_rank}) {
                low_rank.down.mutable_grad() = low_rank.up.mutable_grad() = Tensor();
            }
            auto found = result_and_gradients(
                [&](const Leaves& in) {
                    const Tensor y = convolution(norm.norm_silu(in[0]));
                    return linear(y.permute({0, 2, 3, 1}).flatten(1, 2));
                },
                {x}, at::kBFloat16);
            for (const LowRank& low_rank : {*linear.low_rank, *convolution.low_rank}) {
                found.push_back(low_rank.down.grad());
                found.push_back(low_rank.up.grad());
            }
            return found;
        };
        const int threads = at::get_num_threads();
        const Leaves first = made(), again = made();
        at::set_num_threads(1);
        const Leaves alone = made();
        at::set_num_threads(threads);
        for (std::size_t i = 0; i < first.size(); ++i) {
            QVERIFY(at::equal(first[i], again[i]));
            QVERIFY(at::equal(first[i], alone[i]));
        }
    }
};

QTEST_GUILESS_MAIN(TestKernelGradients)
#include "test_kernel_gradients.moc"
