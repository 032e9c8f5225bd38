#include "core/tensor/kept_memory.h"
#include "core/tensor/tensor.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include <QTest>

#include <cstdint>
#include <optional>

using namespace likeness;

namespace {

constexpr int64_t kMega = int64_t{1} << 20;

Tensor bytes(int64_t count) {
    return at::empty({count}, at::TensorOptions().dtype(at::kByte));
}

} // namespace

class TestKeptMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void init() {
#if defined(__SANITIZE_ADDRESS__)
        QSKIP("memory is the sanitizer's");
#endif
        release_kept_memory();
        keep_freed_memory(64 * kMega);
    }

    void freedBlocksComeAgain() {
        const void* at = nullptr;
        {
            const Tensor one = bytes(8 * kMega);
            at = one.const_data_ptr();
            QCOMPARE(reinterpret_cast<std::uintptr_t>(at) % 64, std::uintptr_t{0});
        }
        QCOMPARE(kept_memory_bytes(), std::uint64_t(8 * kMega));
        const Tensor smaller = bytes(7 * kMega); // by less than a quarter
        QCOMPARE(smaller.const_data_ptr(), at);
        QCOMPARE(kept_memory_bytes(), std::uint64_t{0});
    }

    void blocksInUseAreApart() {
        const Tensor ones = at::full({3 * kMega}, 1.0F), twos = at::full({3 * kMega}, 2.0F);
        QCOMPARE(ones.sum().item<float>(), 3.0F * kMega);
        QCOMPARE(twos.sum().item<float>(), 6.0F * kMega);
    }

    void neverMoreThanTheLimit() {
        {
            std::vector<Tensor> all;
            for (int i = 0; i < 12; ++i) {
                all.push_back(bytes(10 * kMega));
            }
        }
        QCOMPARE(kept_memory_bytes(), std::uint64_t(60 * kMega));
        bytes(200 * kMega); // larger than the limit
        QVERIFY(kept_memory_bytes() <= std::uint64_t(64 * kMega));
        keep_freed_memory(5 * kMega);
        QVERIFY(kept_memory_bytes() <= std::uint64_t(5 * kMega));
    }

    // What is kept makes room for what is used: together they stay under what they may have.
    void keptMakesRoomForUsed() {
        { const Tensor first = bytes(30 * kMega), second = bytes(20 * kMega); }
        QCOMPARE(kept_memory_bytes(), std::uint64_t(50 * kMega));
        const Tensor other = bytes(40 * kMega); // of a size of its own
        QVERIFY(kept_memory_bytes() <= std::uint64_t(24 * kMega));
    }

    void theClosestInSizeIsTaken() {
        {
            const Tensor first = bytes(20 * kMega), second = bytes(18 * kMega),
                         third = bytes(6 * kMega);
        }
        const Tensor other = bytes(17 * kMega);
        QCOMPARE(kept_memory_bytes(), std::uint64_t(26 * kMega));
        const Tensor small = bytes(2 * kMega); // far smaller than what is kept
        QCOMPARE(kept_memory_bytes(), std::uint64_t(26 * kMega));
    }

    void smallOnesAreNotKept() {
        bytes(1000);
        QCOMPARE(kept_memory_bytes(), std::uint64_t{0});
    }

    void releasedAltogether() {
        bytes(20 * kMega);
        release_kept_memory();
        QCOMPARE(kept_memory_bytes(), std::uint64_t{0});
    }

    void aTensorGrows() {
        Tensor grown = at::full({kMega}, 3.0F);
        grown.resize_({4 * kMega});
        QCOMPARE(grown.slice(0, 0, kMega).sum().item<float>(), 3.0F * kMega);
    }
};

QTEST_APPLESS_MAIN(TestKeptMemory)
#include "test_kept_memory.moc"
