#include "core/base/error.h"
#include "core/training/checkpoint_files.h"
#include "tests/support/error_of.h"
#include "tests/support/file_limit.h"
#include "tests/support/temp_folder.h"

#include <ATen/ops/full.h>

#include <QTest>

#include <fstream>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kValues = 1000;

// Two places of checkpoints whose values are their step.
struct Run {
    void save(int step) {
        files.save({{"parameter/x", at::full({kValues}, step, at::kFloat)}},
                   {{"step", std::to_string(step)}, {"name", "toy"}});
    }

    std::string newest_step() {
        const auto file = files.newest();
        return file ? file->metadata().at("step") : "none";
    }

    std::vector<fs::path> places;
    CheckpointFiles files{places};
};

struct Folder : TempFolder {
    Run run() const { return {.places = {*this / "a", *this / "b"}}; }
};

std::string step_in(const fs::path& path) {
    return SafetensorsFile::open(path)->metadata().at("step");
}

void flip_a_bit(const fs::path& path, std::int64_t from_the_end) {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(-from_the_end, std::ios::end);
    const char before = static_cast<char>(file.get());
    file.seekp(-from_the_end, std::ios::end);
    file.put(static_cast<char>(before ^ 4));
}

} // namespace

class TestCheckpointFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void twoAreWrittenInTurn() {
        const Folder folder;
        Run run = folder.run();
        QCOMPARE(run.newest_step(), "none");
        for (const int step : {9, 10, 11}) {
            run.save(step);
        }
        QCOMPARE(step_in(run.places[0]), "11");
        QCOMPARE(step_in(run.places[1]), "10");
        QCOMPARE(folder.count(), std::size_t{2});
        // Another program goes on over the older one.
        Run next = folder.run();
        QCOMPARE(next.newest_step(), "11");
        next.save(12);
        QCOMPARE(step_in(run.places[0]), "11");
        QCOMPARE(step_in(run.places[1]), "12");
        QVERIFY(next.files.notices().empty());
    }

    void aDamagedOneIsPassedOver_data() {
        QTest::addColumn<int>("kind");
        QTest::newRow("a bit of a value") << 0;
        QTest::newRow("torn") << 1;
        QTest::newRow("empty") << 2;
        QTest::newRow("another kind of file") << 3;
        QTest::newRow("a digit of the step") << 4;
    }

    void aDamagedOneIsPassedOver() {
        QFETCH(int, kind);
        const Folder folder;
        Run run = folder.run();
        run.save(12);
        run.save(13);
        const fs::path newest = run.places[1];
        switch (kind) {
        case 0:
            flip_a_bit(newest, 2002);
            break;
        case 1:
            fs::resize_file(newest, 2000);
            break;
        case 2:
            fs::resize_file(newest, 0);
            break;
        case 3:
            std::ofstream(newest) << "{\"no\": \"checkpoint\"}";
            break;
        default: {
            std::ifstream file(newest, std::ios::binary);
            std::string text{std::istreambuf_iterator<char>(file), {}};
            text.replace(text.find("\"13\""), 4, "\"93\"");
            std::ofstream(newest, std::ios::binary) << text;
        }
        }
        Run next = folder.run();
        const auto file = next.files.newest();
        QVERIFY(file);
        QCOMPARE(file->metadata().at("step"), "12");
        QCOMPARE(file->take("parameter/x")[7].item<double>(), 12.0);
        QCOMPARE(next.files.notices().size(), std::size_t{1});
        QVERIFY(next.files.notices().front().text().find("12 steps") != std::string::npos);
        // The damaged one goes first.
        next.save(14);
        QCOMPARE(step_in(run.places[0]), "12");
        QCOMPARE(step_in(run.places[1]), "14");
    }

    void withoutAWholeOneThereIsNoWayOn() {
        const Folder folder;
        Run run = folder.run();
        run.save(1);
        run.save(2);
        flip_a_bit(run.places[0], 9);
        flip_a_bit(run.places[1], 9);
        QCOMPARE(code_of([&] { folder.run().files.newest(); }), "file_damaged");
    }

    void whatCannotBeWrittenLeavesTheOthers() {
        const Folder folder;
        Run run = folder.run();
        run.save(1);
        run.save(2);
        {
            const FileLimit limit(500);
            QCOMPARE(code_of([&] { run.save(3); }), "write_failed");
        }
        QCOMPARE(step_in(run.places[0]), "1");
        QCOMPARE(step_in(run.places[1]), "2");
        QCOMPARE(folder.count(), std::size_t{2});
        run.save(4);
        QCOMPARE(step_in(run.places[0]), "4");
    }

    void roomIsForeseen() {
        const Folder folder;
        const Run run = folder.run();
        run.files.check_room(1000, 1000);
        const auto error =
            error_of([&] { run.files.check_room(std::uint64_t{500'000'000'000'000}, 0); });
        QVERIFY(error && error->code == ErrorCode::write_failed);
        for (const char* part : {"500 TB", "1.0 PB"}) {
            QVERIFY2(std::string(error->what()).find(part) != std::string::npos, error->what());
        }
    }
};

QTEST_APPLESS_MAIN(TestCheckpointFiles)
#include "test_checkpoint_files.moc"
