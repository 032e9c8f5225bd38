#include "core/pipelines/guidance.h"
#include "core/pipelines/preview.h"
#include "core/pipelines/stages.h"
#include "core/pipelines/step_graphs.h"
#include "core/pipelines/step_preview.h"
#include "core/request/scheduler_kind.h"
#include "core/schedulers/make_scheduler.h"
#include "core/tensor/noise.h"
#include "core/weights/safetensors.h"
#include "tests/support/compare_tensors.h"
#include "tests/support/temp_folder.h"
#include "tests/support/unet_case.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/full.h>
#include <ATen/ops/tensor.h>
#include <ATen/record_function.h>
#include <c10/util/Exception.h>

#include <QTest>

#include <functional>
#include <string_view>

using namespace likeness;
using namespace likeness::test;

namespace {

// In place of a device that records: the work itself, which reads and writes the same memory.
class WorkAgain : public CapturedWork {
public:
    explicit WorkAgain(std::function<void()> work) : work_(std::move(work)) { work_(); }

    void replay() override { work_(); }

private:
    std::function<void()> work_;
};

std::unique_ptr<CapturedWork> work_again(at::Device, const std::function<void()>& work) {
    return std::make_unique<WorkAgain>(work);
}

UNetCall call_of(const UnetCase& c, double scale, std::uint64_t seed, double timestep) {
    const auto context = scale > 0 ? c.with_references(scale) : c.text();
    return {.sample = seeded_noise(c.fixture.input("sample").sizes().vec(), seed)
                          .slice(0, 0, 1)
                          .contiguous(at::MemoryFormat::ChannelsLast),
            .timesteps = at::tensor({timestep}, at::kDouble),
            .context = std::make_shared<const AttentionContext>(context),
            .added = c.added};
}

Tensor as_it_is(const UnetCase& c, const UNetCall& call) {
    return c.unet(call.sample, call.timesteps, *call.context, call.added);
}

// Counts what makes a host wait for a device's values: item() and whatever is built on it.
class HostReads {
public:
    HostReads() {
        count_ = 0;
        handle_ = at::addThreadLocalCallback(
            at::RecordFunctionCallback([](const at::RecordFunction& function)
                                           -> std::unique_ptr<at::ObserverContext> {
                const std::string_view name = function.name();
                count_ += name == "aten::_local_scalar_dense" || name == "aten::nonzero" ||
                                  name == "aten::equal"
                              ? 1
                              : 0;
                return nullptr;
            }).scopes({at::RecordScope::FUNCTION}));
    }

    ~HostReads() { at::removeCallback(handle_); }

    HostReads(const HostReads&) = delete;
    HostReads& operator=(const HostReads&) = delete;

    int count() const { return count_; }

private:
    static inline int count_ = 0;
    at::CallbackHandle handle_;
};

} // namespace

class TestSteps : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void recordedStepsAreTheSteps_data() {
        QTest::addColumn<QString>("fixture");
        QTest::newRow("sd") << "network_unet_sd";
        QTest::newRow("sdxl") << "network_unet_sdxl";
    }

    void recordedStepsAreTheSteps() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        StepGraphs graphs(work_again);
        UNetCall weak = call_of(c, 0.3, 1, 900);
        UNetCall later = call_of(c, 0.3, 2, 500);
        later.context = weak.context;
        UNetCall strong = call_of(c, 1.1, 3, 100);
        UNetCall text = call_of(c, 0, 4, 40);
        // The first of a shape runs as it is, the second is recorded, all others are replayed;
        // another strength keeps the recording.
        for (const UNetCall* call :
             {&weak, &later, &strong, &weak, &text, &text, &strong, &text, &later}) {
            QVERIFY(at::equal(graphs(c.unet, *call), as_it_is(c, *call)));
        }
        QCOMPARE(graphs.size(), std::size_t{2});
        // Guards the comparison: strength and step do count.
        QVERIFY(!at::equal(as_it_is(c, weak), as_it_is(c, later)));
        QVERIFY(!at::equal(as_it_is(c, weak), as_it_is(c, strong)));
        graphs.forget();
        QCOMPARE(graphs.size(), std::size_t{0});
    }

    void resultsAreTheCallersOwn() {
        const UnetCase c("network_unet_sd");
        StepGraphs graphs(work_again);
        const UNetCall one = call_of(c, 0.5, 1, 900);
        graphs(c.unet, one);
        const Tensor result = graphs(c.unet, one);
        const Tensor kept = result.clone();
        graphs(c.unet, call_of(c, 0.5, 2, 10));
        QVERIFY(at::equal(result, kept));
    }

    void onlyAFewRecordingsAreKept() {
        const UnetCase c("network_unet_sd");
        StepGraphs graphs(work_again);
        for (int64_t width = 1; width <= 6; ++width) {
            UNetCall call = call_of(c, 0.5, 1, 900);
            call.sample = call.sample.slice(3, 0, 2 * width).contiguous();
            for (int i = 0; i < 2; ++i) {
                QVERIFY(at::equal(graphs(c.unet, call), as_it_is(c, call)));
            }
        }
        QCOMPARE(graphs.size(), std::size_t{4});
    }

    void whatCannotBeRecordedRunsAsItIs() {
        const UnetCase c("network_unet_sd");
        int tries = 0;
        StepGraphs graphs([&tries](at::Device, const auto&) -> std::unique_ptr<CapturedWork> {
            ++tries;
            TORCH_CHECK(false, "operation not permitted when stream is capturing");
        });
        const UNetCall call = call_of(c, 0.5, 1, 900);
        for (int i = 0; i < 4; ++i) {
            QVERIFY(at::equal(graphs(c.unet, call), as_it_is(c, call)));
        }
        QCOMPARE(tries, 1);
        QVERIFY(graphs.failure().find("not permitted") != std::string::npos);
    }

    void aCallOfTheUNetAsksForNoValue_data() { recordedStepsAreTheSteps_data(); }

    void aCallOfTheUNetAsksForNoValue() {
        QFETCH(QString, fixture);
        const UnetCase c(fixture.toStdString());
        const UNetCall call = call_of(c, 0.8, 1, 900);
        StepGraphs graphs(work_again);
        const HostReads reads;
        for (int i = 0; i < 3; ++i) {
            graphs(c.unet, call);
        }
        QCOMPARE(reads.count(), 0);
        // Guards the count.
        (void)call.sample.sum().item<double>();
        QCOMPARE(reads.count(), 1);
    }

    void noStepOfTheLoopAsksForAValue_data() {
        QTest::addColumn<QString>("scheduler");
        for (const SchedulerKind kind : scheduler_kinds()) {
            QTest::newRow(to_string(kind)) << to_string(kind);
        }
    }

    // On the device that has shapes and no values: whatever asked for one, or mixed it with the
    // processor's, would throw.
    void noStepOfTheLoopAsksForAValue() {
        QFETCH(QString, scheduler);
        constexpr int kSteps = 5;
        const auto rule = make_scheduler(scheduler.toStdString(), SchedulerConfig{}, kSteps);
        NoiseStream noise(3);
        rule->set_noise_source([&noise](at::IntArrayRef shape) { return noise.draw(shape); });
        Denoising job{.scheduler = *rule, .predict_noise = [](const Tensor& latents, double, int) {
                          return latents.expand({2, -1, -1, -1}).contiguous();
                      }};
        const Tensor start = at::empty({1, 4, 6, 8}, at::TensorOptions().device(at::kMeta));
        const Tensor end = denoise(start, job, Progress{});
        QVERIFY(end.is_meta());
        QCOMPARE(end.sizes().vec(), start.sizes().vec());
        // Guards the test: a value of that device cannot be had.
        QVERIFY_EXCEPTION_THROWN((void)end.sum().item<double>(), c10::Error);
    }

    void decodersOfPreviewsAreOfTheirFamily() {
        const Fixture golden("network_autoencoder_tiny");
        const TempFolder folder;
        save_safetensors(folder / "taesdxl.safetensors", golden.tensors());
        const int64_t channels = golden.input("latents").size(1);
        for (const auto& [family, has_one] : {std::pair{ModelFamily::sd15, false},
                                              {ModelFamily::sdxl, true},
                                              {ModelFamily::sdxl_refiner, true}}) {
            ModelFolder model;
            model.path = folder.path();
            model.family = family;
            QCOMPARE(load_preview_decoder(model, channels, {}) != nullptr, has_one);
        }
    }

    void previewsOnTheProcessorAreOfTheirStep() {
        int drawn = 0;
        StepPreview preview(
            [&drawn](const Tensor& latents) {
                ++drawn;
                return latents;
            },
            at::kCPU, 1.0);
        for (const double grey : {0.0, 0.5, 1.0}) {
            const ImagePtr image = preview(at::full({1, 3, 2, 4}, grey));
            QVERIFY(image != nullptr);
            QCOMPARE(image->width, 4);
            QCOMPARE(static_cast<int>(image->u8()[0]),
                     static_cast<int>(std::nearbyint(grey * 255)));
        }
        QCOMPARE(drawn, 3);
    }
};

QTEST_APPLESS_MAIN(TestSteps)
#include "test_steps.moc"
