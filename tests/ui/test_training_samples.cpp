#include "tests/ui/train_fixture.h"
#include "ui/panels/training_proof_panel.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/sample_grid.h"
#include "ui/widgets/sample_view.h"
#include "ui/widgets/training_strip.h"

#include <QSignalSpy>

using namespace likeness;

namespace {

using Steps = std::vector<std::int64_t>;

// Four times samples, of which each can be taken.
struct SampledFixture : TrainFixture {
    using TrainFixture::TrainFixture;

    SampleGrid& grid() const { return *find<SampleGrid>("sample_grid"); }

    SampleView& view() const { return *find<SampleView>("sample_view"); }

    void train(int steps = 40) {
        prepare(steps);
        press("start_training");
    }

    void trainToTheEnd() {
        train();
        [this] {
            QTRY_COMPARE(phase(), Phase::done);
            QTRY_COMPARE(grid().columns(), 5);
        }();
    }

    // The newest one there is, large.
    void openNewest() const {
        QTest::mouseClick(&grid(), Qt::LeftButton, Qt::NoModifier,
                          grid().cellRect(grid().columns() - 1, 1).center());
    }

    void key(Qt::Key code) const { QTest::keyClick(&view(), code); }

    Steps kept() const { return kept_sample_steps(training.run().request); }

    // Of what lies beside the result: checkpoints, what is kept at samples, and their pictures.
    int leftovers() const {
        int found = 0;
        std::error_code none;
        for (const auto& entry :
             std::filesystem::directory_iterator(result().parent_path(), none)) {
            found += entry.path().filename().string().find(".checkpoint") != std::string::npos;
        }
        return found;
    }

    // Until one can be taken, and no further.
    void trainAndPause() {
        train(400);
        [this] { QTRY_VERIFY(training.canTake(100)); }();
        training.pause();
        [this] { QTRY_COMPARE(phase(), Phase::paused); }();
    }

    std::string weights() const {
        std::ifstream file(result());
        return {std::istreambuf_iterator<char>(file), {}};
    }
};

} // namespace

// The samples of a training looked at large, and one of them taken for the result.
class TestTrainingSamples : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void aClickShowsOneLargeBesideTheStart() {
        SampledFixture studio;
        studio.trainToTheEnd();
        QVERIFY(!studio.view().isVisible());
        studio.openNewest();
        QVERIFY(studio.view().isVisible());
        QVERIFY(!studio.grid().isVisible());
        QCOMPARE(studio.view().step(), std::int64_t{40});
        QCOMPARE(studio.view().seed(), 1);
        QCOMPARE(studio.find<PlainLabel>("sample_title")->text(), QString("Step 40"));
        QCOMPARE(studio.find<QWidget>("sample_pair")->accessibleName(), QString("start, step 40"));
        studio.key(Qt::Key_Left);
        QCOMPARE(studio.view().step(), std::int64_t{30});
        studio.key(Qt::Key_Down);
        QCOMPARE(studio.view().seed(), 2);
        studio.key(Qt::Key_Down); // there is no fourth
        QCOMPARE(studio.view().seed(), 2);
        studio.key(Qt::Key_Home);
        QCOMPARE(studio.view().step(), std::int64_t{0});
        QCOMPARE(studio.find<QWidget>("sample_pair")->accessibleName(), QString("start"));
        QVERIFY(!studio.find<QAbstractButton>("sample_back")->isEnabled());
        studio.press("sample_forth");
        QCOMPARE(studio.view().step(), std::int64_t{10});
        studio.press("sample_close");
        QVERIFY(studio.grid().isVisible());
    }

    void keysLeadThereAndBack() {
        SampledFixture studio(5);
        studio.train(400);
        QTRY_VERIFY(studio.grid().columns() >= 2);
        studio.grid().setFocus(Qt::TabFocusReason);
        QTest::keyClick(&studio.grid(), Qt::Key_End);
        QTest::keyClick(&studio.grid(), Qt::Key_Up);
        QTest::keyClick(&studio.grid(), Qt::Key_Space);
        QVERIFY(studio.view().isVisible());
        QVERIFY(studio.view().hasFocus());
        QCOMPARE(studio.view().seed(), 0);
        studio.key(Qt::Key_Space);
        QVERIFY(studio.grid().isVisible());
        QVERIFY(studio.grid().hasFocus());
        QTest::keyClick(&studio.grid(), Qt::Key_Return);
        QVERIFY(studio.view().isVisible());
        studio.find<QAction>("stop_now")->trigger(); // Esc: one thing at a time
        QVERIFY(studio.grid().isVisible());
        QCOMPARE(studio.phase(), Phase::running);
        studio.script->train_step_milliseconds = 0;
        studio.training.stop();
        QTRY_VERIFY(!studio.training.run().isBusy());
    }

    void anEarlierOneIsTakenAfterTheEnd() {
        SampledFixture studio;
        studio.trainToTheEnd();
        QCOMPARE(studio.kept(), (Steps{10, 20, 30, 40}));
        QCOMPARE(studio.weights(), std::string("weights of the fake at 40"));
        studio.openNewest();
        const auto* take = studio.find<QAbstractButton>("sample_take");
        QVERIFY(!take->isEnabled());
        QCOMPARE(take->toolTip(), QString("This is the result"));
        studio.key(Qt::Key_Left);
        studio.key(Qt::Key_Left);
        QVERIFY(take->isEnabled());
        studio.press("sample_take");
        QTRY_COMPARE(studio.asked->size(), 2U);
        QTRY_COMPARE(studio.phase(), Phase::done);
        QCOMPARE(studio.asked->back().take_step, 20);
        QCOMPARE(studio.asked->back().out, studio.asked->front().out);
        QCOMPARE(studio.weights(), std::string("weights of the fake at 20"));
        QCOMPARE(studio.training.run().step, std::int64_t{20});
        QVERIFY(studio.training.run().result);
        QVERIFY(studio.find<TrainingProofPanel>("training_proof")->isVisible());
        QCOMPARE(studio.training.run().samples.size(), 5U);
        QVERIFY(!studio.find<QAbstractButton>("sample_take")->isEnabled()); // it is the result now
        studio.key(Qt::Key_End);
        QVERIFY(take->isEnabled()); // and back
        studio.press("train_again");
        QCOMPARE(studio.kept(), Steps{});
        QVERIFY(std::filesystem::exists(studio.result()));
        QCOMPARE(kept_sample_steps(studio.asked->back()), Steps{}); // settled: none is left
    }

    void takingOneEndsWhatRuns() {
        SampledFixture studio(5);
        studio.train(400);
        QTRY_VERIFY(studio.training.canTake(100));
        QVERIFY(!studio.training.canTake(0));
        studio.openNewest();
        studio.view().lookAt(100, 0);
        studio.press("sample_take");
        QTRY_COMPARE(studio.phase(), Phase::done);
        QCOMPARE(studio.weights(), std::string("weights of the fake at 100"));
        QVERIFY(studio.training.run().steps.size() < 400U);
        QVERIFY(!studio.training.set().isFixed());
    }

    void aFailureLeavesItAsItWas() {
        SampledFixture studio;
        studio.trainToTheEnd();
        studio.script->fails_train_step = 20;
        QSignalSpy told(&studio.session, &Session::noticed);
        studio.training.takeSample(20);
        QTRY_COMPARE(told.count(), 1);
        QCOMPARE(studio.phase(), Phase::done);
        QCOMPARE(studio.training.run().step, std::int64_t{40});
        QVERIFY(studio.training.run().result);
        QCOMPARE(studio.weights(), std::string("weights of the fake at 40"));
        QVERIFY(studio.training.canTake(30));
    }

    void stoppingWhatIsTakenLeavesThePause() {
        SampledFixture studio(5);
        studio.train(400);
        QTRY_VERIFY(studio.training.canTake(100));
        studio.training.pause();
        QTRY_COMPARE(studio.phase(), Phase::paused);
        const std::int64_t step = studio.training.run().step;
        studio.script->load_milliseconds = 200; // of another model: there is time to stop
        studio.session.openModel("other");
        studio.training.takeSample(100);
        QVERIFY(studio.training.run().takesSample());
        QVERIFY(!studio.find<QAbstractButton>("training_pause")->isEnabled());
        studio.training.stop();
        QTRY_COMPARE(studio.phase(), Phase::paused);
        QCOMPARE(studio.training.run().step, step);
        QVERIFY(studio.training.run().canGoOn());
        QVERIFY(!studio.training.run().takesSample());
    }

    void aPausedOnesAreTakenAfterARestart() {
        const auto disk = std::make_shared<QTemporaryDir>();
        QImage first;
        {
            SampledFixture studio(TrainFixture::makeScript(5), disk);
            studio.trainAndPause();
            QTRY_VERIFY(!studio.training.run().samples.at(100).at(2).isNull());
            first = studio.training.run().samples.at(100).at(2);
            studio.session.shutDown();
        }
        SampledFixture studio(TrainFixture::makeScript(0), disk);
        QCOMPARE(studio.phase(), Phase::paused);
        QTRY_VERIFY(studio.grid().columns() >= 2 && !studio.training.run().samples.at(100).empty());
        QCOMPARE(studio.training.run().samples.at(0).size(), 3U);
        QCOMPARE(studio.training.run().samples.at(100).at(2), first);
        studio.openNewest();
        studio.view().lookAt(100, 0);
        studio.press("sample_take");
        QTRY_COMPARE(studio.phase(), Phase::done);
        QCOMPARE(studio.weights(), std::string("weights of the fake at 100"));
        studio.press("train_again");
        QTRY_COMPARE(studio.leftovers(), 0);
    }

    void theyStayWhileItGoesOnAndGoWithIt() {
        const auto disk = std::make_shared<QTemporaryDir>();
        {
            SampledFixture studio(TrainFixture::makeScript(5), disk);
            studio.trainAndPause();
            studio.session.shutDown();
        }
        {
            SampledFixture studio(TrainFixture::makeScript(5), disk);
            studio.training.goOn();
            QTRY_VERIFY(studio.training.canTake(200));
            QTRY_COMPARE(studio.grid().columns(), 3);
            studio.training.pause();
            QTRY_COMPARE(studio.phase(), Phase::paused);
            QVERIFY(studio.leftovers() > 9); // three times three pictures
            studio.training.discard();
            QTRY_COMPARE(studio.leftovers(), 0);
            studio.session.shutDown();
        }
        const SampledFixture again(TrainFixture::makeScript(0), disk);
        QCOMPARE(again.phase(), Phase::none);
    }

    // A picture that is gone or torn is an empty place; what was learned can be taken all the same.
    void oneWithoutItsPicturesIsTakenToo() {
        const auto disk = std::make_shared<QTemporaryDir>();
        TrainingRequest request;
        {
            SampledFixture studio(TrainFixture::makeScript(5), disk);
            studio.trainAndPause();
            request = studio.training.run().request;
            studio.session.shutDown();
        }
        const std::string kept = training_sample_weights(request, 100).string();
        for (const char* index : {".0", ".2"}) {
            QVERIFY(std::filesystem::remove(kept + index + ".png"));
        }
        std::ofstream(kept + ".1.png") << "torn";
        const SampledFixture studio(TrainFixture::makeScript(0), disk);
        QTRY_COMPARE(studio.grid().columns(), 2);
        studio.openNewest();
        QCOMPARE(studio.view().step(), std::int64_t{100});
        QVERIFY(studio.find<QAbstractButton>("sample_take")->isEnabled());
    }

    void aWholeModelKeepsNone() {
        SampledFixture studio;
        studio.prepare();
        studio.set.edit(
            [](TrainingDraft& draft) { draft.request.method = TrainingMethod::dreambooth; });
        studio.press("start_training");
        QTRY_COMPARE(studio.phase(), Phase::done);
        QCOMPARE(studio.asked->front().kept_sample_weights, 0);
        QTRY_COMPARE(studio.grid().columns(), 5);
        studio.openNewest();
        studio.key(Qt::Key_Left);
        QVERIFY(!studio.find<QAbstractButton>("sample_take")->isEnabled());
        QVERIFY(studio.find<QAbstractButton>("sample_take")->toolTip().contains("whole model"));
    }

    void nothingIsLeftWhenTheProgramEnds() {
        const auto disk = std::make_shared<QTemporaryDir>();
        TrainingRequest request;
        {
            SampledFixture studio(TrainFixture::makeScript(0), disk);
            studio.trainToTheEnd();
            request = studio.training.run().request;
            QCOMPARE(kept_sample_steps(request), (Steps{10, 20, 30, 40}));
            studio.session.shutDown();
            QCOMPARE(kept_sample_steps(request), Steps{});
        }
        // One that was killed when its training was over.
        std::ofstream(training_sample_weights(request, 10)) << 10;
        const std::filesystem::path file =
            std::filesystem::path(disk->path().toStdString()) / "training.json";
        std::ofstream(file) << "{\"name\": \"mug\", \"is_done\": true, \"request\": {\"out\": \""
                            << request.out << "\"}}";
        const SampledFixture again(TrainFixture::makeScript(0), disk);
        QCOMPARE(kept_sample_steps(request), Steps{});
        QTRY_VERIFY(!std::filesystem::exists(file));
        QCOMPARE(again.phase(), Phase::none);
    }
};

QTEST_MAIN(TestTrainingSamples)
#include "test_training_samples.moc"
