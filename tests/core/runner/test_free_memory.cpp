#include "core/runner/memory.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <fstream>
#include <vector>

#include <sys/resource.h>

using namespace likeness;
using namespace likeness::test;

namespace {

void put(const std::filesystem::path& file, const std::string& text) {
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
}

// A machine with 1000 kB left and 500 kB of swap.
std::filesystem::path machine(const TempFolder& folder, const std::string& groups) {
    const auto root = folder / "root";
    put(root / "proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:    1000 kB\nSwapFree: 500 kB\n");
    put(root / "proc/self/cgroup", groups);
    return root;
}

} // namespace

class TestFreeMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void theMachines() {
        const TempFolder folder;
        const auto root = machine(folder, "");
        QCOMPARE(free_memory_bytes(Swap::left_out, root).value_or(1), std::uint64_t{1000 * 1024});
        QCOMPARE(free_memory_bytes(Swap::counted, root).value_or(1), std::uint64_t{1500 * 1024});
    }

    // The second kind: the group above allows less, but for what the system takes back.
    void groupsOfTheSecondKind() {
        const TempFolder folder;
        const auto root = machine(folder, "0::/box/inner\n");
        const auto mount = root / "sys/fs/cgroup";
        put(mount / "box/inner/memory.max", "max\n");
        put(mount / "box/inner/memory.current", "100\n");
        QCOMPARE(free_memory_bytes(Swap::left_out, root).value_or(1), std::uint64_t{1000 * 1024});
        put(mount / "box/memory.max", "500000\n");
        put(mount / "box/memory.current", "300000\n");
        QCOMPARE(free_memory_bytes(Swap::left_out, root).value_or(1), std::uint64_t{200000});
        put(mount / "box/memory.stat", "anon 5\ninactive_file 100000\n");
        QCOMPARE(free_memory_bytes(Swap::left_out, root).value_or(1), std::uint64_t{300000});
        put(mount / "box/memory.current", "900000\n"); // over its limit
        QCOMPARE(free_memory_bytes(Swap::left_out, root).value_or(1), std::uint64_t{0});
    }

    void groupsOfTheFirstKind() {
        const TempFolder folder;
        const auto root = machine(folder, "5:devices:/\n4:cpu,memory:/box\n0::/\n");
        const auto group = root / "sys/fs/cgroup/memory/box";
        put(group / "memory.limit_in_bytes", "400000\n");
        put(group / "memory.usage_in_bytes", "150000\n");
        put(group / "memory.stat", "total_inactive_file 50000\n");
        QCOMPARE(free_memory_bytes(Swap::left_out, root).value_or(1), std::uint64_t{300000});
        // No limit is a very large one.
        put(group / "memory.limit_in_bytes", "9223372036854771712\n");
        QCOMPARE(free_memory_bytes(Swap::left_out, root).value_or(1), std::uint64_t{1000 * 1024});
    }

    void nothingIsKnown() {
        const TempFolder folder;
        QVERIFY(!free_memory_bytes(Swap::left_out, folder / "nowhere"));
    }

    void theAddressSpace() {
        rlimit before{};
        QCOMPARE(getrlimit(RLIMIT_AS, &before), 0);
        QVERIFY(free_memory_bytes().value_or(0) > 0);
        rlimit narrow = before;
        narrow.rlim_cur = 4096; // less than is in use already
        QCOMPARE(setrlimit(RLIMIT_AS, &narrow), 0);
        const auto left = free_memory_bytes();
        QCOMPARE(setrlimit(RLIMIT_AS, &before), 0);
        QCOMPARE(left.value_or(1), std::uint64_t{0});
    }

    void aForgottenPeakIsCountedAnew() {
        constexpr std::size_t kMuch = 200'000'000;
        {
            const std::vector<char> much(kMuch, 1);
            QVERIFY(peak_memory_bytes() > kMuch);
        }
        forget_peak_memory();
        QVERIFY(peak_memory_bytes() < kMuch);
        const std::vector<char> again(kMuch, 1);
        QVERIFY(peak_memory_bytes() > kMuch);
    }
};

QTEST_APPLESS_MAIN(TestFreeMemory)
#include "test_free_memory.moc"
