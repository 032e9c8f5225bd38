#include "tests/ui/studio_fixture.h"
#include "ui/model/picture_queue.h"
#include "ui/panels/queue_panel.h"
#include "ui/widgets/buttons.h"

#include <QAction>
#include <QClipboard>
#include <QListView>
#include <QPlainTextEdit>
#include <QSignalSpy>

using namespace likeness;

namespace {

// Asks for a picture of these words, as a hand does.
void ask(StudioFixture& studio, const QString& prompt) {
    studio.find<QPlainTextEdit>("prompt")->setPlainText(prompt);
    studio.window.generate();
}

QStringList waiting(Session& session) {
    QStringList titles;
    for (int row = 0; row < session.queue().rowCount(); ++row) {
        titles << session.queue().index(row).data().toString();
    }
    return titles;
}

// The prompts of what was made, the first one first.
QStringList made(Session& session) {
    QStringList prompts;
    for (int row = session.library().rowCount() - 1; row >= 0; --row) {
        prompts << QString::fromStdString(session.library().at(row)->request.prompt);
    }
    return prompts;
}

// The jobs that the file holds. It is opened beside the program that keeps it, which may have it
// locked for a moment.
std::vector<QueuedJob> jobsIn(const QString& file) {
    constexpr int kTries = 500;
    for (int i = 1; i < kTries; ++i) {
        try {
            return JobQueue(file.toStdU16String()).jobs();
        } catch (const Error&) {
            QTest::qWait(10);
        }
    }
    return JobQueue(file.toStdU16String()).jobs();
}

std::shared_ptr<FakeScript> slow(int milliseconds) {
    auto script = std::make_shared<FakeScript>();
    script->step_milliseconds = milliseconds;
    return script;
}

} // namespace

// Pictures that wait their turn.
class TestQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void jobsAreMadeInTheirOrder();
    void rowsAreMovedAndRemovedByHand();
    void pauseLetsWhatRunsComeToItsEnd();
    void aFailedJobStopsNothingAndCanBeTriedAgain();
    void whatMemoryDoesNotHoldIsMadeSmaller();
    void aStrengthDoesNotTakeAwayWhatWaits();
    void theQueueOutlivesTheProgram();
    void closingIsNoKill();
    void aSecondWindowLeavesTheQueueAlone();
    void aPastedReferenceOutlivesTheProgram();
    void aBranchFindsItsReferencesAgain();
    void masksComeBackWithTheQueue();
    void aMaskThatIsMissedStopsNothingInThisSitting();
    void aJobStaysUntilItsPictureIsOnTheDisk();
    void aJobWhoseReferenceIsGoneIsTold();
    void estimatesComeFromWhatWasMade();
};

void TestQueue::jobsAreMadeInTheirOrder() {
    StudioFixture studio(slow(5));
    ask(studio, "one");
    ask(studio, "two");
    ask(studio, "three");
    QCOMPARE(waiting(studio.session), QStringList({"two", "three"}));
    QCOMPARE(studio.find<TextButton>("generate")->text(), QString("Add to queue"));
    QTRY_COMPARE(made(studio.session), QStringList({"one", "two", "three"}));
    QCOMPARE(studio.session.queue().rowCount(), 0);
    QVERIFY(studio.find<QueuePanel>("queue_panel")->isHidden());
}

void TestQueue::rowsAreMovedAndRemovedByHand() {
    StudioFixture studio(slow(20));
    for (const char* prompt : {"one", "two", "three", "four", "five"}) {
        ask(studio, prompt);
    }
    auto* list = studio.find<QListView>("queue");
    QVERIFY(list->isVisible());
    list->setCurrentIndex(studio.session.queue().index(0));
    QTest::keyClick(list, Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(waiting(studio.session), QStringList({"three", "two", "four", "five"}));
    QTest::keyClick(list, Qt::Key_Up, Qt::AltModifier);
    QCOMPARE(waiting(studio.session), QStringList({"two", "three", "four", "five"}));
    // What a drag from the last row to the first does.
    QVERIFY(studio.session.queue().moveRow({}, 3, {}, 0));
    QCOMPARE(waiting(studio.session), QStringList({"five", "two", "three", "four"}));
    // The cross at the row's end, then Delete.
    const QRect row = list->visualRect(studio.session.queue().index(1));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::NoModifier,
                      {row.right() - 8, row.center().y()});
    QCOMPARE(waiting(studio.session), QStringList({"five", "three", "four"}));
    list->setCurrentIndex(studio.session.queue().index(2));
    QTest::keyClick(list, Qt::Key_Delete);
    QCOMPARE(waiting(studio.session), QStringList({"five", "three"}));
    studio.script->step_milliseconds = 0;
    QTRY_COMPARE(made(studio.session), QStringList({"one", "five", "three"}));
}

void TestQueue::pauseLetsWhatRunsComeToItsEnd() {
    StudioFixture studio(slow(5));
    ask(studio, "one");
    ask(studio, "two");
    QTest::mouseClick(studio.find<IconButton>("pause_queue"), Qt::LeftButton);
    QVERIFY(studio.session.queue().isPaused());
    QTRY_COMPARE(made(studio.session), QStringList({"one"}));
    QTest::qWait(50);
    QCOMPARE(waiting(studio.session), QStringList({"two"}));
    QVERIFY(!studio.session.run().isBusy());
    studio.window.findChild<QAction*>("pause_queue_action")->trigger();
    QTRY_COMPARE(made(studio.session), QStringList({"one", "two"}));
}

void TestQueue::aFailedJobStopsNothingAndCanBeTriedAgain() {
    StudioFixture studio(slow(5));
    studio.script->fails_run = 2;
    ask(studio, "one");
    ask(studio, "two");
    ask(studio, "three");
    QTRY_VERIFY(made(studio.session).contains("three"));
    QCOMPARE(studio.session.queue().rowCount(), 1);
    QVERIFY(studio.session.queue().rows().front().failure.contains("memory"));
    auto* list = studio.find<QListView>("queue");
    list->setCurrentIndex(studio.session.queue().index(0));
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_VERIFY(made(studio.session).contains("two"));
    QCOMPARE(studio.session.queue().rowCount(), 0);
}

void TestQueue::whatMemoryDoesNotHoldIsMadeSmaller() {
    StudioFixture studio(slow(5));
    ask(studio, "one");
    studio.session.request().edit([](GenerationRequest& request) {
        request.width = 768;
        request.height = 512;
    });
    ask(studio, "two");
    const std::uint64_t seed = studio.session.queue().rows().front().request.seed;
    QTRY_COMPARE(made(studio.session), QStringList({"one"}));
    studio.script->fails_while_denoising = true;
    QTRY_VERIFY(!studio.session.queue().rows().empty() &&
                studio.session.queue().rows().front().too_large);
    studio.script->fails_while_denoising = false;
    auto* list = studio.find<QListView>("queue");
    list->setCurrentIndex(studio.session.queue().index(0));
    QTest::keyClick(list, Qt::Key_Return, Qt::ShiftModifier);
    QTRY_VERIFY(made(studio.session).contains("two"));
    QCOMPARE(studio.session.queue().rowCount(), 0);
    const GenerationRequest smaller = studio.session.shown()->request;
    QCOMPARE(smaller.width, 160); // 3 : 2 with about the model's 128 x 128 pixels
    QCOMPARE(smaller.height, 112);
    QCOMPARE(smaller.seed, seed);
    QCOMPARE(studio.session.request().request().width, 160); // what the fields show was made
}

void TestQueue::aStrengthDoesNotTakeAwayWhatWaits() {
    StudioFixture studio(slow(5));
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    ask(studio, "one");
    ask(studio, "two");
    const quint64 card = studio.session.references().cards().front().id;
    studio.session.references().setScale(card, 0.9);
    QTRY_COMPARE(studio.session.library().rowCount(), 3);
    QVERIFY(made(studio.session).contains("one") && made(studio.session).contains("two"));
}

void TestQueue::theQueueOutlivesTheProgram() {
    const QTemporaryDir folder;
    const auto parts = [&](const std::shared_ptr<FakeScript>& script) {
        SessionParts given = StudioFixture::fakeParts(script);
        given.queue_file = folder.filePath("deep/queue.sqlite");
        return given;
    };
    QImage red(40, 40, QImage::Format_RGB888);
    red.fill(Qt::red);
    const QString path = folder.filePath("red.png");
    QVERIFY(red.save(path));
    {
        StudioFixture studio(parts(slow(50)));
        studio.drop({path}, studio.onReferences());
        QTRY_COMPARE(studio.session.references().references().size(), 1U);
        ask(studio, "one");
        ask(studio, "two");
        ask(studio, "three");
        studio.session.queue().moveRow({}, 1, {}, 0);
        QTRY_VERIFY(studio.session.run().isBusy());
    } // the program ends while "one" runs
    StudioFixture studio(parts(std::make_shared<FakeScript>()));
    QTRY_COMPARE(studio.session.library().rowCount(), 3);
    QCOMPARE(made(studio.session), QStringList({"one", "three", "two"}));
    const auto& references = studio.session.library().at(0)->request.references;
    QCOMPARE(references.size(), 1U);
    QVERIFY(references[0].image && references[0].image->width == 40);
    QTRY_COMPARE(studio.session.queue().rowCount(), 0);
    QTRY_VERIFY(jobsIn(folder.filePath("deep/queue.sqlite")).empty());
}

void TestQueue::closingIsNoKill() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("queue.sqlite");
    {
        JobQueue queue(file.toStdU16String());
        queue.start(queue.add({.prompt = "long"})); // killed once
    }
    for (int i = 0; i <= JobQueue::kMostKills; ++i) {
        const auto script = slow(50);
        SessionParts parts = StudioFixture::fakeParts(script);
        parts.queue_file = file;
        StudioFixture studio(std::move(parts));
        QTRY_VERIFY(script->steps > 0);
    }
    const auto jobs = jobsIn(file);
    QCOMPARE(jobs.size(), std::size_t{1});
    QVERIFY(jobs[0].state == QueuedJob::State::waiting);
    QCOMPARE(jobs[0].kills, 1);
}

void TestQueue::aSecondWindowLeavesTheQueueAlone() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("queue.sqlite");
    const auto parts = [&file](const std::shared_ptr<FakeScript>& script) {
        SessionParts given = StudioFixture::fakeParts(script);
        given.queue_file = file;
        return given;
    };
    {
        StudioFixture first(parts(slow(50)));
        ask(first, "one");
        ask(first, "two");
        StudioFixture second(parts(std::make_shared<FakeScript>()));
        QTRY_VERIFY(!second.window.notices().notices().isEmpty());
        ask(second, "mine");
        QTRY_COMPARE(made(second.session), QStringList({"mine"}));
        QCOMPARE(second.session.queue().rowCount(), 0);
        QCOMPARE(waiting(first.session), QStringList({"two"}));
    }
    StudioFixture next(parts(std::make_shared<FakeScript>())); // the first one's comes back
    QTRY_COMPARE(made(next.session), QStringList({"one", "two"}));
    QVERIFY(next.window.notices().notices().isEmpty());
}

void TestQueue::aPastedReferenceOutlivesTheProgram() {
    const QTemporaryDir folder;
    const auto parts = [&](const std::shared_ptr<FakeScript>& script) {
        SessionParts given = StudioFixture::fakeParts(script);
        given.queue_file = folder.filePath("queue.sqlite");
        return given;
    };
    ImagePtr pasted;
    {
        StudioFixture studio(parts(slow(50)));
        QImage image(37, 23, QImage::Format_RGB888);
        image.fill(Qt::darkCyan);
        QApplication::clipboard()->setImage(image);
        studio.window.paste();
        QTRY_COMPARE(studio.session.references().references().size(), 1U);
        pasted = studio.session.references().references()[0].image;
        ask(studio, "one");
        ask(studio, "two");
        QTRY_VERIFY(studio.session.run().isBusy());
    }
    StudioFixture studio(parts(std::make_shared<FakeScript>()));
    QTRY_COMPARE(made(studio.session), QStringList({"one", "two"}));
    QCOMPARE(*studio.session.library().at(0)->request.references.at(0).image, *pasted);
}

void TestQueue::aBranchFindsItsReferencesAgain() {
    const QTemporaryDir folder;
    QImage red(40, 40, QImage::Format_RGB888);
    red.fill(Qt::red);
    const QString path = folder.filePath("red.png");
    QVERIFY(red.save(path));
    const ReferenceImage reference{.path = path.toStdString()};
    const GenerationRequest of{.prompt = "before", .references = {reference}};
    GenerationRequest branched{.prompt = "after", .references = {reference}};
    branched.branch = std::make_shared<const Branch>(Branch{.of = of, .step = 1});
    const QString file = folder.filePath("queue.sqlite");
    JobQueue(file.toStdU16String()).add(branched);
    SessionParts parts = StudioFixture::fakeParts(std::make_shared<FakeScript>());
    parts.queue_file = file;
    StudioFixture studio(std::move(parts));
    QTRY_COMPARE(made(studio.session), QStringList({"after"}));
    const GenerationRequest& request = studio.session.library().at(0)->request;
    const ImagePtr& there = request.branch->of.references.at(0).image;
    QVERIFY(there && there->width == 40);
    QCOMPARE(there, request.references.at(0).image); // read once
}

void TestQueue::masksComeBackWithTheQueue() {
    const QTemporaryDir folder;
    const auto file = [&](const char* name, int side) {
        QImage image(side, side, QImage::Format_RGB888);
        image.fill(Qt::white);
        image.save(folder.filePath(name));
        return folder.filePath(name).toStdString();
    };
    ReferenceImage whole{.path = file("mug.png", 40), .mask_path = file("where.png", 20)};
    whole.look_mask_path = file("look.png", 10);
    ReferenceImage torn = whole;
    torn.look_mask_path = folder.filePath("gone.png").toStdString();
    const QString queue = folder.filePath("queue.sqlite");
    {
        JobQueue jobs(queue.toStdU16String());
        jobs.add({.prompt = "whole", .references = {whole}});
        jobs.add({.prompt = "torn", .references = {torn}});
    }
    SessionParts parts = StudioFixture::fakeParts(std::make_shared<FakeScript>());
    parts.queue_file = queue;
    StudioFixture studio(std::move(parts));
    QTRY_COMPARE(made(studio.session), QStringList({"whole"}));
    const ReferenceImage& made = studio.session.library().at(0)->request.references.at(0);
    QVERIFY(made.image && made.image->width == 40);
    QVERIFY(made.mask && made.mask->width == 20);
    QVERIFY(made.view.look_mask && made.view.look_mask->width == 10);
    QTRY_VERIFY(studio.session.queue().rowCount() == 1 && studio.session.queue().rows()[0].failed);
    QVERIFY(studio.session.queue().rows()[0].failure.contains("gone.png"));
}

void TestQueue::aMaskThatIsMissedStopsNothingInThisSitting() {
    StudioFixture studio;
    ReferenceImage reference{.path = studio.picture("mug.png", Qt::red).toStdString(),
                             .mask_path = studio.folder.filePath("gone.png").toStdString()};
    GenerationRequest request = studio.session.currentRequest();
    request.references = {reference};
    studio.session.useSettings(request);
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QTRY_VERIFY(!studio.window.notices().notices().isEmpty()); // it acts everywhere, which is told
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    QCOMPARE(studio.session.queue().rowCount(), 0);
}

void TestQueue::aJobStaysUntilItsPictureIsOnTheDisk() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("queue.sqlite");
    const auto kept = [&file] { return jobsIn(file).size(); };
    EngineClient client(
        [] { return std::make_unique<FakeRunner>(std::make_shared<FakeScript>()); });
    PictureRun run(client);
    PictureQueue queue(run);
    queue.open(file);
    QSignalSpy ended(&run, &PictureRun::ended);
    queue.add({.prompt = "one"});
    QVERIFY(ended.wait());
    QTest::qWait(50);
    QCOMPARE(kept(), std::size_t{1}); // made, but nobody said that it is on the disk
    queue.settle();
    QTRY_COMPARE(kept(), std::size_t{0});
}

void TestQueue::aJobWhoseReferenceIsGoneIsTold() {
    const QTemporaryDir folder;
    const QString file = folder.filePath("queue.sqlite");
    {
        JobQueue queue(file.toStdU16String());
        queue.add(
            {.prompt = "lost", .references = {{.path = folder.filePath("no.png").toStdString()}}});
        queue.add({.prompt = "pasted", .references = {{.path = ""}}});
        queue.add({.prompt = "whole"});
    }
    SessionParts parts = StudioFixture::fakeParts(std::make_shared<FakeScript>());
    parts.queue_file = file;
    StudioFixture studio(std::move(parts));
    QTRY_COMPARE(made(studio.session), QStringList({"whole"}));
    QTRY_COMPARE(waiting(studio.session), QStringList({"lost", "pasted"}));
    QVERIFY(studio.session.queue().rows()[0].failure.contains("no.png"));
    QVERIFY(studio.session.queue().rows()[1].failed);
    // So it stands in the file too.
    QTRY_VERIFY(jobsIn(file).size() == 2);
    QTRY_VERIFY(jobsIn(file).back().state == QueuedJob::State::failed);
}

void TestQueue::estimatesComeFromWhatWasMade() {
    StudioFixture studio(slow(5));
    PictureQueue& queue = studio.session.queue();
    studio.session.request().edit([](GenerationRequest& request) {
        request.width = request.height = 64;
        request.num_inference_steps = 10;
        request.guidance_scale = 3.0;
    });
    GenerationRequest request = studio.session.currentRequest();
    QVERIFY(!queue.estimate(request));
    studio.window.generate();
    QTRY_VERIFY(queue.estimate(request).has_value());
    const double once = *queue.estimate(request);
    QVERIFY2(once >= 0.05, qPrintable(QString::number(once))); // ten steps of 5 ms
    request.num_images = 4;
    request.num_inference_steps = 20;
    QVERIFY(std::abs(*queue.estimate(request) - 8 * once) < 0.1 * once);
    request.width = 32;
    QVERIFY(!queue.estimate(request)); // of another size nothing is known
}

QTEST_MAIN(TestQueue)
#include "test_queue.moc"
