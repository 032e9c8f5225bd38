#include "tests/support/temp_folder.h"
#include "ui/model/training_paces.h"

#include <QSignalSpy>
#include <QTest>

#include <fstream>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

constexpr TrainingPace kPace{.seconds_per_step = 0.5, .seconds_around = 12};

// A model of two files, and where paces are kept.
struct Place {
    Place() {
        fs::create_directories(model / "unet");
        std::ofstream(model / "model_index.json") << "{}";
        std::ofstream(model / "unet" / "weights.safetensors") << "first";
    }

    PaceSubject subject(const std::string& method = "lora") const {
        return {.model = model.string(), .method = method, .threads = 2};
    }

    // As the next start knows it.
    std::optional<TrainingPace> next(const PaceSubject& subject) const {
        TrainingPaces paces(file);
        QSignalSpy changed(&paces, &TrainingPaces::changed);
        if (!paces.of(subject) && changed.isEmpty()) {
            changed.wait();
        }
        return paces.of(subject);
    }

    void learn(const PaceSubject& subject) const {
        TrainingPaces paces(file);
        QSignalSpy changed(&paces, &TrainingPaces::changed);
        paces.learn(subject, kPace);
        QVERIFY(!changed.isEmpty() || changed.wait());
        QCOMPARE(paces.of(subject), std::optional(kPace));
    } // waits for what is being written

    TempFolder folder;
    fs::path model = folder / "model";
    fs::path file = folder / "state" / "paces.json";
};

} // namespace

// What was measured is there at the next start.
class TestTrainingPaces : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void theNextStartKnowsThem() {
        const Place place;
        QCOMPARE(place.next(place.subject()), std::nullopt);
        place.learn(place.subject());
        QCOMPARE(place.next(place.subject()), std::optional(kPace));
    }

    void anythingElseIsNotMeasured() {
        const Place place;
        place.learn(place.subject());
        PaceSubject other = place.subject("dreambooth");
        QCOMPARE(place.next(other), std::nullopt);
        other = place.subject();
        other.size = "512";
        QCOMPARE(place.next(other), std::nullopt);
        other = place.subject();
        other.device = "cuda";
        QCOMPARE(place.next(other), std::nullopt);
        other = place.subject();
        other.threads = 1;
        QCOMPARE(place.next(other), std::nullopt);
    }

    void anotherModelInItsPlaceIsNotMeasured() {
        const Place place;
        place.learn(place.subject());
        std::ofstream(place.model / "unet" / "weights.safetensors") << "others";
        QCOMPARE(place.next(place.subject()), std::nullopt);
    }

    void aDamagedFileCountsAsEmpty_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{\"version\": 1, \"paces\": [");
        QTest::newRow("another version") << QByteArray(R"({"version": 2, "paces": []})");
        QTest::newRow("no rows") << QByteArray(R"({"version": 1, "paces": 3})");
        QTest::newRow("not a number")
            << QByteArray(R"({"version": 1, "paces": [{"model": "a", "method": "lora",
                              "size": "", "device": "", "threads": 2, "seconds_per_step": "x",
                              "seconds_around": 0}]})");
    }

    void aDamagedFileCountsAsEmpty() {
        QFETCH(QByteArray, text);
        const Place place;
        fs::create_directories(place.file.parent_path());
        std::ofstream(place.file) << text.toStdString();
        QCOMPARE(place.next(place.subject()), std::nullopt);
        place.learn(place.subject());
        QCOMPARE(place.next(place.subject()), std::optional(kPace));
    }
};

QTEST_GUILESS_MAIN(TestTrainingPaces)
#include "test_training_paces.moc"
