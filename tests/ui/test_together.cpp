#include "tests/ui/studio_fixture.h"
#include "ui/model/comparison_model.h"
#include "ui/panels/active_panel.h"
#include "ui/panels/active_row.h"
#include "ui/panels/lora_card.h"
#include "ui/panels/method_cards.h"
#include "ui/panels/reference_card_view.h"
#include "ui/panels/word_card.h"
#include "ui/widgets/check_list.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/slider_track.h"
#include "ui/workspace_tabs.h"

#include <QAbstractButton>
#include <QAction>
#include <QLabel>
#include <QMenu>
#include <QPlainTextEdit>

using namespace likeness;

namespace {

// A studio with a reference, a LoRA, a learned word and another model than the starter.
struct Together : StudioFixture {
    Together() {
        [this] {
            QTRY_VERIFY(!session.goodModel().isEmpty());
            session.openModel(folder.filePath("flagship-model.safetensors"));
            QTRY_VERIFY(session.goodModel().endsWith("flagship-model.safetensors"));
            drop({picture("mug.png", Qt::red)}, onReferences());
            session.addLoras({folder.filePath("film-lora.safetensors")});
            session.addLearnedWords({folder.filePath("cat-word.pt")});
            QTRY_COMPARE(session.references().references().size(), 1U);
            QTRY_COMPARE(request().loras.size(), 1U);
            QTRY_COMPARE(request().textual_inversions.size(), 1U);
        }();
    }

    const GenerationRequest& request() { return session.request().request(); }

    ActivePanel& panel() { return *find<ActivePanel>("active_panel"); }

    ActiveRow* row(ActiveThing::Kind kind, int number = 0) {
        for (ActiveRow* each : panel().rows()) {
            if (each->kind() == kind && number-- == 0) {
                return each;
            }
        }
        return nullptr;
    }

    // A number typed into the row.
    void type(ActiveThing::Kind kind, double scale) {
        auto* number = row(kind)->findChild<NumberField*>();
        number->setText(QString::number(scale));
        Q_EMIT number->returnPressed();
    }

    void mute(ActiveThing::Kind kind) {
        QTest::mouseClick(row(kind)->findChild<QAbstractButton*>("active_mute"), Qt::LeftButton);
    }

    // An action of the menu that this button opens.
    void choose(QAbstractButton* more, const char* action) {
        QTest::mouseClick(more, Qt::LeftButton);
        QMenu* menu = nullptr;
        for (QMenu* each : panel().findChildren<QMenu*>("active_menu")) {
            menu = each->isVisible() ? each : menu;
        }
        QVERIFY(menu);
        auto* wanted = menu->findChild<QAction*>(QLatin1String(action));
        QVERIFY2(wanted && wanted->isEnabled(), action);
        wanted->trigger();
        menu->close();
    }

    void choose(ActiveThing::Kind kind, const char* action) {
        choose(row(kind)->findChild<QAbstractButton*>("active_more"), action);
    }

    QString note() {
        QStringList all;
        for (const auto* label : panel().findChildren<QLabel*>()) {
            all << label->text();
        }
        return all.join('|');
    }
};

using Kind = ActiveThing::Kind;

} // namespace

// What acts together on a picture: one panel, ladders of any of it.
class TestTogether : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        QVERIFY(data_.isValid());
        qputenv("XDG_DATA_HOME", data_.path().toUtf8());
        applyTheme(*qApp, ThemeKind::dark);
    }

    void whatIsShownReachesTheRunner() {
        Together studio;
        QCOMPARE(studio.panel().rows().size(), 4);
        studio.type(Kind::reference, 0.35);
        studio.type(Kind::lora, 0.7);
        auto* master = studio.panel().findChild<NumberField*>("active_master_number");
        master->setText("0.9");
        Q_EMIT master->returnPressed();
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
        const GenerationRequest made = studio.session.shown()->request;
        QVERIFY(QString::fromStdString(made.model).endsWith("flagship-model.safetensors"));
        QCOMPARE(made.references.size(), 1U);
        QCOMPARE(made.references[0].ip_adapter_scale, 0.35);
        QCOMPARE(made.master_scale, 0.9);
        QCOMPARE(made.loras.size(), 1U);
        QCOMPARE(made.loras[0].scale, 0.7);
        QCOMPARE(made.textual_inversions.size(), 1U);
        QVERIFY(studio.note().contains("3 active"));
        // The same numbers stand on the cards.
        auto* card = studio.window.findChild<ReferenceCardView*>();
        QCOMPARE(card->findChild<SliderTrack*>("ip_adapter_scale")->value(), 35);
        auto* lora = studio.window.findChild<LoraCard*>();
        QCOMPARE(lora->findChild<SliderTrack*>("lora_scale")->value(), 70);
    }

    void whatIsMutedIsCountedAndNotRun() {
        Together studio;
        for (const Kind kind : {Kind::reference, Kind::lora, Kind::word}) {
            studio.mute(kind);
        }
        QVERIFY(studio.note().contains("0 active, 3 muted"));
        QVERIFY(!studio.row(Kind::lora)->findChild<SliderTrack*>()->isEnabled());
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
        const GenerationRequest made = studio.session.shown()->request;
        QVERIFY(made.references.empty() && made.loras.empty() && made.textual_inversions.empty());
        // One truth: the cards show it, and undo takes it back step by step.
        auto* card = studio.window.findChild<WordCard*>();
        QVERIFY(card->findChild<QAbstractButton*>("word_mute")->isChecked());
        QCOMPARE(studio.session.edits().stack().undoText(), QString("Mute cat-word"));
        studio.session.edits().undo();
        QCOMPARE(studio.session.edits().stack().undoText(), QString("Mute film-lora"));
        studio.session.edits().undo();
        QVERIFY(studio.note().contains("2 active, 1 muted"));
        // Folded, the count still stands in the head.
        studio.panel().setOpen(false);
        bool counted = false;
        for (const auto* label : studio.panel().findChildren<QLabel*>()) {
            counted |= label->text() == "2 active, 1 muted" && label->isVisibleTo(&studio.panel());
        }
        QVERIFY(counted);
        QTest::mouseClick(card->findChild<QAbstractButton*>("word_mute"), Qt::LeftButton);
        QVERIFY(studio.request().textual_inversions[0].muted);
        QVERIFY(studio.row(Kind::word)->findChild<QAbstractButton*>("active_mute")->isChecked());
    }

    void soloAndMisfitsAreCountedToo() {
        Together studio;
        studio.drop({studio.picture("style.png", Qt::blue)}, studio.onReferences());
        QTRY_COMPARE(studio.session.references().references().size(), 2U);
        studio.choose(Kind::reference, "active_solo");
        QVERIFY(studio.session.references().cards()[0].solo);
        QVERIFY(studio.note().contains("3 active, 1 muted"));
        studio.choose(Kind::reference, "active_solo");
        QVERIFY(studio.note().contains("4 active"));
        studio.session.addLoras({studio.folder.filePath("film-lora-xl.safetensors")});
        QTRY_VERIFY(studio.note().contains("4 active, 1 left out"));
        studio.choose(Kind::lora, "active_remove");
        QCOMPARE(studio.request().loras.size(), 1U);
        studio.session.edits().undo();
        QCOMPARE(studio.request().loras.size(), 2U);
    }

    void foldsWhileTheModelIsAlone() {
        StudioFixture studio;
        QTRY_VERIFY(!studio.session.goodModel().isEmpty());
        auto* panel = studio.find<ActivePanel>("active_panel");
        QVERIFY(!panel->isOpen());
        QCOMPARE(panel->rows().size(), 1);
        studio.window.resize(1400, 720); // what unfolds has no room in the column
        const auto* prompt = studio.find<QPlainTextEdit>("prompt");
        QTest::qWait(0);
        const QPoint place = prompt->mapToGlobal(QPoint());
        studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
        QTRY_VERIFY(panel->isOpen());
        QTest::qWait(0);
        QCOMPARE(prompt->mapToGlobal(QPoint()), place); // nobody asked for another place
        panel->setOpen(false);
        studio.drop({studio.picture("b.png", Qt::blue)}, studio.onReferences());
        QTRY_COMPARE(panel->rows().size(), 3);
        QVERIFY(!panel->isOpen()); // the hand's choice stays
        studio.session.references().clear();
        QTRY_COMPARE(panel->rows().size(), 1);
        QVERIFY(!panel->isOpen());
    }

    void oneGestureSweepsALora() {
        Together studio;
        studio.choose(Kind::lora, "sweep");
        ComparisonModel& model = studio.session.comparison();
        QTRY_VERIFY(model.isComplete());
        QCOMPARE(studio.find<WorkspaceTabs>("workspaces")->current(), 1);
        QCOMPARE(model.cells().size(), 7U);
        QCOMPARE(model.cell(3)->caption, QString("LoRA film-lora 0.6"));
        QCOMPARE(model.cell(3)->result.request.loras[0].scale, 0.6);
        QCOMPARE(model.cell(3)->result.request.references.size(), 1U);
    }

    void aReferenceAndTheMasterAreSweptToo() {
        Together studio;
        studio.drop({studio.picture("style.png", Qt::blue)}, studio.onReferences());
        QTRY_COMPARE(studio.session.references().references().size(), 2U);
        const auto says = [&](const QString& words) {
            const auto cards =
                studio.find<MethodCards>("method_cards")->findChildren<QAbstractButton*>();
            return std::ranges::any_of(
                cards, [&](auto* card) { return card->accessibleDescription().contains(words); });
        };
        QTRY_VERIFY(says("on, 2 references"));
        studio.session.references().setMuted(studio.session.references().cards()[0].id, true);
        QTRY_VERIFY(says("on, 1 reference"));
        auto* second = studio.row(Kind::reference, 1);
        studio.choose(second->findChild<QAbstractButton*>("active_more"), "sweep");
        ComparisonModel& model = studio.session.comparison();
        QTRY_VERIFY(model.isComplete());
        QCOMPARE(model.cell(2)->result.request.references.size(), 1U);
        QCOMPARE(model.cell(2)->result.request.references[0].ip_adapter_scale, 0.4);
        QVERIFY(model.cell(2)->result.request.references[0].path.ends_with("style.png"));
        studio.choose(studio.panel().findChild<QAbstractButton*>("active_master_more"), "sweep");
        QTRY_VERIFY(model.spec().axes[0].field == ComparisonField::master_scale);
        QTRY_VERIFY(model.isComplete());
        QCOMPARE(model.cell(6)->result.request.master_scale, 1.2);
    }

    void modelsArePickedAndCompared() {
        Together studio;
        studio.window.setModels({"starter", "other", "third"});
        studio.choose(Kind::model, "sweep");
        auto* list = studio.find<CheckList>("ladder_words");
        QTRY_VERIFY(list->isVisible());
        QCOMPARE(list->picked().size(), 4); // the open one and those
        QVERIFY(list->picked().front().endsWith("flagship-model.safetensors"));
        QCOMPARE(studio.session.comparison().cells().size(), 0U);
        list->setCurrentRow(3);
        QTest::keyClick(list, Qt::Key_Space);
        QCOMPARE(list->picked().size(), 3);
        QTest::mouseClick(studio.find<QAbstractButton>("make_comparison"), Qt::LeftButton);
        ComparisonModel& model = studio.session.comparison();
        QTRY_VERIFY(model.isComplete());
        QCOMPARE(model.cell(0)->caption, QString("flagship-model"));
        QCOMPARE(model.cell(1)->caption, QString("starter"));
        QCOMPARE(model.cell(2)->result.request.model, std::string("other"));
        QCOMPARE(model.cell(2)->result.request.loras.size(), 1U);
    }

    void aSheetOfALoraAndModels() {
        Together studio;
        studio.window.setModels({"starter"});
        ComparisonDraft draft{.sheet = true};
        draft.across = {{ComparisonField::lora_scale, 0, studio.request().loras[0].path}, "0, 1"};
        draft.down = {{ComparisonField::model}, {}, {"starter", "other"}};
        studio.session.comparison().setDraft(draft);
        studio.find<WorkspaceTabs>("workspaces")->setCurrent(1);
        QVERIFY(studio.find<CheckList>("down_words")->isVisible());
        QVERIFY(!studio.find<CheckList>("across_words")->isVisible());
        QTest::mouseClick(studio.find<QAbstractButton>("make_comparison"), Qt::LeftButton);
        ComparisonModel& model = studio.session.comparison();
        QTRY_VERIFY(model.isComplete());
        QCOMPARE(model.cells().size(), 4U);
        QCOMPARE(model.cell(2)->caption, QString("LoRA film-lora 0, other"));
        QCOMPARE(model.cell(3)->result.request.loras[0].scale, 1.0);
    }

private:
    QTemporaryDir data_;
};

QTEST_MAIN(TestTogether)
#include "test_together.moc"
