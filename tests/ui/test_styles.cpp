#include "core/request/json.h"
#include "tests/ui/studio_fixture.h"
#include "ui/model/session_keeper.h"
#include "ui/panels/lora_card.h"
#include "ui/panels/model_panel.h"
#include "ui/panels/word_card.h"
#include "ui/widgets/block_weights.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/labelled_row.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/slider_track.h"
#include "ui/widgets/word_chips.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>

using namespace likeness;

namespace {

// A studio that knows files of weights by their names.
struct WithFiles : StudioFixture {
    explicit WithFiles(const std::filesystem::path& sessions = {})
        : StudioFixture(parts(sessions)) {
        [this] { QTRY_VERIFY(!session.goodModel().isEmpty()); }();
    }

    static SessionParts parts(const std::filesystem::path& sessions) {
        SessionParts parts = fakeParts(std::make_shared<FakeScript>());
        parts.sessions = sessions;
        return parts;
    }

    const GenerationRequest& request() { return session.request().request(); }

    const std::vector<Lora>& loras() { return request().loras; }

    // Files by name, dropped on the canvas.
    void dropNamed(const QStringList& names) {
        QStringList paths;
        for (const QString& name : names) {
            paths << folder.filePath(name);
        }
        drop(paths, onCanvas());
    }

    void add(const QString& name) {
        const std::size_t before = loras().size();
        session.addLoras({folder.filePath(name)});
        [&] { QTRY_COMPARE(loras().size(), before + 1); }();
        [&] { QTRY_COMPARE(cards().size(), qsizetype(loras().size())); }();
    }

    template <typename Widget>
    Widget* of(QWidget* card, const char* name) {
        return card->findChild<Widget*>(QLatin1String(name));
    }

    QList<LoraCard*> cards() {
        QList<LoraCard*> shown;
        for (auto* card : window.findChildren<LoraCard*>()) {
            if (card->isVisibleTo(&window)) {
                shown << card;
            }
        }
        return shown;
    }

    QString words() {
        QString all;
        for (const Notice& notice : window.notices().notices()) {
            all += notice.title + '\n' + notice.reason + '\n';
        }
        return all;
    }
};

void click(QWidget* card, const char* name) {
    QTest::mouseClick(card->findChild<QAbstractButton*>(QLatin1String(name)), Qt::LeftButton);
}

} // namespace

// What is added to a model, and models of one's own as files, in the window.
class TestStyles : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        QVERIFY(data_.isValid());
        qputenv("XDG_DATA_HOME", data_.path().toUtf8());
        applyTheme(*qApp, ThemeKind::dark);
    }

    void droppedFilesAreTakenForWhatTheyAre() {
        WithFiles studio;
        studio.dropNamed({"film-lora.safetensors", "grain-lora.safetensors", "cat-word.pt",
                          "soft-vae.safetensors", "face-adapter.bin"});
        QTRY_COMPARE(studio.loras().size(), 2U);
        QCOMPARE(studio.request().textual_inversions.size(), 1U);
        QVERIFY(QString::fromStdString(studio.request().vae).endsWith("soft-vae.safetensors"));
        QVERIFY(QString::fromStdString(studio.request().ip_adapter).endsWith("face-adapter.bin"));
        QCOMPARE(studio.session.references().rowCount(), 0);
        QTRY_COMPARE(studio.cards().size(), 2);
        QCOMPARE(studio.find<ChoiceBox>("vae")->currentText(), QString("soft-vae.safetensors"));
        QCOMPARE(studio.words(), QString());
        studio.session.edits().undo(); // of one drop: one step
        QVERIFY(studio.loras().empty() && studio.request().vae.empty());
        QTRY_VERIFY(studio.cards().isEmpty());
        QVERIFY(studio.find<QLabel>("no_styles")->isVisibleTo(&studio.window));
        QCOMPARE(studio.find<ChoiceBox>("vae")->currentIndex(), 0);
        studio.session.edits().redo();
        QCOMPARE(studio.loras().size(), 2U);
    }

    void picturesGoOnBesideThem() {
        WithFiles studio;
        studio.drop(
            {studio.picture("mug.png", Qt::red), studio.folder.filePath("a-lora.safetensors")},
            studio.onReferences());
        QTRY_COMPARE(studio.session.references().references().size(), 1U);
        QTRY_COMPARE(studio.loras().size(), 1U);
        QCOMPARE(studio.words(), QString());
    }

    void whatIsNotTakenIsTold() {
        WithFiles studio;
        const GenerationRequest before = studio.request();
        studio.dropNamed({"damaged-model.safetensors", "strange.safetensors"});
        QTRY_VERIFY(studio.words().contains("2 files were not opened"));
        QVERIFY(studio.words().contains("ends in the middle of its header"));
        QVERIFY(studio.words().contains("strange.safetensors: it holds nothing"));
        QVERIFY(studio.words().contains("starter stays open"));
        studio.session.addStyles({studio.folder.filePath("big-model.safetensors")});
        QTRY_VERIFY(studio.words().contains("it is a model; wanted here: a LoRA, a learned word."));
        QCOMPARE(studio.request(), before);
        studio.add("film-lora.safetensors");
        studio.session.addLoras({studio.folder.filePath("film-lora.safetensors")});
        QTRY_VERIFY(studio.words().contains("in the list already"));
        QCOMPARE(studio.loras().size(), 1U);
    }

    void aCardChangesItsLora() {
        WithFiles studio;
        studio.add("film-lora.safetensors");
        LoraCard* card = studio.cards().front();
        QCOMPARE(studio.of<QLabel>(card, "lora_name")->text(), QString("film-lora"));
        auto* track = studio.of<SliderTrack>(card, "lora_scale");
        QCOMPARE(track->minimum(), -100);
        QCOMPARE(track->maximum(), 200);
        QCOMPARE(track->value(), 100);
        track->setFocus();
        QTest::keyClick(track, Qt::Key_Left);
        QCOMPARE(studio.loras()[0].scale, 0.95);
        auto* number = studio.of<NumberField>(card, "lora_scale_number");
        number->setText("-0.4");
        Q_EMIT number->returnPressed();
        QCOMPARE(studio.loras()[0].scale, -0.4);
        QTest::keyClick(track, Qt::Key_Delete);
        QCOMPARE(studio.loras()[0].scale, 1.0);

        click(card, "lora_mute");
        QVERIFY(studio.loras()[0].muted);
        QVERIFY(studio.session.currentRequest().loras.empty());
        QVERIFY(!track->isEnabled());
        click(card, "lora_mute");
        QCOMPARE(studio.session.currentRequest().loras.size(), 1U);

        click(card, "lora_open");
        auto* blocks = studio.of<BlockWeights>(card, "lora_blocks");
        QVERIFY(blocks->isVisible());
        QCOMPARE(blocks->columns().size(), 5U); // whole blocks: two down, mid, two up
        QTest::keyClick(blocks, Qt::Key_Down);
        QCOMPARE(studio.loras()[0].block_scales,
                 (std::map<std::string, double>{{"down.block_1", 0.95}}));
        QTest::keyClick(blocks, Qt::Key_Delete);
        QVERIFY(studio.loras()[0].block_scales.empty());

        click(card, "lora_remove");
        QVERIFY(studio.loras().empty() && studio.cards().isEmpty());
        QCOMPARE(studio.session.edits().stack().undoText(), QString("Remove film-lora"));
        studio.session.edits().undo();
        QCOMPARE(studio.loras().size(), 1U);
    }

    void cardsMoveByKeyboard() {
        WithFiles studio;
        studio.add("a-lora.safetensors");
        studio.add("b-lora.safetensors");
        QApplication::setActiveWindow(&studio.window);
        auto* track = studio.of<SliderTrack>(studio.cards()[0], "lora_scale");
        track->setFocus();
        QTRY_VERIFY(track->hasFocus());
        QTest::keyClick(track, Qt::Key_Down, Qt::AltModifier);
        QVERIFY(QString::fromStdString(studio.loras()[1].path).endsWith("a-lora.safetensors"));
        QVERIFY(studio.of<SliderTrack>(studio.cards()[1], "lora_scale")->hasFocus());
        QCOMPARE(studio.session.edits().stack().undoText(), QString("Reorder LoRAs"));
        studio.session.edits().undo();
        QVERIFY(QString::fromStdString(studio.loras()[0].path).endsWith("a-lora.safetensors"));
    }

    void wordsGoIntoThePrompt() {
        WithFiles studio;
        studio.session.request().edit(
            [](GenerationRequest& request) { request.prompt = "a mug "; });
        studio.add("film-lora.safetensors");
        auto* chips = studio.cards().front()->findChild<WordChips*>();
        QTRY_COMPARE(chips->findChildren<QAbstractButton*>().size(), 3);
        QTest::mouseClick(chips->findChildren<QAbstractButton*>()[1], Qt::LeftButton);
        QCOMPARE(studio.request().prompt, std::string("a mug, kodak <&> ektar"));
        studio.session.addLearnedWords({studio.folder.filePath("cat-word.pt")});
        QTRY_COMPARE(studio.request().textual_inversions.size(), 1U);
        auto* card = studio.window.findChild<WordCard*>();
        QTRY_COMPARE(studio.of<QLineEdit>(card, "word_token")->placeholderText(),
                     QString("<cat-word>"));
        click(card, "word_insert");
        QCOMPARE(studio.request().prompt, std::string("a mug, kodak <&> ektar, <cat-word>"));
        auto* token = studio.of<QLineEdit>(card, "word_token");
        token->setText("kitty");
        Q_EMIT token->editingFinished();
        QCOMPARE(studio.request().textual_inversions[0].token, std::string("kitty"));
        studio.session.edits().endGesture();
        token->setText("two words");
        Q_EMIT token->editingFinished();
        QVERIFY(studio.of<QLabel>(card, "word_problem")->text().contains("one word"));
        studio.session.edits().undo();
        click(card, "word_insert");
        QVERIFY(QString::fromStdString(studio.request().prompt).endsWith(", kitty"));
        click(card, "word_remove");
        QVERIFY(studio.request().textual_inversions.empty());
    }

    void whatIsMadeForAnotherModelIsLeftOutAndSaysSo() {
        WithFiles studio;
        studio.add("film-lora-xl.safetensors");
        auto* problem = studio.of<QLabel>(studio.cards().front(), "lora_problem");
        QTRY_COMPARE(problem->text(), QString("Made for SDXL, the open model is SD 1.5: left out"));
        QVERIFY(studio.session.currentRequest().loras.empty());
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value());
        QVERIFY(studio.session.shown()->request.loras.empty());
        studio.session.openModel(studio.folder.filePath("big-model-xl.safetensors"));
        QTRY_VERIFY(!problem->isVisibleTo(&studio.window));
        QCOMPARE(studio.session.currentRequest().loras.size(), 1U);
        QTRY_VERIFY(studio.session.goodModel().endsWith("big-model-xl.safetensors"));
        QCOMPARE(studio.words(), QString());
    }

    void aModelFileIsOpened() {
        WithFiles studio;
        studio.dropNamed({"big-model.safetensors"});
        QTRY_VERIFY(studio.session.goodModel().endsWith("big-model.safetensors"));
        QCOMPARE(studio.find<ChoiceBox>("model")->currentText(), QString("big-model.safetensors"));
        studio.session.edits().undo();
        QTRY_COMPARE(studio.session.goodModel(), QString("starter"));
        // The folder button offers both.
        QTest::mouseClick(studio.find<QAbstractButton>("open_model"), Qt::LeftButton);
        auto* menu = studio.find<QMenu>("open_model_menu");
        QVERIFY(menu->isVisible());
        QCOMPARE(menu->actions().size(), 2);
        menu->close();
        // A folder's own index stands for it.
        studio.session.openModel(studio.folder.filePath("model-folder/model_index.json"));
        QTRY_VERIFY(studio.session.goodModel().endsWith("/model-folder"));
    }

    void aRefinerFinishesPicturesOfSdxl() {
        WithFiles studio;
        auto* box = studio.find<ChoiceBox>("refiner");
        auto* from = studio.find<SliderTrack>("refiner_switch_at");
        const auto is_shown = [&](const char* name) { // the section may be scrolled or folded
            const QWidget* row = studio.find<QWidget>(name);
            while (qobject_cast<const LabelledRow*>(row) == nullptr) {
                row = row->parentWidget();
            }
            return !row->isHidden();
        };
        QVERIFY(!is_shown("refiner") && !is_shown("refiner_switch_at"));
        studio.dropNamed({"fine-refiner-model.safetensors"}); // a model like others here
        QTRY_VERIFY(studio.session.goodModel().endsWith("fine-refiner-model.safetensors"));
        studio.session.openModel(studio.folder.filePath("xl-model.safetensors"));
        QTRY_COMPARE(studio.session.request().traits().family, std::string("sdxl"));
        QVERIFY(is_shown("refiner"));
        QCOMPARE(box->currentText(), QString("None"));
        QVERIFY(!is_shown("refiner_switch_at"));
        studio.session.setRefiner(studio.folder.filePath("old-model.safetensors"));
        QTRY_VERIFY(studio.words().contains("it is a model of SD 1.5"));
        QVERIFY(!studio.request().refiner.is_given());
        studio.dropNamed({"fine-refiner-model.safetensors"});
        QTRY_VERIFY(QString::fromStdString(studio.request().refiner.model)
                        .endsWith("fine-refiner-model.safetensors"));
        QVERIFY(QString::fromStdString(studio.request().model).endsWith("xl-model.safetensors"));
        QCOMPARE(box->currentText(), QString("fine-refiner-model.safetensors"));
        QVERIFY(is_shown("refiner_switch_at"));
        QTest::keyClick(from, Qt::Key_Left);
        QCOMPARE(studio.request().refiner.switch_at, 0.75);
        QTRY_VERIFY(studio.isIdle());
        studio.session.generate();
        QTRY_VERIFY(studio.session.shown().has_value());
        const GenerationRequest made = studio.session.shown()->request;
        QCOMPARE(made.refiner, studio.request().refiner);
        Q_EMIT box->activated(0);
        QVERIFY(!studio.request().refiner.is_given() && !is_shown("refiner_switch_at"));
        studio.session.edits().undo();
        QCOMPARE(studio.request().refiner, made.refiner);
        studio.session.edits().undo();
        QCOMPARE(studio.request().refiner.switch_at, 0.8);
        studio.session.useSettings(made);
        QCOMPARE(studio.request().refiner, made.refiner);
        studio.session.openModel(QStringLiteral("starter"));
        QTRY_COMPARE(studio.session.request().traits().family, std::string("sd15"));
        QVERIFY(!studio.request().refiner.is_given());
        QVERIFY(!is_shown("refiner"));
    }

    void whatIsNoModelLeavesTheOpenOne() {
        WithFiles studio;
        const GenerationRequest before = studio.request();
        for (const char* name : {"damaged-model.safetensors", "film-lora.safetensors"}) {
            studio.session.openModel(studio.folder.filePath(name));
            QTRY_VERIFY2(studio.words().contains(name), name);
            QCOMPARE(studio.request(), before);
            QCOMPARE(studio.find<ChoiceBox>("model")->currentText(), QString("Starter"));
        }
        QVERIFY(studio.words().contains("it is a LoRA; wanted here: a model."));
    }

    void filesThatTurnOutBadAreLetGoOf() {
        auto script = std::make_shared<FakeScript>();
        SessionParts parts = StudioFixture::fakeParts(script);
        StudioFixture studio(std::move(parts));
        QTRY_VERIFY(!studio.session.goodModel().isEmpty());
        const auto request = [&] { return studio.session.request().request(); };
        studio.session.setVae(studio.folder.filePath("soft-vae.safetensors"));
        QTRY_VERIFY(!request().vae.empty());
        const std::string good = request().vae;
        QTRY_VERIFY(studio.isIdle() && script->prepares >= 2);
        studio.session.setVae(studio.folder.filePath("hollow-vae.safetensors"));
        const auto notices = [&] { return studio.window.notices().notices(); };
        QTRY_COMPARE(notices().size(), 1);
        QCOMPARE(notices().front().title, QString("The VAE hollow-vae was not used"));
        QVERIFY(notices().front().reason.contains("holds no VAE"));
        QCOMPARE(request().vae, good);
        // A model brings back size, VAE and adapter too when it does not open.
        studio.session.request().edit([](GenerationRequest& edited) {
            edited.width = 64;
            edited.refiner.model = "fine";
        });
        auto& references = studio.session.references();
        ReferenceCard mug;
        mug.image = std::make_shared<const Image>(make_image(8, 8));
        mug.ip_adapter = "its own";
        references.add(mug);
        const auto own = [&] { return references.cards().front().ip_adapter; };
        script->model_is_broken = true;
        studio.session.openModel(studio.folder.filePath("half-model.safetensors"));
        QTRY_COMPARE(notices().size(), 2);
        QCOMPARE(own(), QString("its own"));
        QCOMPARE(request().model, std::string("starter"));
        QCOMPARE(request().vae, good);
        QCOMPARE(request().width.value_or(0), 64);
        QCOMPARE(request().refiner.model, std::string("fine"));
        studio.session.setVae({});
        QVERIFY(request().vae.empty());
        // What was of a model before is not what a VAE brings back.
        script->model_is_broken = false;
        studio.session.openModel(studio.folder.filePath("whole-model.safetensors"));
        QTRY_COMPARE(own(), QString());
        QTRY_VERIFY(studio.session.goodModel().endsWith("whole-model.safetensors"));
        QTRY_VERIFY(studio.isIdle());
        QSignalSpy noticed(&studio.session, &Session::noticed);
        studio.session.setVae(studio.folder.filePath("hollow-vae.safetensors"));
        QTRY_COMPARE(noticed.size(), 1);
        QVERIFY(request().vae.empty());
        QCOMPARE(own(), QString());
    }

    void projectsAndSettingsBringThemBack() {
        const QTemporaryDir sessions;
        WithFiles studio(sessions.path().toStdString());
        studio.add("film-lora.safetensors");
        studio.add("grain-lora.safetensors");
        studio.session.addLearnedWords({studio.folder.filePath("cat-word.pt")});
        QTRY_COMPARE(studio.request().textual_inversions.size(), 1U);
        studio.session.request().edit([](GenerationRequest& request) {
            request.loras[0].muted = true;
            request.loras[1].scale = 0.7;
            request.loras[1].block_scales = {{"mid", 0.5}};
            request.textual_inversions[0].token = "kitty";
            request.guidance_start = 0.1;
            request.prompt_syntax = PromptSyntax::plain;
        });
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
        const GenerationRequest wanted = studio.request();
        const QString file = studio.folder.filePath("styles.likeness");
        studio.session.keeper()->save(file);
        QTRY_COMPARE(studio.session.keeper()->file(), file);
        studio.session.keeper()->startNew();
        QTRY_VERIFY(studio.loras().empty() && studio.cards().isEmpty());
        studio.session.keeper()->open(file);
        QTRY_COMPARE(studio.loras(), wanted.loras);
        QCOMPARE(studio.request().textual_inversions, wanted.textual_inversions);
        QCOMPARE(studio.request().guidance_start, 0.1);
        QVERIFY(studio.request().prompt_syntax == PromptSyntax::plain);
        QTRY_COMPARE(studio.cards().size(), 2);
        // A picture carries what it was made with, and not what was muted.
        const PictureId made = studio.session.library().idAt(0);
        studio.session.request().edit([](GenerationRequest& request) { request.loras.clear(); });
        studio.session.useSettingsOfPicture(made);
        QTRY_COMPARE(studio.loras().size(), 1U);
        QCOMPARE(studio.loras()[0], wanted.loras[1]);
    }

    void aDragOfWeightsMarksItsPlace() {
        WithFiles studio;
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(studio.folder.filePath("film-lora.safetensors"))});
        const QImage before = studio.find<QWidget>("styles_panel")->grab().toImage();
        QDragEnterEvent enter(studio.onCanvas(), Qt::CopyAction, &data, Qt::LeftButton,
                              Qt::NoModifier);
        QApplication::sendEvent(&studio.window, &enter);
        QVERIFY(enter.isAccepted());
        QVERIFY(studio.find<QWidget>("styles_panel")->grab().toImage() != before);
        QDragLeaveEvent leave;
        QApplication::sendEvent(&studio.window, &leave);
        QVERIFY(studio.find<QWidget>("styles_panel")->grab().toImage() == before);
    }

private:
    QTemporaryDir data_;
};

QTEST_MAIN(TestStyles)
#include "test_styles.moc"
