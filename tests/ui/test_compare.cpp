#include "core/imageio/load.h"
#include "tests/ui/studio_fixture.h"
#include "ui/canvas/compare_view.h"
#include "ui/canvas/influence_view.h"
#include "ui/canvas/picture_view.h"
#include "ui/canvas/rung_strip.h"
#include "ui/compare_workspace.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/trade_off_plot.h"
#include "ui/workspace_tabs.h"

#include <QAction>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTabBar>

using namespace likeness;

namespace {

// A window with one reference and a ladder asked for.
struct CompareFixture : StudioFixture {
    explicit CompareFixture(int step_milliseconds = 0)
        : StudioFixture(makeScript(step_milliseconds)), model(session.comparison()),
          view(find<CompareView>("compare_view")), strip(find<RungStrip>("rung_strip")) {
        session.request().edit([](GenerationRequest& request) {
            request.num_inference_steps = 4;
            request.prompt = "a mug on a beach";
        });
        drop({picture("mug.png", Qt::red)}, onReferences());
        [this] { QTRY_COMPARE(session.references().references().size(), 1U); }();
    }

    static std::shared_ptr<FakeScript> makeScript(int step_milliseconds) {
        auto made = std::make_shared<FakeScript>();
        made->step_milliseconds = step_milliseconds;
        return made;
    }

    void ladder() {
        QTest::keyClick(&window, Qt::Key_L, Qt::ControlModifier);
        [this] { QTRY_VERIFY(model.isComplete()); }();
    }

    QString caption(int index) const { return model.cell(index)->caption; }

    ComparisonModel& model;
    CompareView* view;
    RungStrip* strip;
};

} // namespace

// Comparing as a person does it, through the window and the fake runner.
class TestCompare : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void oneGestureMakesALadderOfSeven();
    void aLadderCanBeStoppedAndGoesOn();
    void aClickBetweenTwoRungsAddsOne();
    void numberKeysShowOneLarge();
    void marksFollowClicksAndBoxes();
    void theWipeStandsWhereItIsPut();
    void blinkShowsBothInTurn();
    void aSheetBeginsWithTwoFields();
    void differenceIsDrawnAndScaled();
    void zoomAndPanMoveAllPanesAndAltMovesOne();
    void aWinnersSettingsGoBackToGenerate();
    void aSheetIsMadeFromTypedValues();
    void whatCannotRunIsSaidBesideTheButton();
    void aLadderWaitsForAReferenceBeingRead();
    void numbersArePlottedWithTheBestTradeOff();
    void withOneMeasureThePanelSaysSo();
    void noticesStandWhereOneLooks();
    void zoomKeysAreOfWhatIsLookedAt();
    void influenceIsShownOverThePicture();
    void itIsExportedAsOneSheetAndAsFiles();
    void finishedRungsAreOrdinaryResults();
    void everyControlIsNamedAndReachable();
};

void TestCompare::oneGestureMakesALadderOfSeven() {
    CompareFixture studio(2);
    auto* tabs = studio.find<WorkspaceTabs>("workspaces");
    QCOMPARE(tabs->current(), 0);
    QTest::keyClick(&studio.window, Qt::Key_L, Qt::ControlModifier);
    QCOMPARE(tabs->current(), 1);
    QVERIFY(studio.view->isVisible());
    QCOMPARE(studio.model.cells().size(), 7U);
    QTRY_VERIFY(studio.model.isComplete());
    const std::uint64_t seed = studio.session.request().request().seed;
    for (int i = 0; i < 7; ++i) {
        QCOMPARE(studio.model.cell(i)->result.request.seed, seed);
        QVERIFY(!studio.view->pictureRect(i).isEmpty());
    }
    QCOMPARE(studio.caption(0), QString("0"));
    QCOMPARE(studio.caption(6), QString("1.2"));
    QTRY_VERIFY(studio.find<PlainLabel>("status_text")->text().contains("7 pictures"));
    QVERIFY(studio.find<PlainLabel>("comparison_cost")->text().startsWith("7 pictures"));
}

void TestCompare::aLadderCanBeStoppedAndGoesOn() {
    CompareFixture studio(50);
    QTest::keyClick(&studio.window, Qt::Key_L, Qt::ControlModifier);
    QTRY_COMPARE(studio.model.doneCount(), 2);
    auto* make = studio.find<TextButton>("make_comparison");
    QCOMPARE(make->text(), QString("Stop"));
    QTest::keyClick(&studio.window, Qt::Key_Escape);
    QTRY_VERIFY(!studio.model.isRunning() && !studio.model.isStopping());
    QVERIFY(studio.model.doneCount() >= 2 && studio.model.doneCount() < 7);
    QCOMPARE(make->text(), QString("Make ladder"));
    auto* go_on = studio.find<TextButton>("resume_comparison");
    QVERIFY(go_on->isVisible());
    studio.script->step_milliseconds = 0;
    QTest::mouseClick(go_on, Qt::LeftButton);
    QTRY_VERIFY(studio.model.isComplete());
    QVERIFY(!go_on->isVisible());
}

void TestCompare::aClickBetweenTwoRungsAddsOne() {
    CompareFixture studio;
    studio.ladder();
    QTest::mouseClick(studio.strip, Qt::LeftButton, {}, studio.strip->gapRect(3).center());
    QCOMPARE(studio.model.cells().size(), 8U);
    QCOMPARE(studio.caption(4), QString("0.7"));
    QTRY_VERIFY(studio.model.isComplete());
    QCOMPARE(studio.model.cell(4)->result.request.references[0].ip_adapter_scale, 0.7);
    // By keyboard: after B.
    studio.strip->setFocus();
    QTest::keyClick(studio.strip, Qt::Key_Insert);
    QCOMPARE(studio.model.cells().size(), 9U);
    QTRY_VERIFY(studio.model.isComplete());
}

void TestCompare::numberKeysShowOneLarge() {
    CompareFixture studio;
    studio.ladder();
    const double small = studio.view->pictureRect(2).width();
    QTest::keyClick(studio.view, Qt::Key_3);
    QCOMPARE(studio.view->large(), 2);
    QVERIFY(studio.view->pictureRect(2).width() > 1.5 * small);
    QVERIFY(studio.view->pictureRect(1).isEmpty());
    QCOMPARE(studio.find<TextButton>("keep_winner")->text(),
             QString("Keep 0.4 and return to Generate"));
    QTest::keyClick(studio.view, Qt::Key_5);
    QCOMPARE(studio.view->large(), 4);
    QTest::keyClick(studio.view, Qt::Key_0);
    QCOMPARE(studio.view->large(), -1);
    QTest::keyClick(studio.view, Qt::Key_1);
    QTest::keyClick(studio.view, Qt::Key_Escape);
    QCOMPARE(studio.view->large(), -1);
    QTest::keyClick(studio.view, Qt::Key_9); // there are seven
    QCOMPARE(studio.view->large(), -1);
}

void TestCompare::marksFollowClicksAndBoxes() {
    CompareFixture studio;
    studio.ladder();
    QTest::mouseClick(studio.strip, Qt::LeftButton, {}, studio.strip->rungRect(6).center());
    QTest::mouseClick(studio.strip, Qt::LeftButton, Qt::ShiftModifier,
                      studio.strip->rungRect(0).center());
    QCOMPARE(studio.model.a(), 0);
    QCOMPARE(studio.model.b(), 6);
    auto* a = studio.find<ChoiceBox>("mark_a");
    QCOMPARE(a->currentText(), QString("0"));
    a->setCurrentIndex(3);
    Q_EMIT a->activated(3);
    QCOMPARE(studio.model.a(), 3);
    QTest::mouseClick(studio.find<IconButton>("swap_marks"), Qt::LeftButton);
    QCOMPARE(studio.model.a(), 6);
    QCOMPARE(studio.model.b(), 3);
    studio.strip->setFocus();
    QTest::keyClick(studio.strip, Qt::Key_Right);
    QCOMPARE(studio.model.b(), 4);
    QTest::keyClick(studio.strip, Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(studio.model.a(), 5);
}

void TestCompare::theWipeStandsWhereItIsPut() {
    CompareFixture studio;
    studio.ladder();
    studio.model.setMarks(0, 6);
    QTest::mouseClick(studio.find<QAbstractButton>("compare_mode_1"), Qt::LeftButton);
    QVERIFY(studio.view->mode() == CompareView::Mode::wipe);
    const QRectF picture = studio.view->pictureRect(0);
    const auto at = [&](double share) {
        return QPoint(static_cast<int>(picture.left() + share * picture.width()),
                      static_cast<int>(picture.top() + 0.3 * picture.height()));
    };
    studio.find<NumberField>("wipe_number")->setFocus();
    studio.view->setWipe(0.25);
    // Left of the line is A, the text alone; right of it B, the red reference.
    const QImage seen = studio.view->grab().toImage();
    const double ratio = seen.devicePixelRatio();
    const QColor left = seen.pixelColor((QPointF(at(0.15)) * ratio).toPoint());
    const QColor right = seen.pixelColor((QPointF(at(0.6)) * ratio).toPoint());
    QVERIFY2(left.green() > 30, qPrintable(left.name()));
    QVERIFY2(right.red() > 240 && right.green() < 15, qPrintable(right.name()));
    // The hand takes the line along, and the number beside it follows.
    QTest::mousePress(studio.view, Qt::LeftButton, {}, at(0.25));
    QTest::mouseMove(studio.view, at(0.75));
    QTest::mouseRelease(studio.view, Qt::LeftButton, {}, at(0.75));
    QVERIFY(std::abs(studio.view->wipe() - 0.75) < 0.02);
    QVERIFY(std::abs(studio.find<NumberField>("wipe_number")->value() - 75) <= 2);
    QTest::keyClick(studio.view, Qt::Key_Left, Qt::ShiftModifier);
    QVERIFY(std::abs(studio.view->wipe() - 0.65) < 0.02);
}

void TestCompare::blinkShowsBothInTurn() {
    CompareFixture studio;
    studio.ladder();
    studio.view->setMode(CompareView::Mode::blink);
    studio.view->setBlinkRate(10);
    QSet<int> seen;
    QTRY_VERIFY(seen.size() == 2 || (seen.insert(studio.view->blinking()), false));
    QVERIFY(seen.contains(studio.model.a()) && seen.contains(studio.model.b()));
}

void TestCompare::differenceIsDrawnAndScaled() {
    CompareFixture studio;
    studio.ladder();
    studio.model.setMarks(4, 4);
    QTest::mouseClick(studio.find<QAbstractButton>("compare_mode_3"), Qt::LeftButton);
    const auto middle = [&] {
        const QImage seen = studio.view->grab().toImage();
        return seen.pixelColor(
            (studio.view->pictureRect(studio.model.a()).center() * seen.devicePixelRatio())
                .toPoint());
    };
    QTRY_COMPARE(middle(), QColor(Qt::black)); // no difference to itself
    studio.model.setMarks(0, 4);
    QTRY_VERIFY(middle().green() > 60);
    QTest::mouseClick(studio.find<QAbstractButton>("difference_kind_1"), Qt::LeftButton);
    QTRY_VERIFY(middle().blue() < 60 && middle().green() > 150); // far up the scale
}

void TestCompare::zoomAndPanMoveAllPanesAndAltMovesOne() {
    CompareFixture studio;
    studio.ladder();
    studio.view->setZoom(1);
    const auto relative = [&](int pane) { return studio.view->pictureRect(pane).topLeft(); };
    const QPointF first = relative(0), second = relative(1);
    const QPoint start = studio.view->pictureRect(1).center().toPoint();
    const auto drag = [&](Qt::KeyboardModifiers modifiers) {
        QTest::mousePress(studio.view, Qt::LeftButton, modifiers, start);
        QMouseEvent move(QEvent::MouseMove, start + QPoint(20, 10),
                         studio.view->mapToGlobal(start + QPoint(20, 10)), Qt::NoButton,
                         Qt::LeftButton, modifiers);
        QApplication::sendEvent(studio.view, &move);
        QTest::mouseRelease(studio.view, Qt::LeftButton, modifiers, start + QPoint(20, 10));
    };
    drag({});
    QCOMPARE(relative(0) - first, QPointF(20, 10));
    QCOMPARE(relative(1) - second, QPointF(20, 10));
    drag(Qt::AltModifier);
    QCOMPARE(relative(0) - first, QPointF(20, 10));
    QCOMPARE(relative(1) - second, QPointF(40, 20));
    // The offset stays, in picture pixels, through zoom and another way of showing them.
    const QPointF offset = studio.view->offset(1);
    studio.view->zoomBy(2, studio.view->rect().center());
    QCOMPARE(studio.view->zoom(), 2.0);
    QCOMPARE(studio.view->offset(1), offset);
    studio.view->setMode(CompareView::Mode::wipe);
    studio.view->setMode(CompareView::Mode::side_by_side);
    QCOMPARE(studio.view->offset(1), offset);
    studio.view->setFit();
    QVERIFY(studio.view->isFit());
}

void TestCompare::aWinnersSettingsGoBackToGenerate() {
    CompareFixture studio;
    studio.ladder();
    QTest::mouseClick(studio.strip, Qt::LeftButton, {}, studio.strip->rungRect(5).center());
    auto* keep = studio.find<TextButton>("keep_winner");
    QCOMPARE(keep->text(), QString("Keep 1 and return to Generate"));
    QTest::keyClick(studio.view, Qt::Key_Return);
    QCOMPARE(studio.find<WorkspaceTabs>("workspaces")->current(), 0);
    QCOMPARE(studio.session.references().references()[0].ip_adapter_scale, 1.0);
    QTRY_VERIFY(*studio.session.shown()->image == *studio.model.cell(5)->result.image);
    QCOMPARE(studio.session.currentRequest().seed, studio.model.spec().base.seed);
}

void TestCompare::aSheetIsMadeFromTypedValues() {
    CompareFixture studio;
    studio.find<WorkspaceTabs>("workspaces")->setCurrent(1);
    QTest::mouseClick(studio.find<QAbstractButton>("make_1"), Qt::LeftButton);
    auto* down = studio.find<ChoiceBox>("down");
    const int scheduler = down->findText("Scheduler");
    QVERIFY(scheduler >= 0);
    down->setCurrentIndex(scheduler);
    Q_EMIT down->activated(scheduler);
    auto* values = studio.find<QLineEdit>("across_values");
    values->setFocus();
    values->selectAll();
    QTest::keyClicks(values, "0.5, 1");
    QTest::keyClick(values, Qt::Key_Return);
    QVERIFY(studio.find<PlainLabel>("comparison_cost")->text().startsWith("6 pictures"));
    QTest::mouseClick(studio.find<TextButton>("make_comparison"), Qt::LeftButton);
    QTRY_VERIFY(studio.model.isComplete());
    QCOMPARE(studio.caption(3), QString("1, euler"));
    // Three rows, two columns.
    QCOMPARE(studio.view->pictureRect(0).top(), studio.view->pictureRect(1).top());
    QVERIFY(std::abs(studio.view->pictureRect(0).left() - studio.view->pictureRect(2).left()) <= 1);
}

void TestCompare::whatCannotRunIsSaidBesideTheButton() {
    CompareFixture studio;
    studio.find<WorkspaceTabs>("workspaces")->setCurrent(1);
    auto* step = studio.find<NumberField>("ladder_step");
    step->setFocus();
    step->selectAll();
    QTest::keyClicks(step, "0.01");
    QTest::keyClick(step, Qt::Key_Return);
    auto* to = studio.find<NumberField>("ladder_to");
    to->setFocus();
    to->selectAll();
    QTest::keyClicks(to, "9");
    QTest::keyClick(to, Qt::Key_Return);
    QVERIFY2(studio.find<PlainLabel>("comparison_cost")->text().contains("more than 64") &&
                 !studio.find<TextButton>("make_comparison")->isEnabled(),
             qPrintable(studio.find<PlainLabel>("comparison_cost")->text()));
    to->setFocus();
    to->selectAll();
    QTest::keyClicks(to, "0.02");
    QTest::keyClick(to, Qt::Key_Return);
    QVERIFY(studio.find<TextButton>("make_comparison")->isEnabled());
    QVERIFY(studio.find<PlainLabel>("comparison_cost")->text().startsWith("3 pictures"));
}

void TestCompare::aLadderWaitsForAReferenceBeingRead() {
    StudioFixture studio;
    studio.drop({studio.picture("large.png", Qt::red, {1500, 1500})}, studio.onReferences());
    QVERIFY(studio.session.references().isReading());
    studio.find<QAction>("make_ladder")->trigger();
    QVERIFY(studio.session.comparison().cells().empty());
    QTRY_COMPARE(studio.session.comparison().cells().size(), 7U);
    QTRY_VERIFY(studio.session.comparison().isComplete());
}

void TestCompare::numbersArePlottedWithTheBestTradeOff() {
    CompareFixture studio;
    studio.ladder();
    QTest::mouseClick(studio.find<TextButton>("measure"), Qt::LeftButton);
    auto* plot = studio.find<TradeOffPlot>("trade_off_plot");
    QTRY_VERIFY(plot->isVisible());
    QCOMPARE(plot->points().size(), 7);
    QVERIFY(plot->best() >= 0);
    QVERIFY(studio.find<PlainLabel>("number_1_3")->text().startsWith('+') ||
            studio.find<PlainLabel>("number_1_3")->text().startsWith(QChar(0x2212)));
    QVERIFY(studio.find<PlainLabel>("number_2_1")->text().startsWith("0.3"));

    const QList<TradeOffPlot::Point> line{{"a", 0.0, 1.0, true},
                                          {"b", 0.8, 0.9, true},
                                          {"c", 1.0, 0.0, true},
                                          {"d", 9.0, 9.0, false}};
    QCOMPARE(bestTradeOff(line), 1); // what is not measured does not count
    QCOMPARE(bestTradeOff(line.mid(0, 2)), -1);
}

void TestCompare::withOneMeasureThePanelSaysSo() {
    CompareFixture studio;
    studio.script->no_agreement = true;
    studio.ladder();
    QTest::mouseClick(studio.find<TextButton>("measure"), Qt::LeftButton);
    auto* plot = studio.find<TradeOffPlot>("trade_off_plot");
    QTRY_VERIFY(plot->isVisible());
    QCOMPARE(plot->best(), -1);
    const QString words = studio.find<PlainLabel>("numbers_words")->text();
    QVERIFY2(words.contains("Similarity alone") && words.contains("no space"), qPrintable(words));
}

void TestCompare::noticesStandWhereOneLooks() {
    CompareFixture studio;
    studio.script->fails_run = 2;
    QTest::keyClick(&studio.window, Qt::Key_L, Qt::ControlModifier);
    QTRY_COMPARE(studio.model.doneCount(), 6);
    QTRY_VERIFY(studio.window.notices().isVisible());
    QVERIFY(studio.model.cell(1)->reason.contains("memory"));
    studio.find<WorkspaceTabs>("workspaces")->setCurrent(0);
    QTRY_VERIFY(studio.window.notices().isVisible());
    // Go on makes the one that failed.
    studio.find<WorkspaceTabs>("workspaces")->setCurrent(1);
    QTest::mouseClick(studio.find<TextButton>("resume_comparison"), Qt::LeftButton);
    QTRY_VERIFY(studio.model.isComplete());
}

void TestCompare::zoomKeysAreOfWhatIsLookedAt() {
    CompareFixture studio;
    studio.ladder();
    const double generate = studio.window.view().zoom();
    studio.view->setFocus();
    QTest::keyClick(studio.view, Qt::Key_1, Qt::ControlModifier);
    QCOMPARE(studio.view->zoom(), 1.0);
    QCOMPARE(studio.view->large(), -1);
    QTest::keyClick(studio.view, Qt::Key_Plus, Qt::ControlModifier);
    QVERIFY(studio.view->zoom() > 1.2);
    QTest::keyClick(studio.view, Qt::Key_0, Qt::ControlModifier);
    QVERIFY(studio.view->isFit());
    QCOMPARE(studio.window.view().zoom(), generate);
}

void TestCompare::influenceIsShownOverThePicture() {
    CompareFixture studio;
    studio.drop({studio.picture("blue.png", Qt::blue)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 2U);
    studio.ladder();
    auto* ask = studio.find<TextButton>("show_influence");
    auto* view = studio.find<InfluenceView>("influence_view");
    QVERIFY(ask->isEnabled() && !view->isVisible());
    QTest::mouseClick(ask, Qt::LeftButton);
    QTRY_VERIFY(!view->map().isNull());
    QCOMPARE(view->map().size(), QSize(2, 1));
    const QRgb strongest = qRgb(253, 231, 37), none = qRgb(68, 1, 84);
    QCOMPARE(view->map().pixel(0, 0), strongest);
    QCOMPARE(view->map().pixel(1, 0), none);
    auto* reference = studio.find<ChoiceBox>("influence_reference");
    reference->setCurrentIndex(1);
    Q_EMIT reference->activated(1);
    QCOMPARE(view->map().pixel(1, 0), strongest);
    // Another picture has not been looked at yet.
    studio.model.setMarks(0, 6);
    QVERIFY(ask->isEnabled());
    QVERIFY(!studio.find<ChoiceBox>("influence_reference")->isVisibleTo(&studio.window));
}

void TestCompare::itIsExportedAsOneSheetAndAsFiles() {
    CompareFixture studio;
    studio.ladder();
    auto* compare = studio.window.findChild<CompareWorkspace*>();
    const QString path = studio.folder.filePath("sheet.png");
    compare->exportSheet(path);
    QTRY_COMPARE(studio.find<PlainLabel>("status_text")->text(), QString("Saved sheet.png"));
    const QImage sheet(path);
    QVERIFY(sheet.width() > 7 * 128 && sheet.height() > 128);
    const QString folder = studio.folder.filePath("out");
    QVERIFY(QDir().mkpath(folder));
    compare->exportFiles(folder);
    QTRY_COMPARE(QDir(folder).entryList({"*.png"}).size(), 7);
    const QString seed = QString::number(studio.model.spec().base.seed);
    QVERIFY(QFileInfo::exists(folder + "/compare-" + seed + "-0.4.png"));
    compare->exportSheet(studio.folder.filePath("missing/sheet.png"));
    QTRY_VERIFY(studio.find<PlainLabel>("status_text")->text().contains("could not be saved"));
}

void TestCompare::finishedRungsAreOrdinaryResults() {
    CompareFixture studio;
    const int before = studio.session.library().rowCount();
    studio.ladder();
    QTRY_COMPARE(studio.session.library().rowCount(), before + 7);
}

void TestCompare::everyControlIsNamedAndReachable() {
    CompareFixture studio;
    studio.ladder();
    int controls = 0;
    for (const QWidget* widget : studio.window.findChildren<QWidget*>()) {
        const bool is_control = widget->inherits("QAbstractButton") ||
                                widget->inherits("QLineEdit") || widget->inherits("QComboBox") ||
                                widget->inherits("QAbstractSlider") || widget->inherits("QTabBar");
        if (!is_control || !widget->isVisibleTo(&studio.window) ||
            widget->objectName().startsWith("qt_") || widget->inherits("QScrollBar")) {
            continue;
        }
        ++controls;
        const QString place =
            QString("%1 in %2")
                .arg(widget->metaObject()->className(), widget->parentWidget()->objectName());
        QVERIFY2(!widget->objectName().isEmpty(), qPrintable("no name: " + place));
        QVERIFY2(!widget->toolTip().isEmpty() || !widget->accessibleName().isEmpty(),
                 qPrintable("no words: " + widget->objectName()));
        QVERIFY2(widget->focusPolicy() & Qt::TabFocus,
                 qPrintable("not reachable by keyboard: " + widget->objectName()));
    }
    QVERIFY2(controls > 30, qPrintable(QString::number(controls)));
}

// What is offered first can be made.
void TestCompare::aSheetBeginsWithTwoFields() {
    StudioFixture studio;
    studio.find<QAbstractButton>("make_1")->click();
    const ComparisonDraft& draft = studio.session.comparison().draft();
    const GenerationRequest base = studio.session.currentRequest();
    const ComparisonDraft shown = fitted(draft, base);
    QVERIFY(shown.sheet && shown.across.choice != shown.down.choice);
    QVERIFY(studio.find<QAbstractButton>("make_comparison")->isEnabled());
}

QTEST_MAIN(TestCompare)
#include "test_compare.moc"
