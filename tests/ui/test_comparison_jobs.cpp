#include "core/imageio/load.h"
#include "tests/ui/studio_fixture.h"
#include "ui/panels/queue_panel.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/plain_label.h"
#include "ui/workspace_tabs.h"

#include <QListView>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSet>

using namespace likeness;

namespace {

std::shared_ptr<FakeScript> slow(int milliseconds) {
    auto script = std::make_shared<FakeScript>();
    script->step_milliseconds = milliseconds;
    return script;
}

// A studio whose queue and library lie in a folder that outlives it.
struct KeptStudio : StudioFixture {
    KeptStudio(const QTemporaryDir& place, std::shared_ptr<FakeScript> with)
        : StudioFixture(keptParts(place, with)) {
        script = std::move(with);
        session.request().edit([](GenerationRequest& request) {
            request.num_inference_steps = 4;
            request.width = request.height = 64;
            request.prompt = "a mug";
        });
    }

    static SessionParts keptParts(const QTemporaryDir& place,
                                  const std::shared_ptr<FakeScript>& script) {
        SessionParts parts = fakeParts(script);
        parts.queue_file = place.filePath("queue.sqlite");
        parts.library_folder = place.filePath("library");
        return parts;
    }

    void addMug() {
        drop({picture("mug.png", Qt::red)}, onReferences());
        [this] { QTRY_COMPARE(session.references().references().size(), 1U); }();
    }

    void ladder() { QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier); }

    void ask(const QString& prompt) {
        find<QPlainTextEdit>("prompt")->setPlainText(prompt);
        window.generate();
    }

    ComparisonModel& model() { return session.comparison(); }

    PictureQueue& queue() { return session.queue(); }

    QString title(int row) { return queue().index(row).data().toString(); }

    QString caption(int row) {
        return queue().index(row).data(PictureQueue::CaptionRole).toString();
    }

    ComparisonCell::State state(int index) { return model().cell(index)->state; }
};

std::vector<QueuedJob> jobsIn(const QTemporaryDir& folder) {
    return JobQueue(folder.filePath("queue.sqlite").toStdU16String()).jobs();
}

// Both strengths of a ladder of the mug, by hand: a reference whose file stays.
ComparisonSpec ladderOf(const QString& path) {
    QImage mug(40, 40, QImage::Format_RGB888);
    mug.fill(Qt::red);
    mug.save(path);
    GenerationRequest base;
    base.seed = 7;
    base.num_inference_steps = 4;
    base.width = base.height = 64;
    base.references = {
        {.image = std::make_shared<const Image>(fromQImage(mug)), .path = path.toStdString()}};
    return {.base = base,
            .axes = {{.field = ComparisonField::master_scale,
                      .values = ladder_axis_values(ComparisonField::master_scale, 0, 1.2, 0.2)}}};
}

} // namespace

// Comparisons as jobs of the queue.
class TestComparisonJobs : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        init_imageio();
        applyTheme(*qApp, ThemeKind::dark);
    }

    void aLadderIsOneRowUntilItIsMade();
    void itWaitsBehindWhatRuns();
    void stopIsShownAtOnceAndGoOnMakesTheRest();
    void escInGenerateStopsThePictureAlone();
    void pauseLetsThePaneAtWorkComeToItsEnd();
    void aPictureAskedForComesBetweenTwoPanes();
    void rowsAreMovedInFrontOfIt();
    void aRemakeComesBetweenTwoPanes();
    void itGoesOnAfterARestart();
    void oneThatIsDoneComesBackAfterARestart();
    void aFailedPaneIsTriedAgainAlone();
    void aRemovedOneLeavesItsPicturesOnly();
    void aPictureThatIsGoneIsMissing();
    void killsCostNoPaneThatWasShown();
    void aSheetOverModelsLoadsEachOnce();
};

void TestComparisonJobs::aLadderIsOneRowUntilItIsMade() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, slow(20));
    studio.addMug();
    studio.ladder();
    QCOMPARE(studio.queue().rowCount(), 1);
    QCOMPARE(studio.title(0), QString("Ladder, 7 rungs"));
    QCOMPARE(studio.caption(0), QString("0 of 7"));
    QVERIFY(studio.find<QueuePanel>("compare_queue_panel")->isVisible());
    QTRY_VERIFY(studio.caption(0).startsWith("2 of 7, ")); // and how long the rest takes
    QVERIFY(!studio.find<PlainLabel>("comparison_cost")->text().isEmpty());
    // What is shown as finished is on the disk, and carries what it came from.
    QTRY_VERIFY(studio.state(0) == ComparisonCell::State::done);
    const auto json = read_embedded_request(studio.model().cell(0)->path.toStdU16String());
    QVERIFY(json && json->find("\"seed\"") != std::string::npos);
    studio.script->step_milliseconds = 0;
    QTRY_VERIFY(studio.model().isComplete());
    QTRY_COMPARE(studio.queue().rowCount(), 0);
    QVERIFY(studio.find<QueuePanel>("compare_queue_panel")->isHidden());
    QVERIFY(!studio.session.shown()); // Generate's canvas is left alone
    ComparisonSpec sheet = studio.model().spec();
    sheet.axes.push_back({.field = ComparisonField::seed,
                          .values = {std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}}});
    studio.queue().setPaused(true);
    studio.session.compare(sheet);
    QCOMPARE(studio.title(0), QString("Sheet 7 x 3"));
    QVERIFY(studio.find<PlainLabel>("comparison_cost")->text().startsWith("Paused"));
}

void TestComparisonJobs::itWaitsBehindWhatRuns() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, slow(20));
    studio.addMug();
    studio.ask("one");
    studio.ask("two");
    studio.ladder();
    QCOMPARE(studio.queue().rowCount(), 2);
    QCOMPARE(studio.title(0), QString("two"));
    QCOMPARE(studio.title(1), QString("Ladder, 7 rungs"));
    QVERIFY(studio.model().isWaiting());
    studio.script->step_milliseconds = 0;
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(studio.session.library().rowCount(), 9);
    QCOMPARE(studio.session.library().at(7)->request.prompt, std::string("two"));
}

void TestComparisonJobs::stopIsShownAtOnceAndGoOnMakesTheRest() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, slow(60));
    studio.addMug();
    studio.ladder();
    QTRY_VERIFY(studio.model().doneCount() == 2 && studio.model().running() == 2);
    QTest::keyClick(&studio.window, Qt::Key_Escape);
    const int steps = studio.script->steps;
    QVERIFY(studio.model().isStopping());
    QVERIFY(studio.find<PlainLabel>("comparison_cost")->text().startsWith("Stopping"));
    QTRY_VERIFY(!studio.model().isStopping());
    QVERIFY2(studio.script->steps <= steps + 1, "it is done within a step");
    QVERIFY(studio.state(2) == ComparisonCell::State::waiting);
    QCOMPARE(studio.queue().rowCount(), 1);
    QVERIFY(studio.queue().index(0).data(PictureQueue::StoppedRole).toBool());
    studio.script->step_milliseconds = 0;
    auto* list = studio.find<QListView>("compare_queue");
    list->setCurrentIndex(studio.queue().index(0));
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(studio.session.library().rowCount(), 7); // the two were not made again
}

void TestComparisonJobs::escInGenerateStopsThePictureAlone() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, slow(30));
    studio.addMug();
    studio.ladder();
    studio.find<WorkspaceTabs>("workspaces")->setCurrent(0);
    QTRY_COMPARE(studio.model().running(), 1);
    studio.ask("not wanted");
    QTRY_VERIFY(studio.session.run().isBusy());
    QTest::keyClick(&studio.window, Qt::Key_Escape);
    QVERIFY(!studio.session.run().isBusy());
    QVERIFY(studio.model().isRunning());
    studio.script->step_milliseconds = 0;
    QTRY_VERIFY(studio.model().isComplete());
    QVERIFY(!studio.session.shown());
}

void TestComparisonJobs::pauseLetsThePaneAtWorkComeToItsEnd() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, slow(20));
    studio.addMug();
    studio.ladder();
    QTRY_COMPARE(studio.model().running(), 1);
    QTest::mouseClick(studio.find<IconButton>("pause_compare_queue"), Qt::LeftButton);
    QTRY_COMPARE(studio.model().doneCount(), 2);
    QTest::qWait(60);
    QCOMPARE(studio.model().running(), -1);
    QCOMPARE(studio.script->runs.load(), 2);
    studio.script->step_milliseconds = 0;
    QTest::mouseClick(studio.find<IconButton>("pause_compare_queue"), Qt::LeftButton);
    QTRY_VERIFY(studio.model().isComplete());
}

void TestComparisonJobs::aPictureAskedForComesBetweenTwoPanes() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, slow(30));
    studio.addMug();
    studio.ladder();
    QTRY_COMPARE(studio.model().running(), 2);
    studio.ask("at once");
    studio.ask("after that");
    QCOMPARE(studio.title(0), QString("at once"));
    QCOMPARE(studio.title(1), QString("after that"));
    QCOMPARE(studio.title(2), QString("Ladder, 7 rungs"));
    QTRY_VERIFY(studio.session.shown() && studio.session.shown()->request.prompt == "at once");
    QVERIFY(studio.model().doneCount() < 7);
    QTRY_VERIFY(studio.session.shown()->request.prompt == "after that");
    QVERIFY(studio.model().doneCount() < 7);
    studio.script->step_milliseconds = 0;
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(studio.session.shown()->request.prompt, std::string("after that"));
}

void TestComparisonJobs::rowsAreMovedInFrontOfIt() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, slow(30));
    studio.addMug();
    studio.ladder();
    QTRY_COMPARE(studio.model().running(), 1);
    studio.session.compare({.base = studio.session.currentRequest(),
                            .axes = {{.field = ComparisonField::seed,
                                      .values = {std::uint64_t{1}, std::uint64_t{2}}}}});
    QCOMPARE(studio.title(1), QString("Ladder, 2 rungs"));
    QVERIFY(studio.queue().moveRow({}, 1, {}, 0));
    QTRY_VERIFY(studio.model().isComplete()); // the one that was asked for last
    QCOMPARE(studio.title(0), QString("Ladder, 7 rungs"));
    QVERIFY(studio.queue().rows()[0].doneCount() < 7);
    QTRY_COMPARE(studio.queue().rowCount(), 0);
}

void TestComparisonJobs::aRemakeComesBetweenTwoPanes() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, slow(20));
    studio.addMug();
    studio.ask("a mug");
    QTRY_VERIFY(studio.session.shown().has_value());
    studio.ladder();
    QTRY_COMPARE(studio.model().running(), 1);
    const quint64 card = studio.session.references().cards().front().id;
    studio.session.references().setScale(card, 0.9);
    QTRY_COMPARE(studio.session.shown()->request.references[0].ip_adapter_scale, 0.9);
    QVERIFY(studio.model().doneCount() < 7);
    QVERIFY(studio.model().isRunning());
    studio.script->step_milliseconds = 0;
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(studio.session.library().rowCount(), 9);
}

void TestComparisonJobs::itGoesOnAfterARestart() {
    const QTemporaryDir folder;
    const ComparisonSpec spec = ladderOf(folder.filePath("mug.png"));
    QStringList files;
    Image second;
    {
        KeptStudio studio(folder, slow(30));
        studio.session.compare(spec);
        QTRY_COMPARE(studio.model().doneCount(), 1);
        QVERIFY(studio.model().insertAfter(1)); // a rung of 0.3
        QTRY_COMPARE(studio.model().doneCount(), 3);
        files << studio.model().cell(0)->path << studio.model().cell(2)->path;
        second = *studio.model().cell(1)->result.image;
    } // the program ends while a pane is at work
    auto script = slow(0);
    KeptStudio studio(folder, script);
    QTRY_COMPARE(studio.model().cells().size(), 8U);
    QCOMPARE(studio.model().cell(2)->caption, QString("0.3"));
    QTRY_VERIFY(studio.model().isComplete());
    QVERIFY2(script->runs <= 5, qPrintable(QString::number(script->runs)));
    QCOMPARE(studio.model().cell(0)->path, files[0]);
    QCOMPARE(studio.model().cell(2)->path, files[1]);
    QVERIFY(studio.model().cell(1)->result.image->bytes == second.bytes);
    for (int i = 0; i < 8; ++i) {
        const GenerationRequest& made = studio.model().cell(i)->result.request;
        QCOMPARE(QString::number(made.master_scale), studio.model().cell(i)->caption);
        QCOMPARE(made.seed, 7U);
    }
    // What the panes share is whole again: it can be measured.
    studio.model().measure();
    QTRY_VERIFY(studio.model().cell(7)->measurement.has_value());
    QCOMPARE(studio.model().cell(0)->measurement->similarity.size(), 1U);
}

void TestComparisonJobs::oneThatIsDoneComesBackAfterARestart() {
    const QTemporaryDir folder;
    {
        KeptStudio studio(folder, slow(0));
        for (const double last : {1.2, 0.4}) {
            ComparisonSpec spec = ladderOf(folder.filePath("mug.png"));
            spec.axes[0].values = ladder_axis_values(ComparisonField::master_scale, 0, last, 0.2);
            studio.session.compare(spec);
            QTRY_VERIFY(studio.model().isComplete());
        }
        QTRY_COMPARE(studio.queue().rowCount(), 0);
    }
    auto script = slow(0);
    KeptStudio studio(folder, script);
    QTRY_COMPARE(studio.model().cells().size(), 3U); // the last one
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(studio.queue().rowCount(), 0);
    QCOMPARE(script->runs.load(), 0);
    QVERIFY(studio.model().insertAfter(0));
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(studio.model().cell(1)->result.request.master_scale, 0.1);
    QCOMPARE(script->runs.load(), 1);
    QTRY_COMPARE(jobsIn(folder).size(), std::size_t{1});
    QCOMPARE(jobsIn(folder)[0].comparison->panes.size(), std::size_t{4});
}

void TestComparisonJobs::aFailedPaneIsTriedAgainAlone() {
    const QTemporaryDir folder;
    {
        auto script = slow(0);
        script->fails_run = 3;
        KeptStudio studio(folder, script);
        studio.session.compare(ladderOf(folder.filePath("mug.png")));
        QTRY_COMPARE(studio.model().doneCount(), 6);
        QTRY_VERIFY(!studio.window.notices().notices().isEmpty());
        QTRY_COMPARE(studio.caption(0), QString("1 of 7 not made"));
        QTRY_VERIFY(jobsIn(folder)[0].state == QueuedJob::State::failed);
    }
    auto script = slow(0);
    KeptStudio studio(folder, script);
    QTRY_COMPARE(studio.queue().rowCount(), 1);
    QTRY_COMPARE(studio.model().doneCount(), 6);
    QVERIFY(studio.state(2) == ComparisonCell::State::failed);
    QVERIFY(studio.model().cell(2)->reason.contains("memory"));
    QCOMPARE(script->runs.load(), 0);
    studio.find<WorkspaceTabs>("workspaces")->setCurrent(1);
    auto* list = studio.find<QListView>("compare_queue");
    list->setCurrentIndex(studio.queue().index(0));
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(script->runs.load(), 1);
    QTRY_COMPARE(studio.queue().rowCount(), 0);
}

void TestComparisonJobs::aRemovedOneLeavesItsPicturesOnly() {
    const QTemporaryDir folder;
    int made = 0;
    {
        KeptStudio studio(folder, slow(30));
        studio.session.compare(ladderOf(folder.filePath("mug.png")));
        QTRY_VERIFY(studio.model().doneCount() == 2 && studio.model().running() == 2);
        studio.queue().remove(0);
        QVERIFY(studio.model().cells().empty());
        QCOMPARE(studio.queue().rowCount(), 0);
        studio.script->step_milliseconds = 0;
        studio.ask("goes on");
        QTRY_VERIFY(studio.session.shown().has_value());
        made = studio.session.library().rowCount();
        QVERIFY2(made >= 3 && made < 8, qPrintable(QString::number(made)));
        QTRY_VERIFY(jobsIn(folder).empty());
    }
    KeptStudio studio(folder, slow(0));
    QTRY_COMPARE(studio.session.library().rowCount(), made);
    QVERIFY(studio.model().cells().empty());
}

void TestComparisonJobs::aPictureThatIsGoneIsMissing() {
    const QTemporaryDir folder;
    QString gone;
    {
        KeptStudio studio(folder, slow(0));
        studio.session.compare(ladderOf(folder.filePath("mug.png")));
        QTRY_VERIFY(studio.model().isComplete());
        QTRY_COMPARE(studio.queue().rowCount(), 0);
        gone = studio.model().cell(4)->path;
    }
    QVERIFY(QFile::remove(gone));
    auto script = slow(0);
    KeptStudio studio(folder, script);
    QTRY_COMPARE(studio.model().doneCount(), 6);
    QTRY_VERIFY(studio.state(4) == ComparisonCell::State::waiting);
    QTest::qWait(50);
    QVERIFY(!studio.model().isRunning());
    QCOMPARE(script->runs.load(), 0); // what was done begins only by hand
    studio.find<WorkspaceTabs>("workspaces")->setCurrent(1);
    QTest::mouseClick(studio.find<TextButton>("resume_comparison"), Qt::LeftButton);
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(script->runs.load(), 1);
}

void TestComparisonJobs::killsCostNoPaneThatWasShown() {
    const QTemporaryDir folder;
    std::map<int, QString> shown;
    bool finished = false;
    for (int run = 0; run < 60 && !finished; ++run) {
        QProcess studio;
        QStringList arguments{folder.path()};
        if (run == 0) {
            arguments << "begin";
        }
        studio.start(QCoreApplication::applicationDirPath() + "/comparison-until-killed",
                     arguments);
        if (run < 12) {
            QVERIFY(studio.waitForReadyRead(20'000));
            QTest::qWait(run * 5 % 23);
            studio.kill();
        }
        QVERIFY(studio.waitForFinished(60'000));
        finished = studio.exitStatus() == QProcess::NormalExit;
        for (const QByteArray& line : studio.readAllStandardOutput().split('\n')) {
            const QList<QByteArray> words = line.split(' ');
            if (words.size() == 2) {
                const int pane = words[0].toInt();
                QVERIFY2(!shown.contains(pane), "a pane that was shown was made again");
                shown[pane] = QString::fromUtf8(words[1]);
            }
        }
    }
    QVERIFY(finished);
    KeptStudio studio(folder, slow(0));
    QTRY_COMPARE(studio.model().cells().size(), 40U);
    QTRY_VERIFY(studio.model().isComplete());
    for (const auto& [pane, file] : shown) {
        QVERIFY(studio.model().cell(pane)->path.endsWith(file));
    }
    for (int i = 0; i < 40; ++i) {
        QCOMPARE(studio.model().cell(i)->result.request.seed, static_cast<std::uint64_t>(i));
    }
}

void TestComparisonJobs::aSheetOverModelsLoadsEachOnce() {
    const QTemporaryDir folder;
    KeptStudio studio(folder, std::make_shared<FakeScript>());
    studio.ask("a mug"); // with the model that is open
    QTRY_VERIFY(studio.isIdle() && studio.queue().rowCount() == 0);
    const int loads = studio.script->loads;
    const std::vector<ComparisonValue> models{std::string("first"), std::string("starter"),
                                              std::string("third")};
    const std::vector<ComparisonValue> seeds{std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3}};
    studio.session.compare({.base = studio.session.currentRequest(),
                            .axes = {{.field = ComparisonField::model, .values = models},
                                     {.field = ComparisonField::seed, .values = seeds}}});
    QTRY_VERIFY(studio.model().isComplete());
    QCOMPARE(studio.script->loads - loads, 2); // "starter" was open
    for (int i = 0; i < 9; ++i) {              // each where it belongs
        const GenerationRequest& made = studio.model().cell(i)->result.request;
        QCOMPARE(made.model, std::get<std::string>(models[static_cast<std::size_t>(i % 3)]));
        QCOMPARE(made.seed, std::get<std::uint64_t>(seeds[static_cast<std::size_t>(i / 3)]));
    }
}

QTEST_MAIN(TestComparisonJobs)
#include "test_comparison_jobs.moc"
