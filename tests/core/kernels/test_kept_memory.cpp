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
        const Tensor smaller = bytes(8 * kMega - 5000); // what would be left is too little to keep
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
        QCOMPARE(kept_memory_bytes(), std::uint64_t(64 * kMega));
        bytes(200 * kMega); // larger than the limit
        QVERIFY(kept_memory_bytes() <= std::uint64_t(64 * kMega));
        keep_freed_memory(5 * kMega);
        QVERIFY(kept_memory_bytes() <= std::uint64_t(5 * kMega));
    }

    // What is kept makes room for what is used: together they stay under what they may have.
    void keptMakesRoomForUsed() {
        std::vector<Tensor> all;
        for (const int64_t size : {30, 2, 20, 2}) { // those that live keep the free ones apart
            all.push_back(bytes(size * kMega));
        }
        all[0] = Tensor();
        all[2] = Tensor();
        QCOMPARE(kept_memory_bytes(), std::uint64_t(50 * kMega));
        const Tensor other = bytes(40 * kMega); // fits into neither
        QVERIFY(kept_memory_bytes() <= std::uint64_t(24 * kMega));
    }

    // Three small ones come out of a large one, each written to its ends, and make it whole again.
    void partsOfALargeOneServeSmallerOnes() {
        const void* at = nullptr;
        {
            const Tensor large = bytes(24 * kMega);
            at = large.const_data_ptr();
        }
        {
            const Tensor first = at::full({2 * kMega}, 1.0F), second = at::full({2 * kMega}, 2.0F);
            QCOMPARE(first.const_data_ptr(), at);
            QCOMPARE(kept_memory_bytes(), std::uint64_t(8 * kMega));
            std::optional<Tensor> third = bytes(8 * kMega);
            QCOMPARE(kept_memory_bytes(), std::uint64_t{0});
            QCOMPARE(first.sum().item<float>(), 2.0F * kMega);
            QCOMPARE(second.sum().item<float>(), 4.0F * kMega);
            third.reset();
            QCOMPARE(kept_memory_bytes(), std::uint64_t(8 * kMega));
        }
        const Tensor again = bytes(24 * kMega);
        QCOMPARE(again.const_data_ptr(), at);
    }

    void theClosestInSizeIsTaken() {
        // Tensors that live lie between the free ones and keep them apart.
        std::vector<Tensor> all;
        for (const int64_t size : {20, 2, 18, 2, 6}) {
            all.push_back(bytes(size * kMega));
        }
        const void* const wanted = all[2].const_data_ptr();
        for (const std::size_t i : {0, 2, 4}) {
            all[i] = Tensor();
        }
        const Tensor other = bytes(17 * kMega + kMega / 2);
        QCOMPARE(other.const_data_ptr(), wanted);
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
