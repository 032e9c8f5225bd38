#include "app/application.h"
#include "app/language.h"
#include "core/request/limits.h"
#include "core/request/model_folder.h"
#include "tests/ui/studio_fixture.h"
#include "ui/canvas/picture_view.h"
#include "ui/model/model_samples.h"
#include "ui/panels/example_cards.h"
#include "ui/panels/sample_sheet.h"
#include "ui/widgets/menu_button.h"
#include "ui/widgets/picture_button.h"

#include <QAction>
#include <QDir>
#include <QFile>
#include <QMenu>
#include <QSignalSpy>

#include <algorithm>

#include <nlohmann/json.hpp>

using namespace likeness;

namespace {

constexpr int kCups = 12; // more than a tray takes

const char* const kExamples = R"({"examples": [
  {"title": {"en": "Cup elsewhere", "de": "Tasse anderswo"}, "about": {"en": "One.", "de": "Eins."},
   "prompt": "a cup at sea", "references": [{"path": "cup/3.png", "ip_adapter_scale": 0.8}],
   "cards": [{"role": "product"}]},
  {"title": {"en": "Two"}, "prompt": "a hat on a cup", "combine": "average", "master_scale": 0.9,
   "references": [{"path": "cup/0.png", "ip_adapter_scale": 0.5},
                  {"path": "hat/0.png", "ip_adapter_scale": 0.4}],
   "cards": [{"role": "style"}, {"muted": true}]},
  {"title": {"en": "No such picture"}, "references": [{"path": "cup/99.png"}]},
  {"title": {"en": "No such adapter"}, "ip_adapter": "plus", "references": [{"path": "cup/0.png"}]}
]})";

// A studio on a model of its own: twelve cups, a hat, and examples.
struct SampleStudio : StudioFixture {
    explicit SampleStudio(const char* examples = kExamples) : StudioFixture(parts()) {
        write("cup", kCups);
        write("hat", 1);
        write("empty", 0);
        QFile(samples.filePath("cup/notes.txt")).open(QIODevice::WriteOnly);
        QFile file(samples.filePath("examples.json"));
        [&] { QVERIFY(file.open(QIODevice::WriteOnly) && file.write(examples) > 0); }();
        file.close();
        open(model());
    }

    // A folder is taken for a model without a look at it.
    static SessionParts parts() {
        SessionParts parts = fakeParts(std::make_shared<FakeScript>());
        parts.look_at_file = {};
        return parts;
    }

    QString model() const { return folder.filePath("own"); }

    QString sample(const QString& name) const { return samples.filePath(name); }

    void write(const QString& subject, int count) {
        QDir().mkpath(sample(subject));
        for (int i = 0; i < count; ++i) {
            picture(QString("own/samples/%1/%2.png").arg(subject).arg(i), QColor::fromHsv(i, 9, 9));
        }
    }

    void open(const QString& name) {
        QSignalSpy changed(&session.samples(), &ModelSamples::changed);
        session.openModel(name);
        [&] {
            QTRY_VERIFY(!changed.isEmpty());
            QTRY_COMPARE(session.goodModel(), name);
            QTRY_VERIFY(isIdle() && !session.references().isReading());
        }();
    }

    // The sheet's button of that file.
    PictureButton* button(const QString& accessible_name) const {
        for (PictureButton* each : window.findChildren<PictureButton*>("sample")) {
            if (each->accessibleName().endsWith(accessible_name)) {
                return each;
            }
        }
        return nullptr;
    }

    QStringList tray() {
        QStringList names;
        for (const ReferenceCard& card : session.references().cards()) {
            names << card.name;
        }
        return names;
    }

    QList<QAbstractButton*> cards() const {
        return find<ExampleCards>("example_cards")->findChildren<QAbstractButton*>("example");
    }

    QDir samples{folder.filePath("own/samples")};
};

} // namespace

// What a model brings to try it with: sample pictures beside the tray, examples to begin with.
class TestSamples : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void samplesAreThoseOfTheFolder();
    void aModelWithoutSamplesOffersNone();
    void aPressTakesAPictureAndGivesItBack();
    void theSheetFollowsTheTray();
    void allOfASubjectAreOneStep();
    void arrowsGoFromPictureToPicture();
    void anExampleIsOneStep();
    void anExampleLeavesTheRestOfTheSettings();
    void rolesHaveTheModelsNumbers();
    void brokenExamplesAreLeftOut();
    void badExamplesAreTold_data();
    void badExamplesAreTold();
    void cardsGoWhenThereIsAPicture();
    void whatDoesNotFitIsNotShown();
    void examplesSpeakTheWindowsLanguage();
    void theStarterBringsWhatIsPromised();

private:
    QTemporaryDir data_;
};

void TestSamples::initTestCase() {
    QVERIFY(data_.isValid());
    qputenv("XDG_DATA_HOME", data_.path().toUtf8());
    qputenv("LIKENESS_RESOURCES", LIKENESS_SOURCE_DIR "/resources");
    applyTheme(*qApp, ThemeKind::dark);
}

void TestSamples::samplesAreThoseOfTheFolder() {
    SampleStudio studio;
    const QList<SampleSubject>& subjects = studio.session.samples().subjects();
    QCOMPARE(subjects.size(), 2); // an empty folder is none
    QCOMPARE(subjects[0].name, QString("cup"));
    QCOMPARE(subjects[0].pictures.size(), kCups);
    for (int i = 0; i < kCups; ++i) {
        QCOMPARE(subjects[0].pictures[i].name, QString("cup %1").arg(i)); // 10 after 9
    }
    QCOMPARE(subjects[1].pictures[0].path, studio.sample("hat/0.png"));
    QVERIFY(studio.find<MenuButton>("samples_button")->isVisible());
    const QString path = studio.sample("cup/7.png");
    QSignalSpy read(&studio.session.samples(), &ModelSamples::tileRead);
    studio.session.samples().askTile(path);
    studio.session.samples().askTile(path); // is on its way
    QTRY_VERIFY(!studio.session.samples().tile(path).isNull());
    studio.session.samples().askTile(path); // is there
    studio.session.samples().askTile(studio.sample("cup/8.png"));
    QTRY_VERIFY(!studio.session.samples().tile(studio.sample("cup/8.png")).isNull());
    QCOMPARE(std::ranges::count_if(read, [&](const auto& each) { return each[0] == path; }), 1);
}

void TestSamples::aModelWithoutSamplesOffersNone() {
    SampleStudio studio;
    QCOMPARE(studio.cards().size(), 2);
    QVERIFY(studio.find<QMenu>("examples_menu")->menuAction()->isVisible());
    QVERIFY(QDir(studio.folder.path()).mkpath("bare"));
    studio.open(studio.folder.filePath("bare"));
    QVERIFY(!studio.find<MenuButton>("samples_button")->isVisible());
    QVERIFY(!studio.find<QAction>("sample_pictures")->isEnabled());
    QVERIFY(!studio.find<QMenu>("examples_menu")->menuAction()->isVisible());
    QVERIFY(studio.cards().isEmpty());
    QVERIFY(!studio.find<ExampleCards>("example_cards")->isVisible());
}

void TestSamples::aPressTakesAPictureAndGivesItBack() {
    SampleStudio studio;
    QTest::mouseClick(studio.find<MenuButton>("samples_button"), Qt::LeftButton);
    auto* sheet = studio.find<SampleSheet>("sample_sheet");
    QVERIFY(sheet->isVisible());
    QVERIFY(studio.window.geometry().contains(sheet->geometry()));
    PictureButton* cup = studio.button("cup 3");
    QVERIFY(cup && !cup->isChecked());
    QCOMPARE(cup->accessibleName(), QString("Add cup 3"));
    QTest::mouseClick(cup, Qt::LeftButton);
    QCOMPARE(studio.tray(), QStringList{"cup 3"});
    QVERIFY(cup->isChecked() && sheet->isVisible());
    QCOMPARE(cup->accessibleName(), QString("Remove cup 3"));
    QTRY_VERIFY(!studio.session.references().isReading());
    QCOMPARE(studio.session.references().cards()[0].path, studio.sample("cup/3.png"));
    QTest::mouseClick(cup, Qt::LeftButton);
    QVERIFY(studio.tray().isEmpty() && !cup->isChecked());
    studio.session.edits().undo();
    QCOMPARE(studio.tray(), QStringList{"cup 3"});
    studio.session.edits().undo();
    QVERIFY(studio.tray().isEmpty());
    QTest::keyClick(sheet, Qt::Key_Escape);
    QVERIFY(!sheet->isVisible());
}

void TestSamples::theSheetFollowsTheTray() {
    SampleStudio studio;
    studio.session.addPictures(
        {.sources = {{.name = "cup 1", .path = studio.sample("cup/1.png")}}});
    QVERIFY(studio.button("cup 1")->isChecked());
    QTRY_VERIFY(!studio.session.references().isReading());
    MimePictures nine;
    for (int i = 1; i < kMaxReferences; ++i) {
        const QString name = QString("%1.png").arg(i);
        nine.sources.append({.name = name, .path = studio.picture(name, Qt::red)});
    }
    studio.session.addPictures(nine);
    QVERIFY(studio.session.references().isFull());
    QVERIFY(!studio.button("cup 2")->isEnabled()); // an eleventh
    QVERIFY(studio.button("cup 1")->isEnabled());  // to be taken out
    QTRY_VERIFY(!studio.session.references().isReading());
    studio.session.references().clear();
    QVERIFY(studio.button("cup 2")->isEnabled());
    QVERIFY(!studio.button("cup 1")->isChecked());
}

void TestSamples::allOfASubjectAreOneStep() {
    SampleStudio studio;
    studio.drop({studio.picture("own.png", Qt::green)}, studio.onReferences());
    QTRY_COMPARE(studio.tray(), QStringList{"own.png"});
    QTRY_VERIFY(!studio.session.references().isReading());
    const int steps = studio.session.edits().stack().index();
    auto* all = studio.find<QAbstractButton>("all_samples"); // of the cups
    QCOMPARE(all->text(), QString("All %1").arg(kMaxReferences));
    all->click();
    QCOMPARE(studio.tray().size(), kMaxReferences);
    QCOMPARE(studio.tray().back(), QString("cup 9"));
    QTRY_VERIFY(!studio.session.references().isReading());
    QCOMPARE(studio.session.edits().stack().index(), steps + 1);
    studio.session.edits().undo();
    QCOMPARE(studio.tray(), QStringList{"own.png"});
    QVERIFY(studio.session.references().cards()[0].image);
}

void TestSamples::arrowsGoFromPictureToPicture() {
    SampleStudio studio;
    QTest::mouseClick(studio.find<MenuButton>("samples_button"), Qt::LeftButton);
    PictureButton* first = studio.button("cup 0");
    first->setFocus();
    QTest::keyClick(first, Qt::Key_Right);
    QVERIFY(studio.button("cup 1")->hasFocus());
    QTest::keyClick(studio.button("cup 1"), Qt::Key_Left);
    QVERIFY(first->hasFocus());
    QTest::keyClick(first, Qt::Key_Left); // nothing there
    QVERIFY(first->hasFocus());
    QTest::keyClick(first, Qt::Key_Down);
    QVERIFY(studio.button("hat 0")->hasFocus());
    QTest::keyClick(studio.button("hat 0"), Qt::Key_Space);
    QCOMPARE(studio.tray(), QStringList{"hat 0"});
}

void TestSamples::anExampleIsOneStep() {
    SampleStudio studio;
    studio.drop({studio.picture("own.png", Qt::green)}, studio.onReferences());
    QTRY_VERIFY(!studio.session.references().cards().empty() &&
                !studio.session.references().isReading());
    studio.session.request().edit([](GenerationRequest& request) { request.prompt = "mine"; });
    studio.session.edits().endGesture();
    const EditState before = studio.session.edits().state();
    const int steps = studio.session.edits().stack().index();
    QCOMPARE(studio.cards()[0]->accessibleName(), QString("Cup elsewhere"));
    QTest::mouseClick(studio.cards()[0], Qt::LeftButton);
    QTRY_COMPARE(studio.session.library().rowCount(), 1); // a picture is made of it at once
    QCOMPARE(studio.session.shown()->request.prompt, std::string("a cup at sea"));
    QCOMPARE(studio.session.shown()->request.references.size(), 1U);
    QCOMPARE(studio.tray(), QStringList{"cup 3"});
    QCOMPARE(studio.session.references().cards()[0].ip_adapter_scale, 0.8);
    QCOMPARE(studio.session.edits().stack().index(), steps + 1);
    QCOMPARE(studio.session.edits().stack().undoText(), QString("Example: Cup elsewhere"));
    studio.session.edits().undo();
    QVERIFY(studio.session.edits().state() == before);
    QVERIFY(studio.window.areDocksVisible());
}

void TestSamples::anExampleLeavesTheRestOfTheSettings() {
    SampleStudio studio;
    studio.session.request().edit([](GenerationRequest& request) {
        request.width = 64;
        request.height = 96;
        request.num_inference_steps = 7;
        request.guidance_scale = 2.5;
        request.seed = 99;
        request.ip_adapter = "another";
        request.negative_prompt = "blur";
    });
    studio.session.request().setSeedLocked(true);
    const GenerationRequest before = studio.session.request().request();
    QMenu* menu = studio.find<QMenu>("examples_menu");
    QCOMPARE(menu->actions().size(), 2);
    menu->actions()[1]->trigger();
    GenerationRequest wanted = before;
    wanted.prompt = "a hat on a cup";
    wanted.combine = CombineMode::average;
    wanted.master_scale = 0.9;
    wanted.ip_adapter.clear();
    QVERIFY(studio.session.request().request() == wanted);
    QVERIFY(studio.session.request().isSeedLocked());
    QCOMPARE(studio.tray(), QStringList({"cup 0", "hat 0"}));
    QVERIFY(studio.session.references().cards()[1].muted);
}

void TestSamples::rolesHaveTheModelsNumbers() {
    SampleStudio studio;
    studio.session.useExample(studio.session.samples().examples()[1]);
    const ReferenceCard& styled = studio.session.references().cards()[0];
    const RoleNumbers numbers = roleNumbers(ReferenceRole::style, kFakeBlocks);
    QCOMPARE(studio.session.references().role(styled), ReferenceRole::style);
    QVERIFY(!numbers.block_scales.empty());
    QVERIFY(styled.block_scales == numbers.block_scales);
    QCOMPARE(styled.range_start, numbers.range_start);
    // Numbers of its own come before the role's.
    const Example own = exampleFromJson(
        nlohmann::json::parse(R"({"references": [{"path": "a.png", "range": [0.1, 0.4]}],
                                  "cards": [{"role": "style"}]})"),
        "/samples");
    const ReferenceCard card = inRoles(own.cards, kFakeBlocks).front();
    QCOMPARE(card.range_start, 0.1);
    QCOMPARE(card.path, QString("/samples/a.png"));
}

void TestSamples::brokenExamplesAreLeftOut() {
    SampleStudio studio;
    const QList<Example>& examples = studio.session.samples().examples();
    QCOMPARE(examples.size(), 2); // of four: a picture and an adapter are not there
    QCOMPARE(examples[1].title, QString("Two"));
    QVERIFY(studio.window.notices().notices().isEmpty());
}

void TestSamples::badExamplesAreTold_data() {
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("reason");
    QTest::newRow("no JSON") << QByteArray("{") << "no valid JSON";
    QTest::newRow("no list") << QByteArray("{}") << "holds no list";
    QTest::newRow("unknown key") << QByteArray(R"({"examples": [{"promt": "a cup"}]})") << "promt";
    QTest::newRow("too strong") << QByteArray(R"({"examples": [{"references": [{"path": "cup/0.png",
                                                        "ip_adapter_scale": 9}]}]})")
                                << "ip_adapter_scale";
    QTest::newRow("elsewhere")
        << QByteArray(R"({"examples": [{"references": [{"path": "../../secret.png"}]}]})")
        << "../../secret.png";
}

void TestSamples::badExamplesAreTold() {
    QFETCH(const QByteArray, json);
    QFETCH(const QString, reason);
    SampleStudio studio(json.constData());
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    const Notice notice = studio.window.notices().notices().front();
    QVERIFY2(notice.title.contains("examples"), qPrintable(notice.title));
    QVERIFY2(notice.reason.contains(reason), qPrintable(notice.reason));
    QVERIFY(studio.session.samples().examples().isEmpty());
    QCOMPARE(studio.session.samples().subjects().size(), 2); // the pictures are there
}

void TestSamples::cardsGoWhenThereIsAPicture() {
    SampleStudio studio;
    auto* cards = studio.find<ExampleCards>("example_cards");
    QVERIFY(cards->isVisible());
    QVERIFY(studio.window.view().rect().contains(cards->geometry()));
    studio.window.generate();
    QTRY_COMPARE(studio.session.library().rowCount(), 1);
    QVERIFY(!cards->isVisible());
}

void TestSamples::whatDoesNotFitIsNotShown() {
    PictureView view;
    auto* beginning = new PictureButton(200);
    view.resize(800, 600);
    view.show();
    const auto shown = [&](QSize size) {
        view.resize(size);
        return beginning->isVisible() && view.rect().contains(beginning->geometry());
    };
    view.setBeginning(beginning);
    QVERIFY(shown({800, 600}));
    QVERIFY(!shown({210, 600}));
    QVERIFY(!shown({800, 240})); // the words need room too
    QVERIFY(shown({260, 300}));
    view.setImage(QImage(8, 8, QImage::Format_RGB888));
    QVERIFY(!shown({800, 600}));
    view.setImage({});
    QVERIFY(shown({800, 600}));
}

void TestSamples::examplesSpeakTheWindowsLanguage() {
    const Language german("de");
    SampleStudio studio;
    QCOMPARE(studio.session.samples().examples()[0].title, QString("Tasse anderswo"));
    QCOMPARE(studio.session.samples().examples()[1].title, QString("Two")); // it has no other
}

void TestSamples::theStarterBringsWhatIsPromised() {
    const std::filesystem::path starter =
        std::filesystem::path(LIKENESS_SOURCE_DIR) / "resources/starter";
    ModelSamples samples;
    QSignalSpy changed(&samples, &ModelSamples::changed);
    QSignalSpy refused(&samples, &ModelSamples::refused);
    samples.open("starter");
    QTRY_COMPARE(changed.count(), 1);
    QVERIFY(refused.isEmpty());
    QCOMPARE(samples.subjects().size(), 9); // the three of the first start and six more
    for (const SampleSubject& subject : samples.subjects()) {
        QCOMPARE(subject.pictures.size(), kMaxReferences);
    }
    const auto json = read_json_file(starter / "samples/examples.json").at("examples");
    QCOMPARE(json.size(), 3U);
    QCOMPARE(samples.examples().size(), 3);
    for (const auto& example : json) {
        for (const char* text : {"title", "about"}) {
            for (const char* language : {"en", "de"}) {
                QVERIFY(!example.at(text).at(language).get<std::string>().empty());
            }
        }
        for (const auto& card : example.at("cards")) {
            QVERIFY(roleFromKey(QString::fromStdString(card.at("role"))));
        }
    }
    QCOMPARE(samples.examples()[2].cards.size(), 2U);
    QVERIFY(samples.examples()[2].cards[0].name.section(' ', 0, 0) !=
            samples.examples()[2].cards[1].name.section(' ', 0, 0));
}

QTEST_MAIN(TestSamples)
#include "test_samples.moc"
