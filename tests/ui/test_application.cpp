#include "app/application.h"
#include "tests/ui/fake_runner.h"
#include "ui/main_window.h"

#include <QApplication>
#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace likeness;

// Start and stop of the studio, its settings and its command line's screenshot.
class TestApplication : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theWindowIsThereBeforeTheModel();
    void aScreenshotIsTakenOfTheFirstPicture();
    void settingsAreRemembered();
    void theFirstStartNeedsNoSetting();
    void closingWhileRunningStops();

private:
    SessionParts parts() {
        return {.make_runner = [script = script_] { return std::make_unique<FakeRunner>(script); }};
    }

    std::shared_ptr<FakeScript> script_ = std::make_shared<FakeScript>();
    QTemporaryDir folder_;
};

void TestApplication::initTestCase() {
    qputenv("LIKENESS_RESOURCES", folder_.path().toUtf8());
    QVERIFY(QDir(folder_.path()).mkpath("starter/samples"));
}

void TestApplication::theWindowIsThereBeforeTheModel() {
    script_->load_milliseconds = 100;
    QSettings store(folder_.filePath("a.ini"), QSettings::IniFormat);
    Application studio(*qApp, {}, parts(), store);
    studio.start();
    QVERIFY(studio.window().isVisible());
    QVERIFY(studio.session().goodModel().isEmpty());
    QTRY_COMPARE(studio.session().goodModel(), QString("starter"));
    script_->load_milliseconds = 0;
}

void TestApplication::aScreenshotIsTakenOfTheFirstPicture() {
    const QString file = folder_.filePath("window.png");
    QSettings store(folder_.filePath("b.ini"), QSettings::IniFormat);
    Application studio(*qApp, {.screenshot = file, .size = {1000, 700}, .generate_at_start = true},
                       parts(), store);
    studio.start();
    QTRY_VERIFY(QFile::exists(file));
    QCOMPARE(QImage(file).size() / studio.window().devicePixelRatioF(), QSize(1000, 700));
    QCOMPARE(studio.session().library().rowCount(), 1);
}

void TestApplication::settingsAreRemembered() {
    QSettings store(folder_.filePath("c.ini"), QSettings::IniFormat);
    {
        Application studio(*qApp, {}, parts(), store);
        studio.start();
        studio.session().setLive(true);
        Q_EMIT studio.window().themeRequested(ThemeKind::light);
        QCOMPARE(currentTheme(), makeTheme(ThemeKind::light));
        QTRY_COMPARE(studio.session().goodModel(), QString("starter"));
        studio.session().openModel("/models/own");
        QTRY_COMPARE(studio.session().goodModel(), QString("/models/own"));
    }
    const Settings kept = loadSettings(store);
    QCOMPARE(kept.preferences.theme, Preferences::Theme::light);
    QVERIFY(kept.live);
    QVERIFY(kept.models.contains("/models/own"));
    Application again(*qApp, {}, parts(), store);
    QCOMPARE(currentTheme(), makeTheme(ThemeKind::light));
    QVERIFY(again.session().isLive());
}

void TestApplication::theFirstStartNeedsNoSetting() {
    const Example bare = firstStart(folder_.path().toStdString());
    QCOMPARE(bare.request.model, std::string("starter"));
    QVERIFY(!bare.request.prompt.empty());
    QVERIFY(bare.cards.empty()); // no sample lies in this folder
    // The installation's own resources hold every sample the first request names.
    const std::filesystem::path resources =
        std::filesystem::path(LIKENESS_SOURCE_DIR) / "resources";
    const Example first = firstStart(resources);
    QCOMPARE(first.cards.size(), 3U);
    std::set<QString> subjects;
    for (const ReferenceCard& card : first.cards) {
        QVERIFY(card.role.has_value());
        subjects.insert(card.name.section(' ', 0, 0));
    }
    QCOMPARE(subjects.size(), 3U);
    // What the words name is among what acts.
    QVERIFY(std::ranges::any_of(first.cards, [&first](const ReferenceCard& card) {
        return !card.muted &&
               QString::fromStdString(first.request.prompt).contains(card.name.section(' ', 0, 0));
    }));
}

void TestApplication::closingWhileRunningStops() {
    script_->step_milliseconds = 20;
    QSettings store(folder_.filePath("d.ini"), QSettings::IniFormat);
    QElapsedTimer clock;
    {
        Application studio(*qApp, {}, parts(), store);
        studio.start();
        studio.window().generate();
        const int steps = script_->steps;
        QTRY_VERIFY(script_->steps > steps);
        clock.start();
    }
    QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
    script_->step_milliseconds = 0;
}

QTEST_MAIN(TestApplication)
#include "test_application.moc"
