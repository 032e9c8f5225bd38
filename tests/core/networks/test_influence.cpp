#include "core/imageio/load.h"
#include "core/models/cross_attention.h"
#include "core/runner/torch_runner.h"
#include "core/weights/weights.h"
#include "tests/support/compare_tensors.h"

#include <ATen/ops/matmul.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/softmax.h>

#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

using namespace likeness;
using namespace likeness::test;

namespace {

const std::filesystem::path kGolden =
    std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" / "golden";

ImagePtr golden_picture(const char* name) {
    return std::make_shared<const Image>(load_image(kGolden / name));
}

// White in the columns from `left` to `right`.
ImagePtr columns_mask(int left, int right) {
    Image mask = make_image(48, 32, 1);
    for (int y = 0; y < mask.height; ++y) {
        std::fill_n(mask.u8() + static_cast<std::ptrdiff_t>(y) * mask.width + left, right - left,
                    std::uint8_t{255});
    }
    return std::make_shared<const Image>(std::move(mask));
}

MeasureRequest two_halves(const std::string& model) {
    return {.request = {.model = (kGolden / model).string(),
                        .prompt = "a red mug on the table",
                        .references = {{.image = golden_picture("tiny_sd/reference_0.png"),
                                        .mask = columns_mask(0, 24),
                                        .ip_adapter_scale = 0.8},
                                       {.image = golden_picture("tiny_sd/reference_1.png"),
                                        .mask = columns_mask(24, 48),
                                        .ip_adapter_scale = 0.8}},
                        .width = 48,
                        .height = 32,
                        .num_inference_steps = 4,
                        .guidance_scale = 4.0,
                        .scheduler = SchedulerKind::ddim,
                        .seed = 7,
                        .device = "cpu",
                        .dtype = "float32",
                        .threads = 1},
            .influence = true};
}

// The mean of a map over some of its columns, counted in thirds of its width.
double mean_of(const Influence& map, const std::vector<float>& values, int first, int last) {
    const int left = first * map.width / 3, right = last * map.width / 3;
    double sum = 0;
    for (int y = 0; y < map.height; ++y) {
        for (int x = left; x < right; ++x) {
            sum += values[static_cast<std::size_t>(y * map.width + x)];
        }
    }
    return sum / (map.height * (right - left));
}

Tensor length(const Tensor& output) { // [1, heads, queries, d] -> [queries]
    return output[0].square().sum(at::IntArrayRef({0, 2})).sqrt();
}

} // namespace

// Where references act, from the attention itself.
class TestInfluence : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void twoMaskedHalvesActWhereTheyMay_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("width");
        QTest::newRow("sd") << "tiny_sd" << 6;
        QTest::newRow("sdxl") << "tiny_sdxl" << 12;
    }

    void twoMaskedHalvesActWhereTheyMay() {
        QFETCH(QString, model);
        QFETCH(int, width);
        const MeasureRequest request = two_halves(model.toStdString());
        const auto runner = make_torch_runner();
        const Result result = runner->measure(request, Progress{});
        QCOMPARE(result.influences.size(), 2U);
        for (int r = 0; r < 2; ++r) {
            const Influence& map = result.influences[static_cast<std::size_t>(r)];
            QCOMPARE(map.width, width);
            QCOMPARE(map.height, width * 2 / 3);
            QCOMPARE(map.steps.size(), 4U);
            std::vector<std::vector<float>> all = map.steps;
            all.push_back(map.mean);
            for (const std::vector<float>& values : all) {
                QCOMPARE(static_cast<int>(values.size()), map.width * map.height);
                // Away from the line between the halves, which coarser layers blur.
                const double left = mean_of(map, values, 0, 1);
                const double right = mean_of(map, values, 2, 3);
                const double inside = r == 0 ? left : right;
                const double outside = r == 0 ? right : left;
                QVERIFY2(inside > 0.02, qPrintable(QString::number(inside)));
                QVERIFY2(outside < 0.05 * inside, qPrintable(QString::number(outside / inside)));
                QVERIFY(std::ranges::all_of(values, [](float v) { return v >= 0 && v <= 1; }));
            }
        }
    }

    // Recording looks, it does not touch; and the run after it is not recorded.
    void thePictureStaysTheSame() {
        const MeasureRequest request = two_halves("tiny_sd");
        const auto runner = make_torch_runner();
        const Result recorded = runner->measure(request, Progress{});
        const Result plain = runner->run(request.request, Progress{});
        QVERIFY(recorded.images.at(0).image->bytes == plain.images.at(0).image->bytes);
        QVERIFY(plain.influences.empty());
    }

    void aReferenceOfStrengthZeroActsNowhere() {
        MeasureRequest request = two_halves("tiny_sd");
        request.request.references[1].ip_adapter_scale = 0;
        const Result result = make_torch_runner()->measure(request, Progress{});
        const auto& none = result.influences.at(1).mean;
        QVERIFY(std::ranges::all_of(none, [](float value) { return value == 0; }));
        request.request.references.clear();
        QVERIFY(make_torch_runner()->measure(request, Progress{}).influences.empty());
    }

    void outsideItsRangeOfStepsAReferenceDoesNotAct() {
        MeasureRequest request = two_halves("tiny_sd");
        request.request.references[0].range_end = 0.5;
        const Result result = make_torch_runner()->measure(request, Progress{});
        const Influence& first = result.influences.at(0);
        QVERIFY(mean_of(first, first.steps[1], 0, 1) > 0.02);
        QCOMPARE(mean_of(first, first.steps[2], 0, 3), 0.0);
    }

    // Against the formula written out: softmax over the joined tokens, one reference's part of it.
    void sharesOfJoinedReferencesAreExact() {
        const int64_t heads = 2, dim = 8, queries = 6, tokens = 3;
        TensorMap tensors;
        for (const char* name : {"to_q", "to_k", "to_v", "to_out.0"}) {
            tensors[std::string(name) + ".weight"] = at::randn({dim, dim});
        }
        tensors["to_out.0.bias"] = at::randn({dim});
        const Weights weights(std::make_shared<MapSource>(tensors), {});
        const CrossAttention layer(weights, {.dim = dim, .context_dim = dim, .heads = heads},
                                   "attn2", 0);
        const Tensor query = at::randn({1, heads, queries, dim / heads});
        const auto draw = [&](int64_t count) {
            return KeyValue{.key = at::randn({1, heads, count, dim / heads}),
                            .value = at::randn({1, heads, count, dim / heads})};
        };
        const KeyValue text = draw(5), joined = draw(2 * tokens);
        AttentionContext context{.text = {text},
                                 .references = {{.layers = {joined}, .owners = {{{1}, {0}}}}},
                                 .influence = std::make_shared<InfluenceRecord>(2, 2, 3, 1, 0)};
        const auto attention = [&](const KeyValue& to) {
            const double scale = 1.0 / std::sqrt(static_cast<double>(dim / heads));
            return at::softmax(at::matmul(query, to.key.transpose(2, 3)) * scale, -1);
        };
        const Tensor p = attention(joined);
        const Tensor of_text = length(at::matmul(attention(text), text.value));
        const Tensor of_one =
            length(at::matmul(p.slice(3, 0, tokens), joined.value.slice(2, 0, tokens)));
        const Tensor of_zero = length(
            at::matmul(p.slice(3, tokens, 2 * tokens), joined.value.slice(2, tokens, 2 * tokens)));
        const Tensor sum = of_text + of_one + of_zero;
        const Tensor shares = layer.influence(query, context);
        COMPARE_TENSORS(shares[1], of_one / sum, kFloat32);
        COMPARE_TENSORS(shares[0], of_zero / sum, kFloat32);
    }
};

QTEST_APPLESS_MAIN(TestInfluence)
#include "test_influence.moc"
