#include "app/application.h"
#include "core/imageio/load.h"
#include "core/request/json.h"
#include "core/request/training_json.h"
#include "tests/ui/fake_files.h"
#include "tests/ui/fake_runner.h"
#include "tests/ui/walker.h"
#include "ui/main_window.h"
#include "ui/model/session.h"

#include <QApplication>
#include <QDesktopServices>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace likeness;

namespace {

constexpr double kStallMs = 100;
constexpr double kWaitMs = 500; // asleep, in which a busy machine has its part
// Qt's style sheets look at every widget anew, 0.1 ms each; nobody switches while the hand draws.
constexpr double kThemeMs = 500; // 330 on the slowest processor seen

double allowed(const std::string& name) {
    return name.ends_with("Theme") || name.ends_with("pref_theme") ? kThemeMs : kStallMs;
}

// For who looks into it: from what was wanted to what is there.
std::string difference(const EditState& wanted, const EditState& now) {
    const auto json = [](const EditState& state) {
        nlohmann::json pictures;
        for (const DatasetPicture& picture : state.training.pictures) {
            pictures.push_back({picture.id, picture.path.toStdString(),
                                picture.caption.toStdString(), picture.content});
        }
        return nlohmann::json{{"request", nlohmann::json::parse(to_json(state.request))},
                              {"training", nlohmann::json::parse(to_json(state.training.request))},
                              {"name", state.training.name.toStdString()},
                              {"pictures", pictures}};
    };
    return nlohmann::json::diff(json(wanted), json(now)).dump() +
           (now.request == wanted.request ? "" : ", and the requests differ") +
           (now.cards == wanted.cards ? "" : ", and the cards differ") +
           (now.training == wanted.training ? "" : ", and the training differs");
}

// Where the steps lead back to.
class Start : public QObject {
public:
    Start(Session& session, Walker& walker) : edits_(session.edits()), state_(edits_.state()) {
        walker.begins_anew = [this] { begins_anew_ = true; };
        connect(&edits_, &EditHistory::edited, this, [this] {
            if (begins_anew_ && edits_.stack().count() == 0) {
                begins_anew_ = false;
                state_ = edits_.state();
            }
        });
    }

    // Generate draws a seed, and a picture may have been on its way: those are no edits.
    bool isReached() {
        const EditState& now = edits_.state();
        state_.request.seed = now.request.seed;
        if (InputImage& input = state_.request.input; !input.image) {
            input.image = now.request.input.image;
            input.sha256 = now.request.input.sha256;
            input.mask = now.request.input.mask;
        }
        for (ReferenceCard& card : state_.cards) {
            const auto read = std::ranges::find(now.cards, card.id, &ReferenceCard::id);
            if (!card.image && read != now.cards.end()) {
                card.image = read->image;
                card.thumbnail = read->thumbnail;
                card.path = card.path.isEmpty() ? read->path : card.path;
                card.sha256 = read->sha256;
                card.mask = read->mask;
                card.view.look_mask = read->view.look_mask;
            }
        }
        return now == state_;
    }

    std::string difference() const { return ::difference(state_, edits_.state()); }

private:
    EditHistory& edits_;
    EditState state_;
    bool begins_anew_ = false;
};

// What the cards, the picture to begin from, the dataset and the files are is known.
bool isRead(Session& session) {
    const InputImage& input = session.request().request().input;
    return (input.image || input.path.empty()) && !session.references().isReading() &&
           !session.trainingSet().isReading() && !session.knownFiles().isLooking();
}

void report(const TurnMeter& meter, double TurnCost::*by, const char* words) {
    constexpr std::size_t kShown = 10;
    const auto worst = meter.worst(by);
    for (std::size_t i = 0; i < std::min(kShown, worst.size()); ++i) {
        const auto& [name, cost] = worst[i];
        qInfo("%s: %5.1f ms of work, %5.1f ms waited, %6.1f ms by the clock: %s", words, cost.work,
              cost.waited, cost.wall, name.c_str());
    }
}

} // namespace

// Takes the place of the file manager that some actions ask for.
class Swallow : public QObject {
    Q_OBJECT

public Q_SLOTS:

    void open(const QUrl& /*url*/) {}
};

// Thousands of random actions: nothing breaks, nothing keeps the window from answering, and
// everything can be undone. LIKENESS_WALK says how many, LIKENESS_WALK_SEED which.
class TestWalker : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void undoAllIsTheStart();

    void cleanupTestCase() { QDesktopServices::unsetUrlHandler("file"); }

private:
    QTemporaryDir home_;
    Swallow swallow_;
};

void TestWalker::initTestCase() {
    qputenv("XDG_DATA_HOME", home_.path().toUtf8());
    qputenv("LIKENESS_RESOURCES", LIKENESS_SOURCE_DIR "/resources");
    QDesktopServices::setUrlHandler("file", &swallow_, "open");
    init_imageio();
    // What a platform without a screen says of every window that opens.
    static const QtMessageHandler kPass = qInstallMessageHandler(
        [](QtMsgType type, const QMessageLogContext& context, const QString& words) {
            if (!words.startsWith("This plugin does not support")) {
                kPass(type, context, words);
            }
        });
}

void TestWalker::undoAllIsTheStart() {
    const int wanted = qEnvironmentVariableIntValue("LIKENESS_WALK");
    const int count = wanted > 0 ? wanted : 2000;
    const int seed = qEnvironmentVariableIntValue("LIKENESS_WALK_SEED");
    const auto script = std::make_shared<FakeScript>();
    script->step_milliseconds = 1;
    QSettings store(home_.filePath("settings.ini"), QSettings::IniFormat);
    Application studio(*qApp, {.size = {1600, 1000}},
                       {.make_runner = [script] { return std::make_unique<FakeRunner>(script); },
                        .model_traits = fakeTraits,
                        .look_at_file = fakeLook,
                        .queue_file = home_.filePath("queue.sqlite"),
                        .sessions = home_.filePath("sessions").toStdString(),
                        .library_folder = home_.filePath("library")},
                       store);
    studio.start();
    Session& session = studio.session();
    EditHistory& edits = session.edits();
    QApplication::setActiveWindow(&studio.window());
    QTRY_VERIFY(!session.goodModel().isEmpty() && !session.references().isReading());
    const QSignalSpy kept(&session.library(), &PictureLibrary::kept);
    Walker walker(studio, static_cast<unsigned>(seed));
    Start start(session, walker);
    qsizetype most_steps = 0;
    for (int i = 1; i <= count; ++i) {
        walker.step();
        QVERIFY2(session.references().rowCount() <= 10, walker.last.c_str());
        QVERIFY2(edits.state().request == session.request().request(), walker.last.c_str());
        QVERIFY2(edits.state().cards == session.references().cards(), walker.last.c_str());
        if (edits.stack().index() == 0) {
            QVERIFY2(start.isReached(), (walker.last + start.difference()).c_str());
        }
        if (i % std::max(1, count / 8) == 0) {
            session.stop();
            QTRY_VERIFY(isRead(session));
            walker.rest(1);
            const EditState end = edits.state();
            const int index = edits.stack().index();
            most_steps = std::max<qsizetype>(most_steps, index);
            while (edits.stack().canUndo()) {
                walker.undo();
            }
            QTRY_VERIFY(isRead(session));
            QVERIFY2(start.isReached(), start.difference().c_str());
            while (edits.stack().index() < index) {
                walker.redo();
            }
            if (edits.stack().index() > index) {
                walker.undo(); // nothing is left of that step: the redo went over it
            }
            QTRY_VERIFY(isRead(session));
            QVERIFY2(edits.state() == end,
                     fmt::format("{} at {}, was at {} of {}", difference(end, edits.state()),
                                 edits.stack().index(), index, edits.stack().count())
                         .c_str());
        }
    }
    qInfo("%d actions, %d steps at most, %d pictures", count, static_cast<int>(most_steps),
          static_cast<int>(kept.count()));
    report(walker.meter, &TurnCost::work, "most work");
    report(walker.meter, &TurnCost::waited, "longest wait");
    if (qEnvironmentVariableIsSet("LIKENESS_WALK_TOUCHED")) {
        for (const auto& [name, times] : walker.touched) {
            qInfo("%5d %s", times, name.c_str());
        }
    }
    for (const auto& [name, times] : walker.done) {
        QVERIFY2(times > count / 1000, name.c_str());
    }
    QVERIFY(kept.count() > 0);
    for (const auto& [name, times] : walker.done) {
        QVERIFY2(times > count / 1000, name.c_str());
    }
    QVERIFY(kept.count() > 0);
    for (const auto& [name, cost] : walker.meter.worst(&TurnCost::work)) {
        QVERIFY2(cost.work <= allowed(name), name.c_str());
    }
    const auto [asleep, wait] = walker.meter.worst(&TurnCost::waited).front();
    QVERIFY2(wait.waited <= kWaitMs, asleep.c_str());
}

QTEST_MAIN(TestWalker)
#include "test_walker.moc"
