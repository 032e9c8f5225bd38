#include "tests/ui/studio_fixture.h"
#include "ui/canvas/picture_view.h"
#include "ui/model/qimage_conversion.h"
#include "ui/panels/picture_tiles.h"
#include "ui/panels/sampling_presets.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/plain_label.h"
#include "ui/widgets/progress_strip.h"

#include <QComboBox>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalSpy>

#include <algorithm>
#include <set>

using namespace likeness;

namespace {

ProgressStrip& strip(const StudioFixture& studio) {
    return *studio.find<ProgressStrip>("progress_strip");
}

// A picture of eight steps on the canvas.
void makePicture(StudioFixture& studio) {
    studio.session.request().edit(
        [](GenerationRequest& request) { request.num_inference_steps = 8; });
    studio.window.generate();
    QTRY_VERIFY(studio.session.shown() && studio.isIdle());
}

} // namespace

// What can be done with a picture that is made: its steps, branches, variations; and what helps to
// ask for the next.
class TestGenerate : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void stepsCanBeLookedAtAgain();
    void aBranchGoesOnFromAStep();
    void aBranchOfAnotherModelsPictureKnowsThatModel();
    void aBranchIsDroppedWhereItCannotGoOn();
    void nineVariationsOfThePicture();
    void anyNumberOfPictures();
    void aRemakeTakesThePlaceOfTheOneBefore();
    void whatSomethingWasDoneWithStays();
    void aGrowingQueueOfRemakesKeepsOne();
    void tokensAreCountedWhileTyping();
    void secondPromptsAreToldAndLeftOut();
    void earlierPromptsComeBack();
    void presetsFitTheModel();
    void aSchedulerIsARuleAndItsNoiseLevels();
    void theMemoryOfAPictureIsForetold();
};

void TestGenerate::stepsCanBeLookedAtAgain() {
    StudioFixture studio;
    makePicture(studio);
    const QImage picture = studio.window.view().image();
    QCOMPARE(studio.session.shownSteps().size(), 8U);

    // A press in the middle of the bar, then to its end.
    const QPoint middle(strip(studio).width() / 2 - 60, 38);
    QTest::mousePress(&strip(studio), Qt::LeftButton, {}, middle);
    const int step = strip(studio).scrubbedStep();
    QVERIFY(step > 1 && step < 8);
    QCOMPARE(strip(studio).title(), QString("Step %1/8").arg(step));
    const QImage preview = toQImage(*studio.session.shownSteps()[static_cast<size_t>(step) - 1]);
    QCOMPARE(studio.window.view().image(), preview);
    QVERIFY(preview != picture);
    QVERIFY(studio.find<TextButton>("branch")->isVisible());
    QTest::mouseRelease(&strip(studio), Qt::LeftButton, {}, middle);

    QTest::keyClick(&strip(studio), Qt::Key_Right);
    QCOMPARE(strip(studio).scrubbedStep(), step + 1);
    QTest::keyClick(&strip(studio), Qt::Key_Home);
    QCOMPARE(strip(studio).scrubbedStep(), 1);
    QTest::keyClick(&strip(studio), Qt::Key_End);
    QCOMPARE(strip(studio).scrubbedStep(), 0);
    QCOMPARE(studio.window.view().image(), picture);
    QCOMPARE(strip(studio).title(), QString("Done"));
    QVERIFY(!studio.find<TextButton>("branch")->isVisible());

    // A change of the queue ends it, on the canvas too.
    QTest::keyClick(&strip(studio), Qt::Key_Home);
    QVERIFY(studio.window.view().image() != picture);
    studio.session.queue().setPaused(true);
    QCOMPARE(strip(studio).scrubbedStep(), 0);
    QCOMPARE(studio.window.view().image(), picture);
    studio.session.queue().setPaused(false);

    // And so does a new picture.
    QTest::keyClick(&strip(studio), Qt::Key_Home);
    studio.session.request().drawSeed();
    studio.window.generate();
    QTRY_VERIFY(studio.session.library().rowCount() == 2 && studio.isIdle());
    QCOMPARE(strip(studio).scrubbedStep(), 0);
}

void TestGenerate::aBranchGoesOnFromAStep() {
    StudioFixture studio;
    makePicture(studio);
    const GenerationRequest first = studio.session.shown()->request;
    QTest::keyClick(&strip(studio), Qt::Key_Home);
    QTest::keyClick(&strip(studio), Qt::Key_Right);
    QTest::mouseClick(studio.find<TextButton>("branch"), Qt::LeftButton);
    QVERIFY(studio.find<PlainLabel>("branch_text")->isVisible());
    QVERIFY(studio.find<PlainLabel>("branch_text")->text().contains("step 2"));
    studio.find<QPlainTextEdit>("prompt")->setPlainText("another");
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
    const GenerationRequest branched = studio.session.shown()->request;
    QVERIFY(branched.branch);
    QCOMPARE(branched.branch->step, 2);
    QVERIFY(branched.branch->of == first);
    QCOMPARE(branched.prompt, std::string("another"));
    QCOMPARE(branched.seed, first.seed);
    QTest::mouseClick(studio.find<IconButton>("clear_branch"), Qt::LeftButton);
    QVERIFY(!studio.session.request().request().branch);
    QVERIFY(!studio.find<PlainLabel>("branch_text")->isVisible());
}

void TestGenerate::aBranchOfAnotherModelsPictureKnowsThatModel() {
    StudioFixture studio;
    const std::string model = studio.session.request().request().model;
    makePicture(studio);
    studio.session.openModel(QStringLiteral("xl"));
    QTRY_COMPARE(studio.session.request().traits().family, std::string("sdxl"));
    studio.session.branchFrom(3);
    QCOMPARE(studio.session.request().request().model, model);
    QTRY_COMPARE(studio.session.request().traits().family, fakeTraits(model).family);
}

void TestGenerate::aBranchIsDroppedWhereItCannotGoOn() {
    StudioFixture studio;
    makePicture(studio);
    studio.session.branchFrom(3);
    QVERIFY(studio.session.request().request().branch);
    studio.session.request().edit([](GenerationRequest& request) { request.guidance_scale = 5; });
    QVERIFY(studio.session.request().request().branch); // guidance may change on the way
    studio.session.request().edit(
        [](GenerationRequest& request) { request.num_inference_steps = 12; });
    QVERIFY(!studio.session.request().request().branch);
    QVERIFY(studio.find<PlainLabel>("status_text")->text().contains("branch"));
}

void TestGenerate::nineVariationsOfThePicture() {
    StudioFixture studio;
    makePicture(studio);
    const GenerationRequest shown = studio.session.shown()->request;
    const GenerationRequest edited = studio.session.request().request();
    studio.find<NumberField>("variation_strength_number")->setFocus();
    QTest::keyClick(studio.find<NumberField>("variation_strength_number"), Qt::Key_A,
                    Qt::ControlModifier);
    QTest::keyClicks(studio.find<NumberField>("variation_strength_number"), "0.25");
    QTest::keyClick(studio.find<NumberField>("variation_strength_number"), Qt::Key_Return);
    QTest::mouseClick(studio.find<TextButton>("vary"), Qt::LeftButton);
    QTRY_COMPARE(studio.session.library().rowCount(), 10);
    std::set<std::uint64_t> seeds;
    for (int row = 0; row < 10; ++row) {
        const GenerationRequest& each = studio.session.library().at(row)->request;
        QCOMPARE(each.seed, shown.seed);
        if (each.variations.empty()) {
            continue; // the picture itself; several are made within a millisecond here
        }
        QCOMPARE(each.variations.size(), 1U);
        QCOMPARE(each.variations[0].strength, 0.25);
        seeds.insert(each.variations[0].seed);
    }
    QCOMPARE(seeds.size(), 9U);
    QVERIFY(studio.session.request().request() == edited); // the panel's settings stay
}

void TestGenerate::anyNumberOfPictures() {
    StudioFixture studio;
    auto* count = studio.find<NumberField>("num_images_number");
    count->setFocus();
    QTest::keyClick(count, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(count, "3");
    QTest::keyClick(count, Qt::Key_Return);
    QCOMPARE(studio.session.request().request().num_images, 3);
    QTest::keyClick(count, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(count, "100");
    QTest::keyClick(count, Qt::Key_Return);
    QCOMPARE(studio.session.request().request().num_images, 64);
}

// Moves the strength of the only reference and waits for the picture of it.
void moveStrength(StudioFixture& studio, double strength) {
    const quint64 card = studio.session.references().cards().front().id;
    studio.session.references().setScale(card, strength);
    QTRY_VERIFY(studio.isIdle() && studio.session.shown() &&
                studio.session.shown()->request.references[0].ip_adapter_scale == strength &&
                studio.session.shownId() > 0);
}

// The strengths of the library's pictures, the newest first.
QList<double> strengths(const PictureLibrary& library) {
    QList<double> found;
    for (int row = 0; row < library.rowCount(); ++row) {
        const ResultImage* picture = library.at(row); // not whole in memory: it is none of these
        found << (picture ? picture->request.references[0].ip_adapter_scale : -1);
    }
    return found;
}

// A picture that was asked for, of one reference.
void makeOfMug(StudioFixture& studio) {
    studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
    QTRY_COMPARE(studio.session.references().references().size(), 1U);
    makePicture(studio);
}

void TestGenerate::aRemakeTakesThePlaceOfTheOneBefore() {
    StudioFixture studio;
    makeOfMug(studio);
    const PictureLibrary& library = studio.session.library();
    const double asked = strengths(library)[0];
    moveStrength(studio, 0.1);
    QTRY_COMPARE(strengths(library), (QList<double>{0.1, asked}));
    const QString first = library.pathOf(library.idAt(0));
    moveStrength(studio, 0.2);
    QTRY_COMPARE(strengths(library), (QList<double>{0.2, asked}));
    QTRY_VERIFY(!QFile::exists(first) && !QFile::exists(first + ".json"));
    studio.session.setLive(true);
    studio.find<QPlainTextEdit>("prompt")->setPlainText("another");
    QTRY_COMPARE(studio.session.shown()->request.prompt, std::string("another"));
    QTRY_COMPARE(strengths(library), (QList<double>{0.2, asked}));
    // What is another picture, not the same one moved a little, replaces nothing.
    studio.session.request().edit([](GenerationRequest& edited) { edited.guidance_scale = 2.0; });
    QTRY_COMPARE(library.rowCount(), 3);
    QTest::qWait(50);
    QCOMPARE(library.rowCount(), 3);
}

void TestGenerate::whatSomethingWasDoneWithStays() {
    StudioFixture studio;
    makeOfMug(studio);
    PictureLibrary& library = studio.session.library();
    int kept = 1;
    double strength = 0;
    const auto afterwards = [&](const std::function<void(PictureId)>& act) {
        moveStrength(studio, strength += 0.05);
        QTRY_COMPARE(library.rowCount(), kept + 1);
        act(studio.session.shownId());
        moveStrength(studio, strength += 0.05);
        QTRY_COMPARE(library.rowCount(), kept + 2);
        moveStrength(studio, strength += 0.05); // and that one goes on being replaced
        QTRY_COMPARE(library.rowCount(), kept + 2);
        studio.window.generate(); // asked for by hand: it stays, and so does the one before it
        QTRY_COMPARE(library.rowCount(), kept + 3);
        QTRY_VERIFY(studio.isIdle());
        kept += 3;
    };
    afterwards([&](PictureId id) { library.setStars({id}, 2); });
    afterwards([&](PictureId id) { library.addToAlbum({id}, "mugs"); });
    afterwards([&](PictureId id) { studio.session.show(id); }); // chosen
    afterwards([&](PictureId id) {
        studio.session.exportPictures({id}, {.folder = studio.folder.path()});
    });
    afterwards([&](PictureId id) {
        studio.session.save(studio.folder.filePath("mine.png"), *studio.session.shown(), id);
    });
    afterwards([&](PictureId id) {
        delete library.mimeData({library.index(library.rowOf(id))}); // dragged
    });
    afterwards([&](PictureId id) {
        studio.session.promotePictures({id});
        QTRY_VERIFY(studio.session.trainingSet().rowCount() > 0);
    });
    afterwards([&](PictureId id) {
        studio.session.addAsReferences({id});
        QTRY_COMPARE(studio.session.references().references().size(), 2U);
        studio.session.edits().undo(); // the next picture differs in its strength alone
        QCOMPARE(studio.session.references().rowCount(), 1);
    });
    afterwards([&](PictureId id) { // a click on the one that is shown
        auto* tiles = studio.find<PictureTiles>("pictures");
        QCOMPARE(tiles->currentPicture(), id);
        QTest::mouseClick(tiles->viewport(), Qt::LeftButton, {},
                          tiles->visualRect(tiles->currentIndex()).center());
    });
}

void TestGenerate::aGrowingQueueOfRemakesKeepsOne() {
    StudioFixture studio;
    makeOfMug(studio);
    const quint64 card = studio.session.references().cards().front().id;
    for (int i = 1; i <= 60; ++i) {
        studio.session.references().setScale(card, i * 0.01);
        QTest::qWait(i % 5 * 3); // some come to their end, most do not
    }
    QTRY_VERIFY(studio.isIdle() &&
                studio.session.shown()->request.references[0].ip_adapter_scale == 0.6);
    QTRY_COMPARE(studio.session.library().rowCount(), 2);
}

void TestGenerate::tokensAreCountedWhileTyping() {
    SessionParts parts = StudioFixture::fakeParts(std::make_shared<FakeScript>());
    parts.count_tokens = [](const std::string& model, const std::string& prompt) {
        if (model != "starter") {
            throw Error(ErrorCode::file_missing, message("no tokenizer"));
        }
        const auto letters = static_cast<int>(prompt.size());
        return TokenCount{.used = letters,
                          .most = 10,
                          .pieces = letters > 10 ? 2 : 1,
                          .unread = std::max(0, letters - 15)};
    };
    StudioFixture studio(std::move(parts));
    auto* tokens = studio.find<PlainLabel>("tokens");
    auto* prompt = studio.find<QPlainTextEdit>("prompt");
    QTest::keyClicks(prompt, "12345");
    QTRY_COMPARE(tokens->text(), QString("5 of 10 tokens"));
    QTest::keyClicks(prompt, "67890abc");
    QTRY_COMPARE(tokens->text(), QString("13 tokens, 2 pieces"));
    QTest::keyClicks(prompt, "defg");
    QTRY_COMPARE(tokens->text(), QString("17 tokens, the last 2 are not read"));
    studio.session.request().edit([](GenerationRequest& request) { request.model = "other"; });
    QTRY_VERIFY(!tokens->isVisible());
}

void TestGenerate::secondPromptsAreToldAndLeftOut() {
    StudioFixture studio;
    auto* told = studio.find<PlainLabel>("second_prompts");
    QVERIFY(!told->isVisibleTo(&studio.window));
    studio.session.request().edit([](GenerationRequest& request) {
        request.prompt_2 = "a lamp";
        request.negative_prompt_2 = "snow";
    });
    QTRY_COMPARE(told->text(), QString("Second encoder: a lamp / snow"));
    QVERIFY(told->isVisibleTo(&studio.window));
    studio.find<TextButton>("forget_second_prompts")->click();
    QVERIFY(studio.session.request().request().prompt_2.empty());
    QVERIFY(studio.session.request().request().negative_prompt_2.empty());
    QVERIFY(!told->isVisibleTo(&studio.window));
}

void TestGenerate::earlierPromptsComeBack() {
    StudioFixture studio;
    auto* prompt = studio.find<QPlainTextEdit>("prompt");
    for (const char* text : {"a mug", "a <b>duck</b> & more", "a mug", "a lamp"}) {
        prompt->setPlainText(text);
        studio.window.generate();
    }
    QCOMPARE(studio.session.promptHistory(),
             QStringList({"a lamp", "a mug", "a <b>duck</b> & more"}));
    QTest::mouseClick(studio.find<IconButton>("prompt_history"), Qt::LeftButton);
    auto* menu = studio.find<QMenu>("prompt_history_menu");
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), 3);
    menu->actions().at(2)->trigger();
    menu->close();
    QCOMPARE(prompt->toPlainText(), QString("a <b>duck</b> & more"));
    studio.session.stop();
}

void TestGenerate::presetsFitTheModel() {
    const ModelTraits sdxl{.vae_factor = 8, .default_width = 1024, .default_height = 1024};
    for (const SizePreset& preset : sizePresets(sdxl)) {
        QCOMPARE(preset.size.width() % 32, 0);
        QCOMPARE(preset.size.height() % 32, 0);
        const double share = preset.size.width() * preset.size.height() / (1024.0 * 1024.0);
        QVERIFY2(share > 0.93 && share < 1.07, qPrintable(preset.name));
    }
    StudioFixture studio;
    QTRY_COMPARE(studio.find<NumberField>("width")->value(), 128.0); // the model is known
    studio.session.request().edit([](GenerationRequest& request) {
        request.width = 64;
        request.num_inference_steps = 3;
    });
    QTest::mouseClick(studio.find<IconButton>("sampling_presets"), Qt::LeftButton);
    auto* menu = studio.find<QMenu>("sampling_presets_menu");
    QVERIFY(menu);
    menu->actions().front()->trigger();
    menu->close();
    QVERIFY(!studio.session.request().request().width);
    QCOMPARE(studio.find<NumberField>("width")->value(), 128.0);
    QVERIFY(!studio.session.request().request().num_inference_steps);
}

void TestGenerate::aSchedulerIsARuleAndItsNoiseLevels() {
    StudioFixture studio;
    auto* rule = studio.find<QComboBox>("scheduler");
    auto* levels = studio.find<QComboBox>("noise_levels");
    const auto& request = studio.session.request().request();
    const auto choose = [](QComboBox* box, const char* text) {
        const int index = box->findText(text);
        QVERIFY2(index >= 0, text);
        box->setCurrentIndex(index);
        Q_EMIT box->activated(index);
    };
    using enum SchedulerKind;
    // Every one is shown as what was asked for, and comes back as it was.
    for (const SchedulerKind kind : scheduler_kinds()) {
        studio.session.request().edit(
            [kind](GenerationRequest& edited) { edited.scheduler = kind; });
        QVERIFY2(rule->currentIndex() >= 0 && levels->currentIndex() >= 0, to_string(kind));
        Q_EMIT levels->activated(levels->currentIndex());
        QCOMPARE(QString(to_string(*request.scheduler)), QString(to_string(kind)));
    }
    choose(rule, "DPM++ 2M");
    QVERIFY(levels->isEnabled());
    choose(levels, "Beta");
    QVERIFY(request.scheduler == dpmpp_2m_beta);
    choose(rule, "UniPC"); // which has them too
    QVERIFY(request.scheduler == unipc_beta);
    choose(rule, "DDIM");
    QVERIFY(request.scheduler == ddim);
    QVERIFY(!levels->isEnabled());
    QCOMPARE(levels->currentIndex(), 0);
}

void TestGenerate::theMemoryOfAPictureIsForetold() {
    StudioFixture studio;
    const auto* memory = studio.find<PlainLabel>("status_memory");
    QVERIFY(!memory->text().contains("at most"));
    studio.session.generate(); // 128 x 128
    QTRY_VERIFY(memory->text().contains("at most 3.6"));
    QVERIFY(memory->toolTip().contains("two passes"));
}

QTEST_MAIN(TestGenerate)
#include "test_generate.moc"
