#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/runner/torch_runner.h"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>
#include <c10/util/Exception.h>

#include <QTest>

#include <atomic>
#include <filesystem>
#include <limits>

using namespace likeness;

namespace {

const std::filesystem::path kGolden =
    std::filesystem::path(LIKENESS_SOURCE_DIR) / "tests" / "golden";

// The memory of all tensors; some of its blocks are refused.
class RefusingMemory final : public c10::Allocator {
public:
    static RefusingMemory& instance() {
        static auto* const memory = new RefusingMemory; // never destroyed: tensors may outlive it
        return *memory;
    }

    // Refuses the blocks from the `first`-th on, counted from here, `count` of them.
    void refuse(std::int64_t first, std::int64_t count) {
        asked_ = 0;
        first_ = first;
        count_ = count;
    }

    void refuse_nothing() { refuse(std::numeric_limits<std::int64_t>::max() / 2, 0); }

    std::int64_t asked() const { return asked_; }

    c10::DataPtr allocate(std::size_t bytes) override {
        const std::int64_t number = ++asked_;
        const bool refused = number >= first_ && number < first_ + count_;
        TORCH_CHECK_WITH(OutOfMemoryError, !refused, "can't allocate memory: ", bytes, " bytes");
        void* const at = c10::alloc_cpu(bytes);
        return {at, at, &c10::free_cpu, c10::Device(c10::DeviceType::CPU)};
    }

    c10::DeleterFnPtr raw_deleter() const override { return &c10::free_cpu; }

    void copy_data(void* to, const void* from, std::size_t bytes) const override {
        default_copy_data(to, from, bytes);
    }

private:
    std::atomic<std::int64_t> asked_ = 0, first_ = 0, count_ = 0;
};

GenerationRequest tiny(const char* model = "tiny_sd", int references = 1) {
    GenerationRequest request{.model = (kGolden / model).string(),
                              .prompt = "a red mug",
                              .width = 48,
                              .height = 32,
                              .num_inference_steps = 2,
                              .guidance_scale = 4.0,
                              .seed = 3,
                              .num_images = 2,
                              .device = "cpu",
                              .dtype = "float32",
                              .threads = 1};
    for (int r = 0; r < references; ++r) {
        request.references.push_back({.image = std::make_shared<const Image>(
                                          load_image(kGolden / model / "reference_0.png"))});
    }
    return request;
}

std::vector<std::vector<std::byte>> pixels(const Result& result) {
    std::vector<std::vector<std::byte>> all;
    for (const ResultImage& image : result.images) {
        all.push_back(image.image->bytes);
    }
    return all;
}

// The largest difference of two runs' values.
int difference(const Result& a, const Result& b) {
    int largest = 0;
    for (std::size_t i = 0; i < a.images.size(); ++i) {
        const auto &one = a.images[i].image->bytes, &other = b.images.at(i).image->bytes;
        for (std::size_t p = 0; p < one.size(); ++p) {
            largest = std::max(largest, std::abs(std::to_integer<int>(one[p]) -
                                                 std::to_integer<int>(other.at(p))));
        }
    }
    return largest;
}

} // namespace

class TestOutOfMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        constexpr std::uint8_t kRank = 2; // above the runner's own
        RefusingMemory::instance().refuse_nothing();
        c10::SetCPUAllocator(&RefusingMemory::instance(), kRank);
    }

    void init() { RefusingMemory::instance().refuse_nothing(); }

    // Wherever one block is refused, the picture is made all the same and told once, by the
    // smallest plan.
    void oneRefusedBlockCostsAnotherTry_data() {
        QTest::addColumn<QString>("model");
        QTest::newRow("SD") << "tiny_sd";
        QTest::newRow("SDXL") << "tiny_sdxl";
    }

    void oneRefusedBlockCostsAnotherTry() {
        QFETCH(QString, model);
        const GenerationRequest request = tiny(qPrintable(model));
        RefusingMemory& memory = RefusingMemory::instance();
        memory.refuse_nothing();
        const Result whole = make_torch_runner()->run(request, Progress{});
        const std::int64_t all = memory.asked();
        QVERIFY(all > 1000);
        constexpr int kPlaces = 40;
        int again = 0;
        for (int place = 0; place < kPlaces; ++place) {
            std::vector<int> told;
            std::vector<MemoryPlan> plans;
            const Progress progress(
                {}, {}, [&](const ImageReady& ready) { told.push_back(ready.image_index); },
                [&](const Planned& planned) { plans.push_back(planned.plan); });
            const auto runner = make_torch_runner();
            memory.refuse(1 + all * place / kPlaces, 1);
            const Result made = runner->run(request, progress);
            memory.refuse_nothing();
            QVERIFY2(difference(made, whole) <= 1, qPrintable(QString::number(place)));
            QCOMPARE(told, (std::vector{0, 1}));
            // A library that can do without one block may not tell of it.
            if (plans.size() == 2) {
                QVERIFY(plans[1].has(MemoryStep::two_passes));
                ++again;
            }
            // The same runner goes on as ever.
            QCOMPARE(pixels(runner->run(request, Progress{})), pixels(whole));
        }
        QVERIFY2(again > kPlaces * 9 / 10, qPrintable(QString::number(again)));
    }

    // Where memory stays away it is told with what to do, and the next job runs.
    void refusedForGoodIsTold() {
        const GenerationRequest request = tiny();
        RefusingMemory& memory = RefusingMemory::instance();
        memory.refuse_nothing();
        const auto runner = make_torch_runner();
        const Result whole = runner->run(request, Progress{});
        const std::int64_t again = [&] { // without loading
            memory.refuse_nothing();
            (void)runner->run(request, Progress{});
            return memory.asked();
        }();
        constexpr int kPlaces = 8;
        for (int place = 0; place < kPlaces; ++place) {
            memory.refuse(1 + again * place / kPlaces, std::int64_t{1} << 40);
            try {
                (void)runner->run(request, Progress{});
                QFAIL("a picture was made without memory");
            } catch (const Error& error) {
                memory.refuse_nothing();
                QCOMPARE(error.code, ErrorCode::out_of_memory);
                QVERIFY(QString(error.what()).contains("memory ran out"));
                QVERIFY(QString(error.what()).contains("GB"));
                QVERIFY(!QString(error.what()).contains("frame"));
            }
            QCOMPARE(pixels(runner->run(request, Progress{})), pixels(whole));
        }
    }

    void preparingAndMeasuringSurviveIt() {
        const GenerationRequest request = tiny();
        const auto runner = make_torch_runner();
        RefusingMemory& memory = RefusingMemory::instance();
        memory.refuse(50, std::int64_t{1} << 40);
        QVERIFY_THROWS_EXCEPTION(Error, runner->prepare(request, Progress{}));
        memory.refuse_nothing();
        runner->prepare(request, Progress{});
        const Result made = runner->run(request, Progress{});
        memory.refuse(1, 1);
        const Result measured =
            runner->measure({.request = request, .images = {made.images.at(0).image}}, Progress{});
        QCOMPARE(measured.measurements.size(), std::size_t{1});
    }

    // No plan is seen in a picture beyond rounding.
    void everyPlanMakesThePicture_data() {
        QTest::addColumn<QString>("model");
        QTest::addColumn<int>("references");
        QTest::newRow("SD") << "tiny_sd" << 0;
        QTest::newRow("SD, two references") << "tiny_sd" << 2;
        QTest::newRow("SDXL, a reference") << "tiny_sdxl" << 1;
    }

    void everyPlanMakesThePicture() {
        QFETCH(QString, model);
        QFETCH(int, references);
        for (const char* dtype : {"float32", "bfloat16"}) {
            GenerationRequest request = tiny(qPrintable(model), references);
            request.dtype = dtype;
            request.width = 256; // so that there is something to spare
            request.height = 256;
            request.num_images = 1;
            MemoryPlan plan;
            const Progress progress({}, {}, {},
                                    [&](const Planned& planned) { plan = planned.plan; });
            const auto make = [&](MemoryChoice choice) {
                return make_torch_runner({.memory = choice})->run(request, progress);
            };
            const Result kept = make(MemoryChoice::keep);
            QCOMPARE(pixels(make(MemoryChoice::automatic)), pixels(kept));
            const int far = difference(make(MemoryChoice::low), kept);
            QVERIFY(plan.has(MemoryStep::two_passes) && plan.has(MemoryStep::tiled_decode));
            QVERIFY2(far <= (request.dtype == "float32" ? 1 : 4),
                     qPrintable(QString("%1: %2").arg(dtype).arg(far)));
        }
    }
};

QTEST_APPLESS_MAIN(TestOutOfMemory)
#include "test_out_of_memory.moc"
