#include "tests/ui/fake_runner.h"
#include "ui/model/engine_client.h"
#include "ui/model/picture_run.h"

#include <QSignalSpy>
#include <QTest>

using namespace likeness;

namespace {

GenerationRequest requestOf(std::uint64_t seed, int steps = 4) {
    return {.prompt = "a mug", .num_inference_steps = steps, .seed = seed};
}

} // namespace

class TestEngineClient : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void init() { script_ = std::make_shared<FakeScript>(); }

    void eventsComeInOrderOnTheGuiThread();
    void onlyTheNewestPreviewIsShown();
    void stopWhileLoadingEndsTheJob();
    void aRemakeReplacesTheRunningRemake();
    void generatedPicturesWaitTheirTurn();
    void stopIsShownAtOnce();
    void aStoppedRunEqualsNeverStopped();
    void preparingIsAskedForOnlyOnceMore();
    void afterAFailureTheNextRunWorks();
    void shutDownWhileRunningJoins();

private:
    Engine::MakeRunner maker() {
        return [script = script_] { return std::make_unique<FakeRunner>(script); };
    }

    std::shared_ptr<FakeScript> script_;
};

void TestEngineClient::eventsComeInOrderOnTheGuiThread() {
    EngineClient client(maker());
    QStringList order;
    const auto note = [&](const QString& word) {
        QCOMPARE(QThread::currentThread(), thread());
        if (order.isEmpty() || order.back() != word) {
            order << word;
        }
    };
    connect(&client, &EngineClient::started, this, [&] { note("started"); });
    connect(&client, &EngineClient::stepped, this, [&] { note("stepped"); });
    connect(&client, &EngineClient::imageReady, this, [&] { note("image"); });
    connect(&client, &EngineClient::finished, this, [&] { note("finished"); });
    QSignalSpy finished(&client, &EngineClient::finished);
    client.submit(requestOf(1));
    QVERIFY(finished.wait());
    QCOMPARE(order, QStringList({"started", "stepped", "image", "finished"}));
}

void TestEngineClient::onlyTheNewestPreviewIsShown() {
    EngineClient client(maker());
    QSignalSpy previewed(&client, &EngineClient::previewed);
    QSignalSpy finished(&client, &EngineClient::finished);
    client.submit(requestOf(1, 50));
    // The window is busy until the worker is long done: its fifty previews pile up.
    while (script_->steps < 50) {
        QThread::msleep(2);
    }
    QThread::msleep(20);
    QVERIFY(finished.count() == 1 || finished.wait());
    QCOMPARE(previewed.count(), 1);
}

void TestEngineClient::stopWhileLoadingEndsTheJob() {
    script_->load_steps = 1000;
    script_->load_milliseconds = 10; // ten seconds of loading
    EngineClient client(maker());
    PictureRun run(client);
    QSignalSpy stopped(&run, &PictureRun::runStopped);
    QSignalSpy progressed(&run, &PictureRun::progressChanged);
    run.prepare(requestOf(1));
    run.generate(requestOf(1));
    QTRY_VERIFY(run.progress().stage == Stage::load && run.progress().step > 0);
    QElapsedTimer clock;
    clock.start();
    run.stop();
    QCOMPARE(run.progress().phase, RunProgress::Phase::stopping); // shown before anything else
    QTRY_COMPARE(stopped.count(), 2);
    QVERIFY2(clock.elapsed() < 2000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(run.progress().phase, RunProgress::Phase::idle);
    QCOMPARE(script_->steps.load(), 0);
}

void TestEngineClient::aRemakeReplacesTheRunningRemake() {
    script_->step_milliseconds = 5;
    EngineClient client(maker());
    PictureRun run(client);
    QSignalSpy finished(&run, &PictureRun::pictureFinished);
    for (int i = 0; i < 20; ++i) {
        GenerationRequest request = requestOf(7, 20);
        request.master_scale = 0.05 * i;
        run.remake(request);
        QTest::qWait(4);
    }
    QTRY_COMPARE(run.progress().phase, RunProgress::Phase::idle);
    QCOMPARE(finished.count(), 1);
    const auto last = finished.at(0).at(0).value<ResultImage>();
    QCOMPARE(last.request.master_scale, 0.05 * 19);
    QVERIFY2(script_->steps < 20 * 20 / 2, "the older runs were not stopped");
}

void TestEngineClient::generatedPicturesWaitTheirTurn() {
    script_->step_milliseconds = 2;
    EngineClient client(maker());
    PictureRun run(client);
    QSignalSpy finished(&run, &PictureRun::pictureFinished);
    run.generate(requestOf(1));
    run.generate(requestOf(2));
    QCOMPARE(run.progress().queued, 1);
    QTRY_COMPARE(finished.count(), 2);
    QCOMPARE(finished.at(0).at(0).value<ResultImage>().request.seed, 1U);
    QCOMPARE(finished.at(1).at(0).value<ResultImage>().request.seed, 2U);
}

void TestEngineClient::stopIsShownAtOnce() {
    script_->step_milliseconds = 50;
    EngineClient client(maker());
    PictureRun run(client);
    QSignalSpy stopped(&run, &PictureRun::runStopped);
    run.generate(requestOf(1, 100));
    QTRY_VERIFY(run.progress().step >= 1 && run.progress().stage == Stage::denoise);
    run.stop();
    QCOMPARE(run.progress().phase, RunProgress::Phase::stopping);
    const int steps = script_->steps;
    QVERIFY(stopped.wait());
    QVERIFY2(script_->steps <= steps + 1, "not stopped within a step");
}

void TestEngineClient::aStoppedRunEqualsNeverStopped() {
    script_->step_milliseconds = 2;
    EngineClient client(maker());
    PictureRun run(client);
    QSignalSpy finished(&run, &PictureRun::pictureFinished);
    run.generate(requestOf(3));
    QTRY_COMPARE(finished.count(), 1);
    run.generate(requestOf(3, 40));
    QTRY_VERIFY(run.progress().step >= 2);
    run.stop();
    run.generate(requestOf(3));
    QTRY_COMPARE(finished.count(), 2);
    QCOMPARE(*finished.at(0).at(0).value<ResultImage>().image,
             *finished.at(1).at(0).value<ResultImage>().image);
}

void TestEngineClient::preparingIsAskedForOnlyOnceMore() {
    script_->load_milliseconds = 20;
    EngineClient client(maker());
    PictureRun run(client);
    QSignalSpy prepared(&run, &PictureRun::prepared);
    for (int i = 0; i < 10; ++i) {
        run.prepare(requestOf(static_cast<std::uint64_t>(i)));
    }
    QTRY_COMPARE(run.progress().phase, RunProgress::Phase::idle);
    QCOMPARE(prepared.count(), 2);
    QCOMPARE(prepared.at(1).at(0).value<GenerationRequest>().seed, 9U);
}

void TestEngineClient::afterAFailureTheNextRunWorks() {
    EngineClient client(maker());
    PictureRun run(client);
    QSignalSpy failed(&run, &PictureRun::failed);
    QSignalSpy finished(&run, &PictureRun::pictureFinished);
    script_->fails_while_denoising = true;
    run.generate(requestOf(1));
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.at(0).at(1).value<Failed>().code, ErrorCode::out_of_memory);
    QCOMPARE(run.progress().phase, RunProgress::Phase::idle);
    script_->fails_while_denoising = false;
    run.generate(requestOf(1));
    QTRY_COMPARE(finished.count(), 1);
}

void TestEngineClient::shutDownWhileRunningJoins() {
    script_->step_milliseconds = 5;
    EngineClient client(maker());
    client.submit(requestOf(1, 1000));
    QTRY_VERIFY(script_->steps > 0);
    QElapsedTimer clock;
    clock.start();
    client.shutDown();
    QVERIFY2(clock.elapsed() < 1000, qPrintable(QString::number(clock.elapsed())));
    QCOMPARE(script_.use_count(), 1L); // the runner is gone with its thread
    QCOMPARE(client.submit(requestOf(2)), JobId{0});
}

QTEST_GUILESS_MAIN(TestEngineClient)
#include "test_engine_client.moc"
