#include "tests/ui/studio_fixture.h"
#include "ui/model/session_keeper.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/choice_box.h"
#include "ui/widgets/number_field.h"
#include "ui/widgets/slider_track.h"

#include <QCheckBox>
#include <QClipboard>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSplitter>

#include <map>
#include <random>

using namespace likeness;

namespace {

// Somebody who does everything in no order. The same seed walks the same way.
class Walker {
public:
    Walker(StudioFixture& studio, unsigned seed) : studio_(studio), random_(seed) {
        for (int i = 0; i < 5; ++i) {
            pictures_ << studio.picture(QString("p%1.png").arg(i),
                                        QColor::fromHsv(i * 60, 200, 200));
        }
        QFile words(studio.folder.filePath("words.png"));
        if (words.open(QIODevice::WriteOnly)) {
            words.write("no picture");
        }
        pictures_ << words.fileName();
    }

    void step() {
        static const std::vector<std::pair<const char*, void (Walker::*)()>> kActions = {
            {"type", &Walker::type},
            {"erase", &Walker::erase},
            {"drag", &Walker::drag},
            {"key a slider", &Walker::keySlider},
            {"type a number", &Walker::number},
            {"click", &Walker::click},
            {"click", &Walker::click},
            {"drop", &Walker::drop},
            {"paste", &Walker::paste},
            {"undo", &Walker::undo},
            {"undo", &Walker::undo},
            {"redo", &Walker::redo},
            {"key undo", &Walker::keyUndo},
            {"generate", &Walker::generate},
            {"stop", &Walker::stop},
            {"live", &Walker::live},
            {"scheduler", &Walker::scheduler},
            {"settings", &Walker::settings},
            {"result", &Walker::result},
            {"rest", &Walker::rest}};
        const auto& [name, act] = kActions[below(kActions.size())];
        last = name;
        (this->*act)();
        ++done[name];
    }

    std::map<std::string, int> done{};
    std::string last{};

private:
    std::size_t below(std::size_t count) {
        return std::uniform_int_distribution<std::size_t>(0, count - 1)(random_);
    }

    template <typename Widget>
    Widget* any(const QStringList& names) {
        QList<Widget*> found;
        for (const QString& name : names) {
            for (Widget* widget : studio_.window.findChildren<Widget*>(name)) {
                if (widget->isVisible() && widget->isEnabled()) {
                    found.append(widget);
                }
            }
        }
        return found.isEmpty() ? nullptr : found[static_cast<qsizetype>(below(found.size()))];
    }

    SliderTrack* slider() {
        return any<SliderTrack>({"ip_adapter_scale", "master_scale", "num_inference_steps",
                                 "guidance_scale", "range_start", "range_end"});
    }

    void type() {
        auto* edit = any<QPlainTextEdit>({"prompt", "negative_prompt"});
        edit->setFocus();
        QTest::keyClicks(edit, QString(QChar('a' + static_cast<char>(below(26)))) + " ");
    }

    void erase() {
        auto* edit = any<QPlainTextEdit>({"prompt", "negative_prompt"});
        edit->setFocus();
        QTest::keyClick(edit, Qt::Key_Backspace, below(3) ? Qt::NoModifier : Qt::ControlModifier);
    }

    void drag() {
        if (SliderTrack* track = slider()) {
            const auto width = static_cast<std::size_t>(track->width());
            QTest::mousePress(track, Qt::LeftButton, {}, QPoint(int(below(width)), 10));
            for (std::size_t i = below(5); i > 0; --i) {
                QTest::mouseMove(track, QPoint(int(below(width)), 10));
            }
            QTest::mouseRelease(track, Qt::LeftButton, {}, QPoint(int(below(width)), 10));
        }
    }

    void keySlider() {
        if (SliderTrack* track = slider()) {
            QTest::keyClick(track, below(2) ? Qt::Key_Left : Qt::Key_Right);
        }
    }

    void number() {
        auto* field = any<NumberField>({"width", "height", "num_inference_steps_number"});
        field->setFocus();
        field->selectAll();
        QTest::keyClicks(field, QString::number(4 * (1 + below(20))));
        if (below(2)) {
            QTest::keyClick(field, Qt::Key_Return);
        }
    }

    void click() {
        if (auto* button = any<QAbstractButton>(
                {"mute", "solo", "remove", "swap_size", "dice", "seed_lock", "combine_0",
                 "combine_1", "num_images_0", "num_images_1", "notice_action", "notice_close"})) {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }

    void drop() {
        QStringList files;
        for (std::size_t i = below(3); i < 3; ++i) {
            files << pictures_[static_cast<qsizetype>(below(pictures_.size()))];
        }
        studio_.drop(files, below(4) ? studio_.onReferences() : studio_.onCanvas());
    }

    void paste() {
        QImage image(16, 16, QImage::Format_RGB888);
        image.fill(QColor::fromHsv(int(below(360)), 255, 200));
        QApplication::clipboard()->setImage(image);
        studio_.window.paste();
    }

    void undo() {
        if (auto* button = any<IconButton>({"undo_button"})) {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }

    void redo() {
        if (auto* button = any<IconButton>({"redo_button"})) {
            QTest::mouseClick(button, Qt::LeftButton);
        }
    }

    void keyUndo() {
        if (QWidget* field = QApplication::focusWidget()) {
            QTest::keyClick(field, Qt::Key_Z,
                            below(3) ? Qt::ControlModifier
                                     : Qt::ControlModifier | Qt::ShiftModifier);
        }
    }

    void generate() { studio_.window.generate(); }

    void stop() { studio_.session.stop(); }

    void live() {
        if (auto* box = any<QCheckBox>({"live"})) {
            box->click();
        }
    }

    void scheduler() {
        if (auto* box = any<ChoiceBox>({"scheduler"})) {
            box->setFocus();
            QTest::keyClick(box, below(2) ? Qt::Key_Down : Qt::Key_Up);
        }
    }

    void settings() {
        if (const int rows = studio_.session.library().rowCount(); rows > 0) {
            studio_.session.useSettingsOfPicture(
                studio_.session.library().idAt(int(below(std::size_t(rows)))));
        }
    }

    void result() {
        if (const int rows = studio_.session.library().rowCount(); rows > 0) {
            studio_.session.addAsReferences(
                {studio_.session.library().idAt(int(below(std::size_t(rows))))});
        }
    }

    void rest() { QTest::qWait(int(below(30))); }

    StudioFixture& studio_;
    std::mt19937 random_;
    QStringList pictures_{};
};

} // namespace

// Thousands of random actions: nothing breaks, and everything can be undone. LIKENESS_WALK says how
// many, LIKENESS_WALK_SEED which.
class TestWalker : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() { applyTheme(*qApp, ThemeKind::dark); }

    void undoAllIsTheStart();
};

void TestWalker::undoAllIsTheStart() {
    const int wanted = qEnvironmentVariableIntValue("LIKENESS_WALK");
    const int count = wanted > 0 ? wanted : 2000;
    const int seed = qEnvironmentVariableIntValue("LIKENESS_WALK_SEED");
    const QTemporaryDir sessions;
    SessionParts parts = StudioFixture::fakeParts(std::make_shared<FakeScript>());
    parts.sessions = sessions.path().toStdString();
    StudioFixture studio(parts);
    QApplication::setActiveWindow(&studio.window);
    EditHistory& edits = studio.session.edits();
    Walker walker(studio, static_cast<unsigned>(seed));
    EditState start = edits.state();
    qsizetype most_steps = 0;
    for (int i = 1; i <= count; ++i) {
        walker.step();
        QCoreApplication::processEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); // as a loop does
        QVERIFY2(studio.session.references().rowCount() <= 10, walker.last.c_str());
        QVERIFY2(edits.state().request == studio.session.request().request(), walker.last.c_str());
        QVERIFY2(edits.state().cards == studio.session.references().cards(), walker.last.c_str());
        if (edits.stack().index() == 0) {
            // Generate draws a seed; that is no edit.
            start.request.seed = edits.state().request.seed;
            QVERIFY2(edits.state() == start, walker.last.c_str());
        }
        if (i % std::max(1, count / 4) == 0) {
            studio.session.stop();
            QTRY_VERIFY(!studio.session.references().isReading());
            const EditState end = edits.state();
            const int index = edits.stack().index();
            most_steps = std::max<qsizetype>(most_steps, index);
            while (edits.stack().canUndo()) {
                edits.undo();
            }
            QTRY_VERIFY(!studio.session.references().isReading());
            start.request.seed = edits.state().request.seed;
            QVERIFY(edits.state() == start);
            while (edits.stack().index() < index) {
                edits.redo();
            }
            QTRY_VERIFY(!studio.session.references().isReading());
            QVERIFY(edits.state() == end);
        }
    }
    for (const auto& [name, times] : walker.done) {
        QVERIFY2(times > count / 100, name.c_str());
    }
    QVERIFY(studio.session.library().rowCount() > 0);
    qInfo("%d actions, %d steps at most, %d pictures", count, static_cast<int>(most_steps),
          studio.session.library().rowCount());
}

QTEST_MAIN(TestWalker)
#include "test_walker.moc"
