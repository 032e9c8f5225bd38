#include "core/imageio/load.h"
#include "tests/ui/fake_runner.h"
#include "ui/model/picture_difference.h"
#include "ui/model/session.h"

#include <QSignalSpy>
#include <QTest>

using namespace likeness;

namespace {

struct Bench {
    std::shared_ptr<FakeScript> script = std::make_shared<FakeScript>();
    Session session{{.make_runner = [this] { return std::make_unique<FakeRunner>(script); },
                     .model_traits = fakeTraits}};
    ComparisonModel& model = session.comparison();
    PictureQueue& queue = session.queue();

    ~Bench() { session.shutDown(); }

    const ComparisonCell& cell(int index) const { return *model.cell(index); }
};

ImagePtr plain(int side, std::uint8_t value) {
    Image image = make_image(side, side);
    std::fill_n(image.u8(), image.bytes.size(), value);
    return std::make_shared<const Image>(std::move(image));
}

GenerationRequest base() {
    GenerationRequest request;
    request.seed = 4211;
    request.num_inference_steps = 4;
    request.width = 64;
    request.height = 48;
    request.references = {{.image = plain(32, 250), .path = "mug.png"}};
    return request;
}

ComparisonSpec ladder() {
    return specOf(fitted({}, base()), base());
}

} // namespace

// A comparison made in a session, without a window.
class TestComparisonModel : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { init_imageio(); }

    void aLadderIsSevenPicturesOneAfterAnother();
    void previewsArriveInTheCellThatRuns();
    void stoppingKeepsWhatIsFinishedAndGoingOnMakesTheRest();
    void aRungCanBeAddedBetweenTwo();
    void aRungAddedWhileItRunsIsMadeToo();
    void aFailedPictureDoesNotStopTheOthersAndIsTriedAgain();
    void anotherComparisonWaitsItsTurn();
    void aSheetHasColumnsAndRows();
    void largePicturesGetASmallOneForSmallPanes();
    void measuresAreAskedForOnce();
    void whatCannotBeMeasuredIsSaid();
    void draftsFitTheRequest();
    void typedValuesBecomeAxes();
    void differencesAreComputedAndRefusedInWords();
};

void TestComparisonModel::aLadderIsSevenPicturesOneAfterAnother() {
    Bench bench;
    QSignalSpy pictures(&bench.queue, &PictureQueue::paneKept);
    QSignalSpy finished(&bench.queue, &PictureQueue::comparisonFinished);
    bench.model.start(ladder());
    QCOMPARE(bench.model.cells().size(), 7U);
    QVERIFY(bench.model.isRunning());
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(pictures.count(), 7);
    QVERIFY(bench.model.isComplete());
    QVERIFY(!bench.model.isRunning());
    const double strengths[] = {0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2};
    for (int i = 0; i < 7; ++i) {
        const GenerationRequest& made = bench.cell(i).result.request;
        QCOMPARE(made.references[0].ip_adapter_scale, strengths[i]);
        QCOMPARE(made.seed, 4211U);
        QCOMPARE(bench.cell(i).image.size(), QSize(64, 48));
    }
    QCOMPARE(bench.cell(1).caption, QString("0.2"));
    QVERIFY(bench.queue.estimate(ladder()).has_value());
    QCOMPARE(bench.model.a(), 2);
    QCOMPARE(bench.model.b(), 4);
}

void TestComparisonModel::previewsArriveInTheCellThatRuns() {
    Bench bench;
    bench.script->step_milliseconds = 20;
    bool preview_in_second = false;
    bool preview_elsewhere = false;
    connect(&bench.model, &ComparisonModel::cellChanged, this, [&](int index) {
        const ComparisonCell& cell = bench.cell(index);
        if (cell.state == ComparisonCell::State::running && !cell.image.isNull()) {
            preview_in_second = preview_in_second || index == 1;
            preview_elsewhere = preview_elsewhere || index != bench.model.running();
        }
    });
    bench.model.start(ladder());
    QTRY_VERIFY(preview_in_second);
    QVERIFY(!preview_elsewhere);
    QVERIFY(bench.cell(2).image.isNull() || bench.cell(2).state != ComparisonCell::State::waiting);
}

void TestComparisonModel::stoppingKeepsWhatIsFinishedAndGoingOnMakesTheRest() {
    Bench bench;
    bench.script->step_milliseconds = 50;
    bench.model.start(ladder());
    QTRY_COMPARE(bench.model.doneCount(), 2);
    QTRY_VERIFY(bench.model.running() == 2 && !bench.cell(2).image.isNull());
    bench.model.stop();
    QTRY_VERIFY(!bench.model.isRunning() && !bench.model.isStopping());
    QCOMPARE(bench.model.doneCount(), 2);
    QVERIFY(bench.cell(2).state == ComparisonCell::State::waiting);
    QVERIFY(bench.cell(2).image.isNull()); // an unfinished picture is not shown as one
    const ImagePtr kept = bench.cell(0).result.image;
    bench.script->step_milliseconds = 0;
    const int runs = bench.script->runs;
    bench.model.resume();
    QTRY_VERIFY(bench.model.isComplete());
    QCOMPARE(bench.script->runs - runs, 5);
    QVERIFY(bench.cell(0).result.image == kept);
}

void TestComparisonModel::aRungCanBeAddedBetweenTwo() {
    Bench bench;
    bench.model.start(ladder());
    QTRY_VERIFY(bench.model.isComplete());
    QSignalSpy inserted(&bench.model, &ComparisonModel::inserted);
    QVERIFY(bench.model.insertAfter(2));
    QCOMPARE(inserted.count(), 1);
    QCOMPARE(bench.model.cells().size(), 8U);
    QCOMPARE(bench.cell(3).caption, QString("0.5"));
    QCOMPARE(bench.model.a(), 2);
    QCOMPARE(bench.model.b(), 5); // it moved with its picture
    QTRY_VERIFY(bench.model.isComplete());
    QCOMPARE(bench.cell(3).result.request.references[0].ip_adapter_scale, 0.5);
    QVERIFY(!bench.model.insertAfter(7)); // nothing after the last
    QVERIFY(!bench.model.insertAfter(-1));
}

void TestComparisonModel::aRungAddedWhileItRunsIsMadeToo() {
    Bench bench;
    bench.script->step_milliseconds = 50;
    bench.model.start(ladder());
    QTRY_COMPARE(bench.model.running(), 3);
    QVERIFY(bench.model.insertAfter(0));
    QCOMPARE(bench.model.running(), 4); // the same picture, one place further
    bench.script->step_milliseconds = 0;
    QTRY_VERIFY(bench.model.isComplete());
    for (int i = 0; i < 8; ++i) {
        QCOMPARE(QString::number(bench.cell(i).result.request.references[0].ip_adapter_scale),
                 bench.cell(i).caption);
    }
}

void TestComparisonModel::aFailedPictureDoesNotStopTheOthersAndIsTriedAgain() {
    Bench bench;
    bench.script->fails_run = 3;
    QSignalSpy failed(&bench.queue, &PictureQueue::paneFailed);
    QSignalSpy finished(&bench.queue, &PictureQueue::comparisonFinished);
    bench.model.start(ladder());
    QTRY_COMPARE(finished.count(), 1);
    QCOMPARE(bench.model.doneCount(), 6);
    QCOMPARE(failed.count(), 1);
    QCOMPARE(failed[0][1].toInt(), 2);
    QVERIFY(bench.cell(2).state == ComparisonCell::State::failed);
    QVERIFY(bench.cell(2).reason.contains("memory"));
    bench.model.resume();
    QTRY_VERIFY(bench.model.isComplete());
    QCOMPARE(bench.script->runs.load(), 8);
}

void TestComparisonModel::anotherComparisonWaitsItsTurn() {
    Bench bench;
    bench.script->step_milliseconds = 50;
    bench.model.start(ladder());
    const quint64 first = bench.model.key();
    QTRY_COMPARE(bench.model.doneCount(), 1);
    bench.script->step_milliseconds = 0;
    ComparisonSpec steps{.base = base(),
                         .axes = {{.field = ComparisonField::num_inference_steps,
                                   .values = {std::uint64_t{2}, std::uint64_t{3}}}}};
    bench.model.start(steps);
    QCOMPARE(bench.model.cells().size(), 2U);
    QVERIFY(bench.model.isWaiting());
    QTRY_VERIFY(bench.model.isComplete());
    QCOMPARE(bench.cell(1).result.request.num_inference_steps.value(), 3);
    QCOMPARE(bench.cell(0).result.request.references[0].ip_adapter_scale, 0.6);
    QCOMPARE(bench.script->runs.load(), 9);
    // The first one is there all the same; its pictures come from the disk.
    bench.model.show(first);
    QCOMPARE(bench.model.cells().size(), 7U);
    QTRY_VERIFY(bench.model.isComplete());
    QCOMPARE(bench.cell(6).result.request.references[0].ip_adapter_scale, 1.2);
    QCOMPARE(bench.script->runs.load(), 9);
}

void TestComparisonModel::aSheetHasColumnsAndRows() {
    Bench bench;
    ComparisonSpec sheet{.base = base(),
                         .axes = {{.field = ComparisonField::master_scale, .values = {0.5, 1.0}},
                                  {.field = ComparisonField::scheduler,
                                   .values = {std::string("ddim"), std::string("euler")}}}};
    bench.model.start(sheet);
    QCOMPARE(bench.model.columns(), 2);
    QCOMPARE(bench.model.rows(), 2);
    QVERIFY(!bench.model.isLadder());
    QVERIFY(!bench.model.canInsertAfter(0));
    QTRY_VERIFY(bench.model.isComplete());
    QCOMPARE(bench.cell(3).caption, QString("1, euler"));
    QVERIFY(bench.cell(3).result.request.scheduler == SchedulerKind::euler);
}

void TestComparisonModel::largePicturesGetASmallOneForSmallPanes() {
    Bench bench;
    GenerationRequest large = base();
    large.width = 1024;
    large.height = 576;
    large.num_inference_steps = 1;
    bench.model.start(
        {.base = large, .axes = {{.field = ComparisonField::seed, .values = {std::uint64_t{1}}}}});
    QTRY_VERIFY(!bench.cell(0).small.isNull());
    QCOMPARE(bench.cell(0).small.height(), 512);
    QCOMPARE(bench.cell(0).image.size(), QSize(1024, 576));
}

void TestComparisonModel::measuresAreAskedForOnce() {
    Bench bench;
    bench.model.start(ladder());
    QTRY_VERIFY(bench.model.isComplete());
    QSignalSpy measured(&bench.model, &ComparisonModel::measured);
    bench.model.measure();
    QTRY_COMPARE(measured.count(), 1);
    QCOMPARE(bench.script->measured.load(), 7);
    QCOMPARE(bench.cell(0).measurement->similarity.size(), 1U);
    // The reference is bright, and so is what listens to it.
    QVERIFY(bench.cell(6).measurement->similarity[0] > bench.cell(0).measurement->similarity[0]);
    QVERIFY(bench.cell(0).measurement->agreement.has_value());
    bench.model.measure(); // nothing is left to be measured
    bench.model.insertAfter(0);
    QTRY_VERIFY(bench.model.isComplete());
    bench.model.measure();
    QTRY_COMPARE(measured.count(), 2);
    QCOMPARE(bench.script->measured.load(), 8);
}

void TestComparisonModel::whatCannotBeMeasuredIsSaid() {
    Bench bench;
    bench.script->no_agreement = true;
    bench.model.start(ladder());
    QTRY_VERIFY(bench.model.isComplete());
    bench.model.measure();
    QTRY_VERIFY(bench.cell(0).measurement.has_value());
    QVERIFY(!bench.cell(0).measurement->agreement.has_value());
    QVERIFY(bench.model.noAgreement().contains("share no space"));
}

void TestComparisonModel::draftsFitTheRequest() {
    GenerationRequest request = base();
    // One reference: its own strength.
    QVERIFY((fitted({}, request).vary == AxisChoice{ComparisonField::ip_adapter_scale, 0}));
    request.references.push_back(request.references[0]);
    QVERIFY((fitted({}, request).vary == AxisChoice{ComparisonField::master_scale}));
    ComparisonDraft chosen{.vary = {ComparisonField::ip_adapter_scale, 1}, .chosen = true};
    QCOMPARE(fitted(chosen, request).vary.reference, 1);
    request.references.pop_back();
    QCOMPARE(fitted(chosen, request).vary.reference, 0); // that card is gone
    request.references.clear();
    const ComparisonDraft without = fitted({}, request);
    QVERIFY(without.vary.field == ComparisonField::guidance_scale);
    QCOMPARE(without.from, 1.0); // a guidance's range, not a strength's
    QVERIFY(validate(specOf(without, request), ModelTraits{}).empty());
}

void TestComparisonModel::typedValuesBecomeAxes() {
    ComparisonDraft draft{.sheet = true};
    draft.across = {{ComparisonField::seed}, " 7, 8,,x, 18446744073709551615 "};
    draft.down = {{ComparisonField::reference}, "1"};
    const ComparisonSpec spec = specOf(draft, base());
    QCOMPARE(spec.axes[0].values.size(), 3U);
    QCOMPARE(std::get<std::uint64_t>(spec.axes[0].values[2]), 18446744073709551615U);
    QCOMPARE(std::get<std::uint64_t>(spec.axes[1].values[0]), 0U);
}

void TestComparisonModel::differencesAreComputedAndRefusedInWords() {
    PictureDifference difference;
    QSignalSpy changed(&difference, &PictureDifference::changed);
    using Kind = PictureDifference::Kind;
    difference.ask({plain(8, 10), plain(8, 20), Kind::absolute, 4});
    QTRY_VERIFY(!difference.image().isNull());
    QCOMPARE(difference.image().pixelColor(3, 3), QColor(40, 40, 40));
    // The newest wish wins, whatever is on its way.
    difference.ask({plain(8, 0), plain(8, 255), Kind::delta_e, 4});
    difference.ask({plain(8, 0), plain(8, 255), Kind::delta_e, 2});
    QTRY_COMPARE(difference.scaleEnd(), 20.0);
    QTRY_VERIFY(difference.mean() > 90);
    difference.ask({plain(8, 0), plain(9, 0), Kind::absolute, 1});
    QTRY_VERIFY(difference.reason().contains("8 x 8"));
    QVERIFY(difference.image().isNull());
    difference.ask({});
    QTRY_VERIFY(difference.reason().contains("finished"));
}

QTEST_GUILESS_MAIN(TestComparisonModel)
#include "test_comparison_model.moc"
