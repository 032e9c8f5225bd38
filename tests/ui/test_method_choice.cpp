#include "tests/ui/studio_fixture.h"
#include "ui/panels/library_panel.h"
#include "ui/panels/method_choice.h"
#include "ui/panels/reference_card_view.h"
#include "ui/workspace_tabs.h"

#include <QAbstractButton>
#include <QAction>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>

using namespace likeness;

namespace {

// A studio that tells what would be learned from.
struct Choosing : StudioFixture {
    Choosing() {
        [this] { QTRY_VERIFY(!session.goodModel().isEmpty()); }();
        QObject::connect(&session, &Session::promoted, &window,
                         [this](const QList<PromotedPicture>& pictures) { learned += pictures; });
        QObject::connect(&session, &Session::wayTaken, &window,
                         [this](const MethodAdvice& advice) { ways.append(advice); });
    }

    void dropMany(int count) {
        QStringList paths;
        for (int i = 0; i < count; ++i) {
            paths << picture(QStringLiteral("mug_%1.png").arg(i), QColor::fromHsv(i * 10, 200, 200),
                             {16, 16});
        }
        drop(paths, onReferences());
    }

    QString text(const char* label) { return find<QLabel>(label)->text(); }

    void click(const char* button) {
        QTest::mouseClick(find<QAbstractButton>(button), Qt::LeftButton);
    }

    bool isAsked() { return find<MethodChoice>("method_choice")->isVisibleTo(&window); }

    QList<PromotedPicture> learned{};
    QList<MethodAdvice> ways{};
};

} // namespace

// Which way to take with many pictures, and how they become a training set.
class TestMethodChoice : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        QVERIFY(data_.isValid());
        qputenv("XDG_DATA_HOME", data_.path().toUtf8());
        applyTheme(*qApp, ThemeKind::dark);
    }

    void moreThanTenAreOfferedToTraining() {
        Choosing studio;
        QVERIFY(!studio.isAsked());
        studio.dropMany(24);
        QTRY_COMPARE(studio.session.references().references().size(), 10U);
        QVERIFY(studio.isAsked());
        QCOMPARE(studio.text("method_count"), QString("24 pictures"));
        const QList<Notice> notices = studio.window.notices().notices();
        QCOMPARE(notices.size(), 1); // one for all of them
        QVERIFY(notices.front().title.contains("24"));
        auto* act = studio.find<QAbstractButton>("notice_action");
        QCOMPARE(act->text(), QString("Train a LoRA of these 24"));
        QTest::mouseClick(act, Qt::LeftButton);
        QTRY_COMPARE(studio.learned.size(), 24);
        QVERIFY(studio.learned.back().picture.path.endsWith("mug_23.png"));
        QCOMPARE(studio.ways.size(), 1);
        QVERIFY(studio.ways.front().method == AdvisedMethod::lora);
        QVERIFY(!studio.isAsked());
        // They are the Train page's dataset, with the settings that were advised.
        const TrainingSet& set = studio.session.trainingSet();
        QTRY_COMPARE(set.pictures().size(), 24U);
        QCOMPARE(studio.find<WorkspaceTabs>("workspaces")->current(), 2);
        QVERIFY(set.draft().request.method == TrainingMethod::lora);
        QCOMPARE(set.draft().request.max_train_steps, studio.ways.front().max_train_steps);
        QVERIFY(studio.ways.front().max_train_steps > 400); // 40 for each picture
    }

    void oneTooManyIsRefusedAsEver() {
        Choosing studio;
        studio.dropMany(10);
        studio.drop({studio.picture("eleventh.png", Qt::red)}, studio.onReferences());
        QTRY_COMPARE(studio.window.notices().notices().size(), 1);
        QVERIFY(studio.window.notices().notices().front().reason.contains("Remove one first"));
        QVERIFY(!studio.isAsked());
    }

    void theAnswersChangeTheWay() {
        Choosing studio;
        studio.dropMany(24);
        QTRY_COMPARE(studio.session.references().references().size(), 10U);
        QCOMPARE(studio.text("method_title"), QString("A LoRA, with an image prompt beside it"));
        QCOMPARE(studio.find<QAbstractButton>("method_take")->text(),
                 QString("Train a LoRA of these 24"));
        studio.click("method_kept_2"); // a style: a LoRA alone
        QCOMPARE(studio.text("method_title"), QString("A LoRA"));
        QVERIFY(studio.text("method_will_not").contains("does not keep a face or product"));
        studio.click("method_time_0"); // now
        QCOMPARE(studio.text("method_title"), QString("An image prompt"));
        QVERIFY(!studio.find<QAbstractButton>("method_measure")->isVisibleTo(&studio.window));
        // Reasons only when asked for.
        auto* reason = studio.find<QLabel>("method_reason");
        QVERIFY(!reason->isVisibleTo(&studio.window));
        studio.click("method_why");
        QVERIFY(reason->isVisibleTo(&studio.window));
        QVERIFY(reason->text().startsWith("Image prompt: "));
        studio.click("method_take");
        QVERIFY(!studio.isAsked());
        QTest::qWait(20);
        QVERIFY(studio.learned.isEmpty() && studio.ways.isEmpty());
        QCOMPARE(studio.session.references().rowCount(), 10);
    }

    void thePaceIsMeasuredHere() {
        Choosing studio;
        studio.dropMany(24);
        QTRY_COMPARE(studio.session.references().references().size(), 10U);
        QVERIFY(studio.text("method_cost").contains("not measured"));
        studio.click("method_measure");
        QTRY_VERIFY(studio.text("method_cost").contains("0.05 s"));
        QTRY_VERIFY(!studio.session.question().isMeasuring());
        QVERIFY(studio.text("method_cost").startsWith("about"));
        QVERIFY(!studio.find<QAbstractButton>("method_measure")->isVisibleTo(&studio.window));
        const TrainingAdvice many = studio.session.question().adviceFor(200);
        QVERIFY(many.first().method == AdvisedMethod::dreambooth);
        QVERIFY(many.first().seconds > 0);
        studio.click("method_close");
        QVERIFY(!studio.isAsked());
    }

    void referencesBringThePromptsTheyCameFrom() {
        Choosing studio;
        studio.session.request().edit(
            [](GenerationRequest& request) { request.prompt = "a (red:1.3) mug, [grass]"; });
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
        const PictureId made = studio.session.library().idAt(0);
        QTRY_VERIFY(!studio.session.library().pathOf(made).isEmpty());
        studio.session.addAsReferences({made});
        const QString told = studio.picture("told.png", Qt::blue);
        QFile words(studio.folder.filePath("told.txt"));
        QVERIFY(words.open(QFile::WriteOnly) && words.write("a blue square") > 0);
        words.close();
        studio.drop({told, studio.picture("plain.png", Qt::green)}, studio.onReferences());
        QTRY_COMPARE(studio.session.references().references().size(), 3U);
        studio.find<QAction>("train_on_references")->trigger();
        QTRY_COMPARE(studio.learned.size(), 3);
        QCOMPARE(studio.learned[0].caption, QString("a red mug, grass"));
        QCOMPARE(studio.learned[0].picture.path, studio.session.library().pathOf(made));
        QCOMPARE(studio.learned[1].caption, QString()); // what lies beside it says it
        const std::vector<DatasetPicture>& dataset = studio.session.trainingSet().pictures();
        QTRY_COMPARE(dataset.size(), 3U);
        QCOMPARE(dataset[0].caption, QString("a red mug, grass"));
        QTRY_COMPARE(dataset[1].caption, QString("a blue square"));
        QCOMPARE(studio.learned[2].caption, QString());
        // One card of its menu.
        auto* card = studio.window.findChild<ReferenceCardView*>();
        QContextMenuEvent wish(QContextMenuEvent::Mouse, QPoint(4, 4), card->mapToGlobal(QPoint()));
        QApplication::sendEvent(card, &wish);
        auto* menu = studio.find<QMenu>("card_menu");
        QVERIFY(menu);
        menu->findChild<QAction*>("train_on_card")->trigger();
        menu->close();
        QTRY_COMPARE(studio.learned.size(), 4);
        QCOMPARE(studio.learned[3].caption, QString("a red mug, grass"));
    }

    void picturesOfTheLibraryToo() {
        Choosing studio;
        for (const char* prompt : {"a mug", "a mug in the snow"}) {
            studio.session.request().edit([&](GenerationRequest& r) { r.prompt = prompt; });
            const int before = studio.session.library().rowCount();
            studio.window.generate();
            QTRY_COMPARE(studio.session.library().rowCount(), before + 1);
            QTRY_VERIFY(studio.isIdle());
        }
        QTRY_VERIFY(!studio.session.library().isKeeping());
        QMenu menu;
        studio.find<LibraryPanel>("library_panel")
            ->fillMenu(menu, {studio.session.library().idAt(0), studio.session.library().idAt(1)});
        auto* train = menu.findChild<QAction*>("train_on_pictures");
        QCOMPARE(train->text(), QString("Train on these 2"));
        train->trigger();
        QTRY_COMPARE(studio.learned.size(), 2);
        QCOMPARE(studio.learned[0].caption, QString("a mug in the snow"));
        QCOMPARE(studio.learned[1].caption, QString("a mug"));
    }

    void theTrayIsAskedAboutAtAnyTime() {
        Choosing studio;
        studio.find<QAction>("ask_which_way")->trigger();
        QVERIFY(!studio.isAsked()); // there is nothing to ask about
        studio.dropMany(3);
        QTRY_COMPARE(studio.session.references().references().size(), 3U);
        studio.find<QAction>("ask_which_way")->trigger();
        QVERIFY(studio.isAsked());
        QCOMPARE(studio.text("method_title"), QString("An image prompt"));
    }

private:
    QTemporaryDir data_;
};

QTEST_MAIN(TestMethodChoice)
#include "test_method_choice.moc"
