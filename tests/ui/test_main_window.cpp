#include "core/request/limits.h"
#include "tests/ui/studio_fixture.h"
#include "ui/canvas/picture_view.h"
#include "ui/model/qimage_conversion.h"
#include "ui/panels/reference_card_view.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/drop_well.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/progress_strip.h"
#include "ui/widgets/slider_track.h"

#include <QAction>
#include <QClipboard>
#include <QColorSpace>
#include <QDockWidget>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QThread>

#include <atomic>

using namespace likeness;

// The window as a person uses it, over the fake runner.
class TestMainWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void generateShowsAPicture();
    void theModelIsPreparedAtStartAndWhenAReferenceLands();
    void droppedFilesBecomeCardsAndRefusalsAreToldOnce();
    void theEleventhReferenceIsRefusedInWords();
    void pasteAddsAReferenceButNotWhileTyping();
    void aStrengthRemakesThePictureWithItsSeed();
    void theMasterRemakesToo();
    void noRemakeBeforeThereIsAPicture();
    void stopKeepsTheOldPicture();
    void seedsAreDrawnUnlessLocked();
    void whatIsTypedIsUsedByTheButtonAndTheKey();
    void escTakesBackWhatIsTyped();
    void settingsComeBackFromASavedPicture();
    void thePictureThatWasMeantIsSaved();
    void settingsComeBackFromTheStrip();
    void aPictureWithoutSettingsBecomesAReference();
    void aFailureIsARowAndTheOldPictureStays();
    void aBrokenModelIsToldAndTheOldOneStays();
    void variationsOfAModelThatIsGoneAreTold();
    void noticesThatAskStayLongest();
    void badSettingsAreToldBeforeTheRun();
    void nothingIsRefusedBeforeTheModelIsKnown();
    void generateWaitsForReferencesBeingRead();
    void liveRemakesAfterTyping();
    void aDragShowsBothZones();
    void everyControlIsNamedAndReachable();
    void panelsHideAndComeBack();
};

void TestMainWindow::generateShowsAPicture() {
    StudioFixture studio;
    studio.find<QPlainTextEdit>("prompt")->setPlainText("a mug on a beach");
    QSignalSpy shown(&studio.window, &MainWindow::pictureShown);
    QTest::mouseClick(studio.find<TextButton>("generate"), Qt::LeftButton);
    QVERIFY(shown.wait());
    QCOMPARE(studio.session.library().rowCount(), 1);
    const ResultImage& made = *studio.session.shown();
    QCOMPARE(made.request.prompt, std::string("a mug on a beach"));
    QCOMPARE(studio.window.view().image(), toQImage(*made.image));
    QTRY_COMPARE(studio.find<ProgressStrip>("progress_strip")->title(), QString("Done"));
}

void TestMainWindow::theModelIsPreparedAtStartAndWhenAReferenceLands() {
    StudioFixture studio;
    QTRY_VERIFY(studio.script->prepares >= 1);
    QTRY_VERIFY(studio.isIdle());
    QCOMPARE(studio.script->encodings.load(), 0);
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.script->encodings.load(), 1); // before Generate is pressed
    QCOMPARE(studio.script->runs.load(), 0);
}

void TestMainWindow::droppedFilesBecomeCardsAndRefusalsAreToldOnce() {
    StudioFixture studio;
    QFile words(studio.folder.filePath("words.png"));
    QVERIFY(words.open(QIODevice::WriteOnly));
    words.write("only words");
    words.close();
    QFile more(studio.folder.filePath("<b>more<i>.jpg"));
    QVERIFY(more.open(QIODevice::WriteOnly));
    more.write("more words");
    more.close();
    studio.drop({studio.picture("a.png", Qt::red), words.fileName(),
                 studio.picture("b.png", Qt::green), more.fileName()},
                studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 2U);
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    const Notice notice = studio.window.notices().notices().front();
    QVERIFY(notice.reason.contains("words.png"));
    QVERIFY(notice.reason.contains("<b>more<i>.jpg"));
    QCOMPARE(studio.window.findChildren<ReferenceCardView*>().size(), 2);
}

void TestMainWindow::theEleventhReferenceIsRefusedInWords() {
    StudioFixture studio;
    QStringList files;
    for (int i = 0; i < kMaxReferences + 1; ++i) {
        files << studio.picture(QString("p%1.png").arg(i), QColor(i * 20, 0, 0));
    }
    studio.drop(files, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(),
                 static_cast<std::size_t>(kMaxReferences));
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    QVERIFY(studio.window.notices().notices().front().reason.contains("p10.png"));
    QVERIFY(studio.window.notices().notices().front().reason.contains("10 references"));
    QVERIFY(!studio.find<DropWell>("drop_well")->isEnabled());
}

void TestMainWindow::pasteAddsAReferenceButNotWhileTyping() {
    StudioFixture studio;
    QImage image(20, 20, QImage::Format_RGB888);
    image.fill(Qt::blue);
    QApplication::clipboard()->setImage(image);
    studio.window.paste();
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QApplication::clipboard()->setText("words");
    QApplication::setActiveWindow(&studio.window);
    auto* prompt = studio.find<QPlainTextEdit>("prompt");
    prompt->setFocus();
    QTRY_VERIFY(prompt->hasFocus());
    QTest::keyClick(prompt, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(prompt->toPlainText(), QString("words"));
    QCOMPARE(studio.session.references().rowCount(), 1);
}

void TestMainWindow::aStrengthRemakesThePictureWithItsSeed() {
    StudioFixture studio;
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QSignalSpy shown(&studio.window, &MainWindow::pictureShown);
    studio.window.generate();
    QVERIFY(shown.wait());
    const ResultImage before = *studio.session.shown();
    auto* slider = studio.find<SliderTrack>("ip_adapter_scale");
    QVERIFY(slider);
    QTest::keyClick(slider, Qt::Key_Right);
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    const ResultImage after = *studio.session.shown();
    QCOMPARE(after.request.seed, before.request.seed);
    QCOMPARE(after.request.references[0].ip_adapter_scale,
             before.request.references[0].ip_adapter_scale + 0.05);
    QVERIFY(*after.image != *before.image);
    // Back where it was: the very same picture.
    QTest::keyClick(slider, Qt::Key_Left);
    QTRY_COMPARE(*studio.session.shown()->image, *before.image);
    QTRY_COMPARE(studio.session.library().rowCount(), 2); // it took the place of the one before
}

void TestMainWindow::theMasterRemakesToo() {
    StudioFixture studio;
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value());
    const std::uint64_t seed = studio.session.shown()->request.seed;
    QTest::keyClick(studio.find<NumberField>("master_scale_number"), Qt::Key_Down);
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    QCOMPARE(studio.session.shown()->request.seed, seed);
    QCOMPARE(studio.session.shown()->request.master_scale, 0.95);
}

void TestMainWindow::noRemakeBeforeThereIsAPicture() {
    StudioFixture studio;
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QTest::keyClick(studio.find<SliderTrack>("ip_adapter_scale"), Qt::Key_Right);
    QTest::qWait(50);
    QCOMPARE(studio.script->runs.load(), 0);
}

void TestMainWindow::stopKeepsTheOldPicture() {
    StudioFixture studio;
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
    const QImage before = studio.window.view().image();
    studio.script->step_milliseconds = 30;
    studio.window.generate();
    QTRY_VERIFY(studio.window.view().image() != before); // a preview lies over it
    auto* strip = studio.find<ProgressStrip>("progress_strip");
    QTest::mouseClick(studio.find<TextButton>("stop"), Qt::LeftButton);
    QCOMPARE(strip->title(), QString("Stopping"));
    QTRY_VERIFY(studio.isIdle());
    QCOMPARE(studio.window.view().image(), before);
    QCOMPARE(studio.session.library().rowCount(), 1);
}

void TestMainWindow::seedsAreDrawnUnlessLocked() {
    StudioFixture studio;
    auto* seed = studio.find<QLineEdit>("seed");
    seed->setText("18446744073709551615");
    Q_EMIT seed->editingFinished();
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    QCOMPARE(studio.session.shown()->request.seed, 18446744073709551615ULL); // what was typed
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    const std::uint64_t drawn = studio.session.shown()->request.seed;
    QVERIFY(drawn != 18446744073709551615ULL);
    QCOMPARE(seed->text(), QString::number(drawn));
    QTest::mouseClick(studio.find<IconButton>("seed_lock"), Qt::LeftButton);
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 3);
    QCOMPARE(studio.session.shown()->request.seed, drawn);
}

void TestMainWindow::whatIsTypedIsUsedByTheButtonAndTheKey() {
    StudioFixture studio;
    QApplication::setActiveWindow(&studio.window);
    QTRY_VERIFY(studio.window.isActiveWindow());
    QTRY_COMPARE(studio.session.request().traits().vae_factor, 4); // the model is known
    const auto type = [](QLineEdit* field, const char* text) {
        field->setFocus();
        QTRY_VERIFY(field->hasFocus());
        field->selectAll();
        QTest::keyClicks(field, text);
    };
    auto* steps = studio.find<NumberField>("num_inference_steps_number");
    type(steps, "7");
    QTest::mouseClick(studio.find<TextButton>("generate"), Qt::LeftButton);
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    QCOMPARE(studio.session.shown()->request.num_inference_steps, std::optional(7));

    auto* seed = studio.find<QLineEdit>("seed");
    type(seed, "42");
    QTest::mouseClick(studio.find<TextButton>("generate"), Qt::LeftButton);
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    QCOMPARE(studio.session.shown()->request.seed, 42U);

    type(steps, "9");
    studio.session.request().drawSeed(); // shown at once, but not over what is being typed
    QCOMPARE(steps->text(), QString("9"));
    QTest::keyClick(steps, Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(studio.session.library().rowCount(), 3);
    QCOMPARE(studio.session.shown()->request.num_inference_steps, std::optional(9));
    QCOMPARE(steps->text(), QString("9"));
}

void TestMainWindow::escTakesBackWhatIsTyped() {
    StudioFixture studio;
    QApplication::setActiveWindow(&studio.window);
    QTRY_VERIFY(studio.window.isActiveWindow());
    auto* steps = studio.find<NumberField>("num_inference_steps_number");
    steps->setFocus();
    QTRY_VERIFY(steps->hasFocus());
    const QString before = steps->text();
    steps->selectAll();
    QTest::keyClicks(steps, "7");
    const QSignalSpy stopped(studio.find<QAction>("stop_now"), &QAction::triggered);
    QTest::keyClick(steps, Qt::Key_Escape);
    QCOMPARE(steps->text(), before);
    QCOMPARE(stopped.count(), 0);
    QTest::keyClick(steps, Qt::Key_Escape); // with nothing typed it is the window's
    QCOMPARE(stopped.count(), 1);
}

void TestMainWindow::settingsComeBackFromASavedPicture() {
    const QTemporaryDir kept;
    QString path;
    GenerationRequest made;
    {
        StudioFixture studio;
        const QString reference = kept.filePath("mug.png");
        QVERIFY(QFile::copy(studio.picture("mug.png", Qt::red), reference));
        studio.drop({reference}, studio.onReferences());
        QTRY_COMPARE(studio.session.references().references().size(), 1U);
        studio.find<QPlainTextEdit>("prompt")->setPlainText("a mug in snow");
        studio.find<NumberField>("num_inference_steps_number")->setText("7");
        QTest::keyClick(studio.find<NumberField>("num_inference_steps_number"), Qt::Key_Return);
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
        made = studio.session.shown()->request;
        path = kept.filePath("made.png");
        studio.session.save(path, *studio.session.shown(), studio.session.shownId());
        QTRY_VERIFY(QFile::exists(path));
    }
    StudioFixture studio;
    studio.drop({path}, studio.onCanvas());
    QTRY_COMPARE(studio.find<QPlainTextEdit>("prompt")->toPlainText(), QString("a mug in snow"));
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QCOMPARE(studio.find<NumberField>("num_inference_steps_number")->value(), 7.0);
    QCOMPARE(studio.find<QLineEdit>("seed")->text(), QString::number(made.seed));
    const ResultImage dropped = *studio.session.shown();
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    const ResultImage again = *studio.session.shown();
    QCOMPARE(again.request.seed, made.seed);
    QCOMPARE(*again.image, *dropped.image); // the same pixels
    // One can go back to what was there.
    studio.window.notices().clearNotes();
    studio.session.undoSettings();
    QCOMPARE(studio.find<QPlainTextEdit>("prompt")->toPlainText(), QString());
}

void TestMainWindow::thePictureThatWasMeantIsSaved() {
    StudioFixture studio;
    const auto answer = [&studio](const QString& path) {
        auto* dialog = studio.find<QFileDialog>("file_dialog");
        QVERIFY(dialog);
        QCOMPARE(dialog->acceptMode(), QFileDialog::AcceptSave);
        Q_EMIT dialog->fileSelected(path);
        delete dialog;
        QTRY_VERIFY(QFile::exists(path) && !QImage(path).isNull());
    };
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown() && studio.isIdle());
    const QImage first = toQImage(*studio.session.shown()->image);
    studio.find<QAction>("save")->trigger();
    studio.session.request().drawSeed();
    studio.window.generate(); // another is shown before the dialog is answered
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    QTRY_VERIFY(studio.isIdle() && toQImage(*studio.session.shown()->image) != first);
    const QString path = studio.folder.filePath("first.png");
    answer(path);
    const auto in = [&first](const QString& file) {
        QImage saved = QImage(file).convertToFormat(first.format());
        saved.setColorSpace(first.colorSpace()); // the file names it
        return saved;
    };
    QCOMPARE(in(path), first);
    // One of the library that is not the shown one.
    const PictureId shown = studio.session.shownId();
    PictureLibrary& library = studio.session.library();
    const PictureId other = library.idAt(library.idAt(0) == shown ? 1 : 0);
    studio.window.saveOfLibrary(other);
    QTRY_VERIFY(studio.find<QFileDialog>("file_dialog"));
    const QString again = studio.folder.filePath("again.png");
    answer(again);
    QCOMPARE(in(again), first);
}

void TestMainWindow::settingsComeBackFromTheStrip() {
    StudioFixture studio;
    studio.find<QPlainTextEdit>("prompt")->setPlainText("first");
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    const std::uint64_t seed = studio.session.shown()->request.seed;
    studio.find<QPlainTextEdit>("prompt")->setPlainText("second");
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    studio.session.useSettingsOfPicture(studio.session.library().idAt(1));
    QCOMPARE(studio.find<QPlainTextEdit>("prompt")->toPlainText(), QString("first"));
    QCOMPARE(studio.session.request().request().seed, seed);
}

void TestMainWindow::aPictureWithoutSettingsBecomesAReference() {
    StudioFixture studio;
    studio.drop({studio.picture("photo.png", Qt::green)}, studio.onCanvas());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    QVERIFY(studio.window.notices().notices().isEmpty());
}

void TestMainWindow::aFailureIsARowAndTheOldPictureStays() {
    StudioFixture studio;
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
    const QImage before = studio.window.view().image();
    studio.script->fails_while_denoising = true;
    studio.window.generate();
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    const Notice notice = studio.window.notices().notices().front();
    QVERIFY(notice.title.contains("18.4 GB"));
    QCOMPARE(notice.action, Notice::Action::retry);
    QCOMPARE(notice.other_action, Notice::Action::make_smaller);
    QCOMPARE(studio.window.view().image(), before);
    studio.script->fails_while_denoising = false;
    QTest::mouseClick(studio.find<TextButton>("notice_action"), Qt::LeftButton);
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    QVERIFY(studio.window.notices().notices().isEmpty());
    // Or smaller: the model's own size has nothing of its shape below it but three quarters.
    studio.session.request().setSeedLocked(true);
    const std::uint64_t seed = studio.session.request().request().seed;
    studio.script->fails_while_denoising = true;
    studio.window.generate();
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    studio.script->fails_while_denoising = false;
    QTest::mouseClick(studio.find<TextButton>("notice_other_action"), Qt::LeftButton);
    QTRY_COMPARE(studio.session.library().rowCount(), 3);
    QCOMPARE(studio.session.shown()->request.width, 96);
    QCOMPARE(studio.session.shown()->request.height, 96);
    QCOMPARE(studio.session.shown()->request.seed, seed);
}

void TestMainWindow::aBrokenModelIsToldAndTheOldOneStays() {
    StudioFixture studio;
    QTRY_COMPARE(studio.session.goodModel(), QString("starter"));
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
    studio.script->model_is_broken = true;
    studio.session.openModel("/models/half-a-model");
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    const Notice notice = studio.window.notices().notices().front();
    QVERIFY(notice.title.contains("half-a-model"));
    QVERIFY(notice.reason.contains("text_encoder"));
    QVERIFY(notice.reason.contains("starter"));
    QCOMPARE(notice.action, Notice::Action::open_model);
    QCOMPARE(studio.session.request().request().model, std::string("starter"));
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
}

void TestMainWindow::variationsOfAModelThatIsGoneAreTold() {
    StudioFixture studio;
    QTRY_COMPARE(studio.session.goodModel(), QString("starter"));
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
    ResultImage of_another = *studio.session.shown();
    of_another.request.model = "/models/gone";
    studio.session.showKept(of_another, {});
    studio.script->model_is_broken = true;
    for (int times = 1; times <= 2; ++times) { // each time it is asked for
        studio.session.makeVariations(0.1, 9);
        QTRY_COMPARE(studio.window.notices().notices().size(), 1);
        const Notice notice = studio.window.notices().notices().front();
        QVERIFY(notice.title.contains("gone"));
        QVERIFY(notice.reason.contains("text_encoder"));
        QCOMPARE(studio.session.request().request().model, std::string("starter"));
        QCOMPARE(studio.session.goodModel(), QString("starter"));
        QTest::mouseClick(studio.find<QAbstractButton>("notice_close"), Qt::LeftButton);
        QTRY_VERIFY(studio.isIdle());
    }
    studio.window.generate(); // what was open goes on
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
}

void TestMainWindow::noticesThatAskStayLongest() {
    NoticeList list;
    const auto titles = [&list] {
        QStringList all;
        for (const Notice& notice : list.notices()) {
            all << notice.title;
        }
        return all;
    };
    using enum Notice::Severity;
    list.add({.severity = warning, .title = "a question", .action = Notice::Action::retry});
    list.add({.severity = note, .title = "first"});
    list.add({.severity = error, .title = "an error"});
    list.add({.severity = note, .title = "second"});
    QCOMPARE(titles(), QStringList({"second", "an error", "a question"}));
    list.add({.severity = note, .title = "to undo", .action = Notice::Action::undo_settings});
    QCOMPARE(titles(), QStringList({"to undo", "an error", "a question"}));
    list.add({.severity = error, .title = "another", .action = Notice::Action::retry});
    QCOMPARE(titles(), QStringList({"another", "to undo", "a question"}));
    list.add({.severity = note, .title = "third"}); // among questions it is the one to go
    QCOMPARE(titles(), QStringList({"another", "to undo", "a question"}));
    list.add({.severity = error, .title = "a last error"});
    QCOMPARE(titles(), QStringList({"a last error", "another", "a question"}));
}

void TestMainWindow::badSettingsAreToldBeforeTheRun() {
    StudioFixture studio;
    auto* width = studio.find<NumberField>("width");
    width->setText("130");
    QTest::keyClick(width, Qt::Key_Return);
    QTRY_VERIFY(width->property("problem").toBool()); // beside the field, once the model is known
    studio.window.generate();
    QCOMPARE(studio.window.notices().notices().size(), 1);
    QVERIFY(studio.window.notices().notices().front().reason.contains("width"));
    QTest::qWait(20);
    QCOMPARE(studio.script->runs.load(), 0);
}

// At the first start Generate may be pressed before the model's folder has been read.
void TestMainWindow::nothingIsRefusedBeforeTheModelIsKnown() {
    std::atomic<bool> known{false};
    SessionParts parts = StudioFixture::fakeParts(std::make_shared<FakeScript>());
    parts.model_traits = [&known, read = parts.model_traits](const std::string& model) {
        while (!known) {
            QThread::msleep(2);
        }
        return read(model);
    };
    Session session(parts);
    session.start();
    session.request().edit([](GenerationRequest& request) { request.width = 130; });
    QSignalSpy noticed(&session, &Session::noticed);
    session.generate();
    QCOMPARE(noticed.count(), 0);
    known = true;
    QTRY_COMPARE(session.request().traits().vae_factor, 4);
    session.generate();
    QCOMPARE(noticed.count(), 1);
    session.shutDown();
}

void TestMainWindow::generateWaitsForReferencesBeingRead() {
    StudioFixture studio;
    studio.drop({studio.picture("large.png", Qt::red, {3000, 3000})}, studio.onReferences());
    QVERIFY(studio.session.references().isReading());
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value());
    QCOMPARE(studio.session.shown()->request.references.size(), 1U);
}

void TestMainWindow::liveRemakesAfterTyping() {
    StudioFixture studio;
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
    const std::uint64_t seed = studio.session.shown()->request.seed;
    auto* prompt = studio.find<QPlainTextEdit>("prompt");
    QTest::keyClicks(prompt, "a");
    QTest::qWait(350);
    QCOMPARE(studio.session.library().rowCount(), 1); // not live: typing makes nothing
    studio.session.setLive(true);
    QTest::keyClicks(prompt, " mug");
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    QCOMPARE(studio.session.shown()->request.prompt, std::string("a mug"));
    QCOMPARE(studio.session.shown()->request.seed, seed);
}

void TestMainWindow::aDragShowsBothZones() {
    StudioFixture studio;
    auto* well = studio.find<DropWell>("drop_well");
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(studio.picture("a.png", Qt::red))});
    QDragEnterEvent enter(studio.onCanvas(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&studio.window, &enter);
    QCOMPARE(well->state(), DropWell::State::armed); // wherever the cursor is
    QDragMoveEvent move(studio.onReferences(), Qt::CopyAction, &data, Qt::LeftButton,
                        Qt::NoModifier);
    QApplication::sendEvent(&studio.window, &move);
    QCOMPARE(well->state(), DropWell::State::over);
    QDragLeaveEvent leave;
    QApplication::sendEvent(&studio.window, &leave);
    QCOMPARE(well->state(), DropWell::State::resting);
    QCOMPARE(studio.session.references().rowCount(), 0);
}

void TestMainWindow::everyControlIsNamedAndReachable() {
    StudioFixture studio;
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    int controls = 0;
    for (const QWidget* widget : studio.window.findChildren<QWidget*>()) {
        const bool is_control =
            widget->inherits("QAbstractButton") || widget->inherits("QLineEdit") ||
            widget->inherits("QPlainTextEdit") || widget->inherits("QComboBox") ||
            widget->inherits("QAbstractSlider") || widget->inherits("QListView");
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
    QVERIFY2(controls > 25, qPrintable(QString::number(controls)));
    QSet<QKeySequence> shortcuts;
    for (const QAction* action : studio.window.findChildren<QAction*>()) {
        for (const QKeySequence& shortcut : action->shortcuts()) {
            QVERIFY2(!shortcuts.contains(shortcut), qPrintable("twice: " + shortcut.toString()));
            shortcuts.insert(shortcut);
        }
    }
    for (const char* wanted : {"Ctrl+Return", "Esc", "Ctrl+E", "Ctrl+V", "Ctrl+Z", "Ctrl+Y"}) {
        QVERIFY2(shortcuts.contains(QKeySequence(wanted)), wanted);
    }
}

void TestMainWindow::panelsHideAndComeBack() {
    StudioFixture studio;
    QVERIFY(studio.window.areDocksVisible());
    studio.window.setDocksVisible(false);
    for (const QDockWidget* dock : studio.window.findChildren<QDockWidget*>()) {
        QVERIFY(dock->isHidden());
    }
    studio.window.setDocksVisible(true);
    QVERIFY(studio.window.areDocksVisible());
}

QTEST_MAIN(TestMainWindow)
#include "test_main_window.moc"
