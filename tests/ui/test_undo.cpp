#include "tests/ui/studio_fixture.h"
#include "ui/model/edit_history.h"
#include "ui/panels/prompt_panel.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/slider_track.h"

#include <QAction>
#include <QClipboard>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QStandardPaths>

using namespace likeness;

namespace {

// A window in front, with two references.
struct Undoing : StudioFixture {
    Undoing() {
        QApplication::setActiveWindow(&window);
        drop({picture("mug.png", Qt::red), picture("bowl.png", Qt::blue)}, onReferences());
        if (QTest::qWaitFor([this] { return session.references().references().size() == 2; })) {
            session.edits().restart();
        }
        start = edits().state();
    }

    EditHistory& edits() { return session.edits(); }

    int steps() { return edits().stack().index(); }

    const ReferenceCard& card(std::size_t row) { return session.references().cards()[row]; }

    QPlainTextEdit* prompt() { return find<QPlainTextEdit>("prompt"); }

    void press(QWidget* widget, Qt::Key key,
               Qt::KeyboardModifiers modifiers = Qt::ControlModifier) {
        QTest::keyClick(widget, key, modifiers);
    }

    QString undoName() { return edits().stack().undoText(); }

    EditState start{};
};

} // namespace

// Undo and redo through the window, over the fake runner.
class TestUndo : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        applyTheme(*qApp, ThemeKind::dark);
    }

    void aDragIsOneStep();
    void twoDragsAreTwoSteps();
    void aDragBackToTheStartIsNoStep();
    void typingIsOneStepUntilAPause();
    void theCursorStandsWhereTheTextCameBack();
    void ctrlZInThePromptUndoesTheWindow();
    void ctrlZInAFieldThatIsTypedIntoUndoesTheTyping();
    void aCommittedNumberIsUndoneByTheWindow();
    void theKeysWorkOnALayoutWithoutLatinLetters();
    void aRemovedReferenceComesBackAsItWas();
    void picturesPastTheBudgetAreReadAgain();
    void severalFilesAreOneStep();
    void aRefusedFileLeavesNoStep();
    void undoWhileAFileIsReadKeepsIt();
    void settingsOfAResultAreOneStep();
    void undoingAStrengthRemakesThePicture();
    void undoingAPromptRemakesOnlyWhenLive();
    void aSeedDrawnByGenerateIsNoStep();
    void aPictureThatWaitedForAnUndoneCardIsMade();
    void whatACardCanDoHasNames();
    void aFailedModelIsNotComeBackTo();
    void theMenuNamesTheStep();
    void undoAllIsTheStartAndRedoAllTheEnd();
};

void TestUndo::aDragIsOneStep() {
    Undoing studio;
    auto* track = studio.find<SliderTrack>("ip_adapter_scale");
    const QPoint middle = track->rect().center();
    QTest::mousePress(track, Qt::LeftButton, {}, middle);
    for (int x = 0; x < 12; ++x) {
        QTest::mouseMove(track, middle + QPoint(x * 2, 0));
        if (x == 6) {
            QTest::qWait(1100); // a hand that rests but holds
        }
    }
    QTest::mouseRelease(track, Qt::LeftButton, {}, middle + QPoint(24, 0));
    QVERIFY(studio.card(0).ip_adapter_scale != studio.start.cards[0].ip_adapter_scale);
    QCOMPARE(studio.steps(), 1);
    QCOMPARE(studio.undoName(), QString("Strength of mug.png"));
    studio.edits().undo();
    QCOMPARE(studio.edits().state(), studio.start);
    QCOMPARE(studio.find<SliderTrack>("ip_adapter_scale"), track); // the card's view stays
    QCOMPARE(track->value(), 60);
}

void TestUndo::twoDragsAreTwoSteps() {
    Undoing studio;
    auto* track = studio.find<SliderTrack>("ip_adapter_scale");
    for (const int x : {5, 60}) {
        QTest::mouseClick(track, Qt::LeftButton, {}, QPoint(x, 10));
    }
    QCOMPARE(studio.steps(), 2);
}

void TestUndo::aDragBackToTheStartIsNoStep() {
    Undoing studio;
    auto* track = studio.find<SliderTrack>("ip_adapter_scale");
    QTest::keyClick(track, Qt::Key_Right);
    QCOMPARE(studio.steps(), 1);
    QTest::keyClick(track, Qt::Key_Left);
    QCOMPARE(studio.steps(), 0);
    QCOMPARE(studio.edits().state(), studio.start);
    QTest::keyClick(track, Qt::Key_Right);
    QCOMPARE(studio.steps(), 1);
    studio.edits().undo();
    QCOMPARE(studio.edits().state(), studio.start);
}

void TestUndo::typingIsOneStepUntilAPause() {
    Undoing studio;
    studio.prompt()->setFocus();
    QTest::keyClicks(studio.prompt(), "a mug");
    QCOMPARE(studio.steps(), 1);
    QCOMPARE(studio.undoName(), QString("Prompt"));
    QTest::qWait(1100);
    QTest::keyClicks(studio.prompt(), " in snow");
    QCOMPARE(studio.steps(), 2);
    studio.find<QPlainTextEdit>("negative_prompt")->setFocus();
    studio.prompt()->setFocus();
    QTest::keyClicks(studio.prompt(), "."); // at once, but the focus was elsewhere
    QCOMPARE(studio.steps(), 3);
    studio.edits().undo();
    studio.edits().undo();
    QCOMPARE(studio.prompt()->toPlainText(), QString("a mug"));
    studio.edits().redo();
    QCOMPARE(studio.prompt()->toPlainText(), QString("a mug in snow"));
}

void TestUndo::theCursorStandsWhereTheTextCameBack() {
    Undoing studio;
    studio.prompt()->setPlainText("a red mug on a table");
    studio.edits().endGesture();
    QTextCursor cursor = studio.prompt()->textCursor();
    cursor.setPosition(2);
    cursor.setPosition(5, QTextCursor::KeepAnchor);
    studio.prompt()->setTextCursor(cursor);
    QTest::keyClicks(studio.prompt(), "blue");
    QCOMPARE(studio.prompt()->toPlainText(), QString("a blue mug on a table"));
    studio.edits().undo();
    QCOMPARE(studio.prompt()->toPlainText(), QString("a red mug on a table"));
    QCOMPARE(studio.prompt()->textCursor().position(), 5);
}

// One history: what was done last is undone first, whatever has the focus.
void TestUndo::ctrlZInThePromptUndoesTheWindow() {
    Undoing studio;
    studio.prompt()->setFocus();
    QTest::keyClicks(studio.prompt(), "a mug");
    studio.press(studio.prompt(), Qt::Key_Z);
    QCOMPARE(studio.prompt()->toPlainText(), QString());
    QCOMPARE(studio.edits().state(), studio.start);
    studio.press(studio.prompt(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(studio.prompt()->toPlainText(), QString("a mug"));
    studio.press(studio.prompt(), Qt::Key_Z);
    studio.press(studio.prompt(), Qt::Key_Y);
    QCOMPARE(studio.prompt()->toPlainText(), QString("a mug"));
    QTest::keyClick(studio.find<SliderTrack>("ip_adapter_scale"), Qt::Key_Right);
    studio.press(studio.prompt(), Qt::Key_Z);
    QCOMPARE(studio.prompt()->toPlainText(), QString("a mug"));
    QCOMPARE(studio.card(0).ip_adapter_scale, studio.start.cards[0].ip_adapter_scale);
}

void TestUndo::ctrlZInAFieldThatIsTypedIntoUndoesTheTyping() {
    Undoing studio;
    QTest::keyClicks(studio.prompt(), "a mug");
    auto* steps = studio.find<NumberField>("num_inference_steps_number");
    steps->setFocus();
    steps->selectAll();
    const QString before = steps->text();
    QTest::keyClicks(steps, "7");
    studio.press(steps, Qt::Key_Z);
    QCOMPARE(steps->text(), before); // nothing was set yet, so nothing else is undone
    QCOMPARE(studio.prompt()->toPlainText(), QString("a mug"));
    studio.press(steps, Qt::Key_Z); // and now there is nothing of its own
    QCOMPARE(studio.prompt()->toPlainText(), QString());
}

void TestUndo::aCommittedNumberIsUndoneByTheWindow() {
    Undoing studio;
    auto* steps = studio.find<NumberField>("num_inference_steps_number");
    const QString before = steps->text();
    steps->setFocus();
    steps->selectAll();
    QTest::keyClicks(steps, "7");
    QTest::keyClick(steps, Qt::Key_Return);
    QCOMPARE(studio.session.request().request().num_inference_steps, std::optional(7));
    studio.press(steps, Qt::Key_Z);
    QCOMPARE(studio.edits().state(), studio.start);
    QCOMPARE(steps->text(), before);
    auto* seed = studio.find<QLineEdit>("seed");
    seed->setFocus();
    seed->selectAll();
    QTest::keyClicks(seed, "42");
    QTest::keyClick(seed, Qt::Key_Return);
    QCOMPARE(studio.session.request().request().seed, 42U);
    studio.press(seed, Qt::Key_Z);
    QCOMPARE(seed->text(), QString::number(studio.start.request.seed));
}

void TestUndo::theKeysWorkOnALayoutWithoutLatinLetters() {
    Undoing studio;
    QTest::keyClicks(studio.prompt(), "a mug");
    const int cyrillic_ya = 0x042F; // lies where Z does
    for (const QEvent::Type type : {QEvent::ShortcutOverride, QEvent::KeyPress}) {
        QKeyEvent key(type, cyrillic_ya, Qt::ControlModifier, 52, 0, 0);
        QApplication::sendEvent(studio.prompt(), &key);
    }
    QCOMPARE(studio.prompt()->toPlainText(), QString());
    for (const QEvent::Type type : {QEvent::ShortcutOverride, QEvent::KeyPress}) {
        QKeyEvent key(type, cyrillic_ya, Qt::ControlModifier | Qt::ShiftModifier, 52, 0, 0);
        QApplication::sendEvent(studio.prompt(), &key);
    }
    QCOMPARE(studio.prompt()->toPlainText(), QString("a mug"));
}

void TestUndo::aRemovedReferenceComesBackAsItWas() {
    Undoing studio;
    ReferenceListModel& references = studio.session.references();
    references.setScale(studio.card(0).id, 1.1);
    references.setMuted(studio.card(0).id, true);
    const EditState before = studio.edits().state();
    QTest::mouseClick(studio.find<IconButton>("remove"), Qt::LeftButton);
    QTRY_COMPARE(references.rowCount(), 1);
    QCOMPARE(studio.undoName(), QString("Remove mug.png"));
    studio.edits().undo();
    QCOMPARE(studio.edits().state(), before); // place, strength, mute, pixels
    references.clear();
    QCOMPARE(studio.undoName(), QString("Remove 2 references"));
    studio.edits().undo();
    QCOMPARE(studio.edits().state(), before);
}

void TestUndo::picturesPastTheBudgetAreReadAgain() {
    Undoing studio;
    const std::weak_ptr<const Image> mug = studio.card(0).image;
    const std::weak_ptr<const Image> bowl = studio.card(1).image;
    studio.edits().setPixelBudget(studio.card(1).image->bytes.size()); // both are of one size
    studio.session.references().remove(studio.card(0).id);
    studio.session.references().remove(studio.card(0).id);
    QCOMPARE(studio.steps(), 2);
    studio.start = {};
    QTRY_VERIFY(mug.expired()); // once the engine has let go of it too
    QVERIFY(!bowl.expired());
    studio.edits().undo();
    studio.edits().undo();
    QTRY_COMPARE(studio.session.references().references().size(), 2U);
    QVERIFY(studio.card(1).image == bowl.lock());
    QCOMPARE(toQImage(*studio.card(0).image).pixelColor(1, 1), QColor(Qt::red));
}

void TestUndo::severalFilesAreOneStep() {
    Undoing studio;
    studio.drop({studio.picture("a.png", Qt::red), studio.picture("b.png", Qt::green),
                 studio.picture("c.png", Qt::cyan)},
                studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 5U);
    QCOMPARE(studio.steps(), 1);
    QCOMPARE(studio.undoName(), QString("Add 3 references"));
    studio.edits().undo();
    QCOMPARE(studio.edits().state(), studio.start);
    studio.edits().redo();
    QCOMPARE(studio.session.references().references().size(), 5U); // with their pixels
}

void TestUndo::aRefusedFileLeavesNoStep() {
    Undoing studio;
    QFile words(studio.folder.filePath("words.png"));
    QVERIFY(words.open(QIODevice::WriteOnly));
    words.write("only words");
    words.close();
    studio.drop({words.fileName()}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().rowCount(), 2);
    QCOMPARE(studio.steps(), 0);
    QVERIFY(!studio.edits().stack().canRedo());
    QCOMPARE(studio.edits().state(), studio.start);
    studio.drop({words.fileName(), studio.picture("a.png", Qt::green)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 3U);
    QTRY_COMPARE(studio.session.references().rowCount(), 3);
    QCOMPARE(studio.undoName(), QString("Add a.png"));
    studio.edits().undo();
    QCOMPARE(studio.edits().state(), studio.start);
}

void TestUndo::undoWhileAFileIsReadKeepsIt() {
    Undoing studio;
    QImage image(1200, 1200, QImage::Format_RGB888);
    image.fill(Qt::darkGreen);
    QApplication::clipboard()->setImage(image);
    studio.window.paste();
    QVERIFY(studio.session.references().isReading());
    const quint64 id = studio.card(2).id;
    studio.edits().undo();
    QCOMPARE(studio.session.references().rowCount(), 2);
    studio.edits().redo();
    QTRY_COMPARE(studio.session.references().rowCount(), 3);
    QTRY_VERIFY(studio.session.references().card(id)->image);
    QCOMPARE(studio.steps(), 1);
}

void TestUndo::settingsOfAResultAreOneStep() {
    Undoing studio;
    studio.prompt()->setPlainText("first");
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    studio.edits().endGesture();
    studio.prompt()->setPlainText("second");
    studio.session.references().clear();
    const EditState before = studio.edits().state();
    const int steps = studio.steps();
    studio.session.useSettingsOfPicture(studio.session.library().idAt(0));
    QTRY_COMPARE(studio.session.references().references().size(), 2U);
    QCOMPARE(studio.steps(), steps + 1);
    QCOMPARE(studio.undoName(),
             QString("Use settings of seed %1").arg(studio.session.request().request().seed));
    QTest::mouseClick(studio.find<TextButton>("notice_action"), Qt::LeftButton);
    QCOMPARE(studio.edits().state(), before);
    QCOMPARE(studio.prompt()->toPlainText(), QString("second"));
    studio.edits().redo();
    QCOMPARE(studio.prompt()->toPlainText(), QString("first"));
    QCOMPARE(studio.session.references().references().size(), 2U);
}

void TestUndo::undoingAStrengthRemakesThePicture() {
    Undoing studio;
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    const ResultImage first = *studio.session.shown();
    QTest::keyClick(studio.find<SliderTrack>("ip_adapter_scale"), Qt::Key_Right);
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    studio.edits().undo();
    QTRY_COMPARE(*studio.session.shown()->image, *first.image);
    QTest::keyClick(studio.find<NumberField>("master_scale_number"), Qt::Key_Down);
    QTRY_VERIFY(*studio.session.shown()->image != *first.image);
    studio.edits().undo();
    QTRY_COMPARE(*studio.session.shown()->image, *first.image);
}

void TestUndo::undoingAPromptRemakesOnlyWhenLive() {
    Undoing studio;
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    QTRY_VERIFY(studio.isIdle());
    QTest::keyClicks(studio.prompt(), "a");
    studio.edits().undo();
    QTest::qWait(350);
    QCOMPARE(studio.script->runs.load(), 1);
    studio.session.setLive(true);
    studio.edits().redo();
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    QCOMPARE(studio.session.shown()->request.prompt, std::string("a"));
}

void TestUndo::aSeedDrawnByGenerateIsNoStep() {
    Undoing studio;
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    QTest::keyClicks(studio.prompt(), "a");
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    QCOMPARE(studio.steps(), 1);
    const EditState end = studio.edits().state();
    QVERIFY(end.request.seed != studio.start.request.seed);
    studio.edits().undo();
    QCOMPARE(studio.edits().state(), studio.start);
    studio.edits().redo();
    QCOMPARE(studio.edits().state(), end);
}

void TestUndo::aPictureThatWaitedForAnUndoneCardIsMade() {
    Undoing studio;
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    QTRY_VERIFY(studio.isIdle());
    QImage image(2000, 2000, QImage::Format_RGB888);
    image.fill(Qt::darkGreen);
    QApplication::clipboard()->setImage(image);
    studio.window.paste();
    studio.window.generate(); // waits for it
    QVERIFY(studio.session.references().isReading());
    studio.edits().undo();
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    QVERIFY(studio.edits().state().request == studio.session.request().request());
    QCOMPARE(studio.session.shown()->request.seed, studio.session.request().request().seed);
}

void TestUndo::whatACardCanDoHasNames() {
    Undoing studio;
    ReferenceListModel& references = studio.session.references();
    const quint64 id = studio.card(0).id;
    references.setRole(id, ReferenceRole::scene);
    QCOMPARE(studio.undoName(), QString("Role of mug.png"));
    references.setRange(id, 0.1, 0.9);
    QCOMPARE(studio.undoName(), QString("Range of mug.png"));
    references.setCrop(id, {.left = 0.25, .width = 0.5});
    QCOMPARE(studio.undoName(), QString("What is looked at of mug.png"));
    studio.session.setMask(id, std::make_shared<const Image>(make_image(8, 8, 1)));
    QCOMPARE(studio.undoName(), QString("Mask of mug.png"));
    references.move(id, 1);
    QCOMPARE(studio.undoName(), QString("Reorder references"));
    const EditState end = studio.edits().state();
    studio.edits().undoTo(0);
    QVERIFY(studio.edits().state() == studio.start);
    while (studio.edits().stack().canRedo()) {
        studio.edits().redo();
    }
    QVERIFY(studio.edits().state() == end);
}

void TestUndo::aFailedModelIsNotComeBackTo() {
    Undoing studio;
    QTRY_COMPARE(studio.session.goodModel(), QString("starter"));
    studio.script->model_is_broken = true;
    studio.session.openModel("/models/half-a-model");
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    QCOMPARE(studio.session.request().request().model, std::string("starter"));
    studio.edits().undo();
    QCOMPARE(studio.edits().state(), studio.start);
    studio.edits().redo();
    QCOMPARE(studio.session.request().request().model, std::string("starter"));
}

void TestUndo::theMenuNamesTheStep() {
    Undoing studio;
    auto* undo = studio.find<QAction>("undo");
    auto* redo = studio.find<QAction>("redo");
    QVERIFY(!undo->isEnabled() && !redo->isEnabled());
    QVERIFY(!studio.find<IconButton>("undo_button")->isEnabled());
    studio.drop({studio.picture("salt & <b>pepper.png", Qt::red)}, studio.onReferences());
    QCOMPARE(undo->text(), QString("&Undo: Add salt && <b>pepper.png"));
    QVERIFY(studio.find<IconButton>("undo_button")->toolTip().contains("&lt;b&gt;"));
    undo->trigger();
    QCOMPARE(redo->text(), QString("&Redo: Add salt && <b>pepper.png"));
    QTest::mouseClick(studio.find<IconButton>("redo_button"), Qt::LeftButton);
    QCOMPARE(studio.session.references().rowCount(), 3);
}

void TestUndo::undoAllIsTheStartAndRedoAllTheEnd() {
    Undoing studio;
    ReferenceListModel& references = studio.session.references();
    RequestModel& request = studio.session.request();
    QTest::keyClicks(studio.prompt(), "a mug");
    references.setSolo(studio.card(1).id, true);
    QCOMPARE(studio.undoName(), QString("Solo bowl.png"));
    request.edit([](GenerationRequest& edited) { edited.width = 256; });
    QCOMPARE(studio.undoName(), QString("Size"));
    request.setSeedLocked(true);
    QCOMPARE(studio.undoName(), QString("Lock the seed"));
    request.drawSeed();
    QCOMPARE(studio.undoName(), QString("Seed"));
    references.remove(studio.card(1).id);
    references.setMuted(studio.card(0).id, true);
    QCOMPARE(studio.undoName(), QString("Mute mug.png"));
    const EditState end = studio.edits().state();
    QCOMPARE(studio.steps(), 7);
    while (studio.edits().stack().canUndo()) {
        studio.edits().undo();
    }
    QCOMPARE(studio.edits().state(), studio.start);
    while (studio.edits().stack().canRedo()) {
        studio.edits().redo();
    }
    QCOMPARE(studio.edits().state(), end);
}

QTEST_MAIN(TestUndo)
#include "test_undo.moc"
