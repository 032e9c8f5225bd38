#include "core/base/hash.h"
#include "core/base/read_file.h"
#include "tests/ui/studio_fixture.h"
#include "ui/model/paths.h"
#include "ui/model/session_keeper.h"
#include "ui/widgets/buttons.h"
#include "ui/window_projects.h"

#include <QAction>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProcess>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QStandardPaths>

#include <chrono>
#include <csignal>
#include <fstream>

using namespace likeness;
namespace fs = std::filesystem;

namespace {

constexpr int kPromisedMs = 2000;

SessionParts kept(const QTemporaryDir& folder, const std::shared_ptr<FakeScript>& script) {
    SessionParts parts = StudioFixture::fakeParts(script);
    parts.sessions = folder.filePath("sessions").toStdString();
    return parts;
}

// A window whose work is kept in `folder`.
struct KeptStudio : StudioFixture {
    explicit KeptStudio(const QTemporaryDir& data)
        : StudioFixture(kept(data, std::make_shared<FakeScript>())) {
        went_on = keeper().goOn();
    }

    SessionKeeper& keeper() { return *session.keeper(); }

    QPlainTextEdit* prompt() { return find<QPlainTextEdit>("prompt"); }

    bool hasRead(std::size_t cards) {
        return QTest::qWaitFor([&] {
            return session.references().cards().size() == cards &&
                   !session.references().isReading();
        });
    }

    void paste(const QColor& color) {
        QImage image(40, 30, QImage::Format_RGB888);
        image.fill(color);
        QApplication::clipboard()->setImage(image);
        window.paste();
    }

    bool went_on = false;
};

// What a kill leaves: everything that is on disk, and no word of the end.
void cutOff(const QTemporaryDir& folder) {
    const fs::path sessions = folder.filePath("sessions").toStdString();
    for (const EarlierSitting& sitting : earlier_sittings(sessions)) {
        fs::remove(sitting.folder / "ended");
    }
}

std::int64_t nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

// What is edited survives: closing, kills, moved pictures, damage.
class TestSittings : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void initTestCase() {
        QStandardPaths::setTestModeEnabled(true);
        applyTheme(*qApp, ThemeKind::dark);
    }

    void closingGoesOnWhereItEnded();
    void aStartWithoutEditsChangesNothing();
    void aCutOffSittingIsOfferedAndComesBackAsOneStep();
    void aCutOffSittingThatIsNotWantedStaysInTheMenu();
    void aRestoredProjectKeepsItsFile();
    void whatIsTypedWhileSavingIsNotSaved();
    void editsAreOnDiskInTime();
    void twoWindowsKeepTheirOwn();
    void aFullDiskIsToldOnce();
    void aProjectSurvivesMovedAndPastedPictures();
    void theTitleSaysNameAndChanges();
    void damagedAndNewerProjectsAreRefused();
    void newKeepsWhatWasThere();
    void undoingARestoreLeavesTheRestoredProjectsFile();
    void theProjectsFileFollowsWhereThatIsWanted();
    void aDroppedProjectIsOpened();
    void itsShortcutsAreNobodyElses();
    void askedToEndIsAnEndLikeClosing();
    void kills();
};

void TestSittings::closingGoesOnWhereItEnded() {
    const QTemporaryDir folder;
    EditState before;
    ImagePtr shown;
    {
        KeptStudio studio(folder);
        QVERIFY(!studio.went_on);
        studio.drop({studio.picture("mug.png", Qt::red)}, studio.onReferences());
        QVERIFY(studio.hasRead(1));
        studio.paste(Qt::green);
        QVERIFY(studio.hasRead(2));
        studio.prompt()->setPlainText("a mug in snow");
        studio.session.references().setScale(studio.session.references().cards()[1].id, 1.25);
        studio.session.references().setMuted(studio.session.references().cards()[0].id, true);
        studio.session.setLive(true);
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value());
        before = studio.session.edits().state();
        shown = studio.session.shown()->image;
    } // the dropped file is gone with its folder
    KeptStudio studio(folder);
    QVERIFY(studio.went_on);
    QVERIFY(studio.hasRead(2));
    QCOMPARE(studio.prompt()->toPlainText(), QString("a mug in snow"));
    QVERIFY(studio.session.isLive());
    const EditState after = studio.session.edits().state();
    QVERIFY(after.request == before.request);
    for (std::size_t i = 0; i < 2; ++i) {
        QVERIFY(*after.cards[i].image == *before.cards[i].image);
        QCOMPARE(after.cards[i].name, before.cards[i].name);
        QCOMPARE(after.cards[i].ip_adapter_scale, before.cards[i].ip_adapter_scale);
        QCOMPARE(after.cards[i].muted, before.cards[i].muted);
    }
    // What is made now can be made again: its references name files that are there.
    for (const ReferenceImage& reference : studio.session.currentRequest().references) {
        QTRY_VERIFY(QFile::exists(QString::fromStdString(reference.path)));
    }
    QCOMPARE(after.cards[1].path, before.cards[1].path);
    QTRY_VERIFY(studio.session.shown().has_value());
    QVERIFY(*studio.session.shown()->image == *shown);
    QVERIFY(studio.window.notices().notices().isEmpty());
    QVERIFY(!studio.session.edits().stack().canUndo());
}

void TestSittings::aStartWithoutEditsChangesNothing() {
    const QTemporaryDir folder;
    {
        KeptStudio studio(folder);
        studio.prompt()->setPlainText("a mug");
    }
    for (int i = 0; i < 2; ++i) {
        KeptStudio studio(folder);
        QVERIFY(studio.went_on);
        QCOMPARE(studio.prompt()->toPlainText(), QString("a mug"));
        QTest::qWait(i * 2 * SessionKeeper::kDelayMs);
    }
    const auto found = earlier_sittings(folder.filePath("sessions").toStdString());
    QCOMPARE(found.size(), 1U);
}

void TestSittings::aCutOffSittingIsOfferedAndComesBackAsOneStep() {
    const QTemporaryDir folder;
    {
        KeptStudio studio(folder);
        studio.prompt()->setPlainText("a mug in snow");
        studio.paste(Qt::green);
        QVERIFY(studio.hasRead(1));
    }
    cutOff(folder);
    KeptStudio studio(folder);
    QVERIFY(!studio.went_on);
    QCOMPARE(studio.window.notices().notices().size(), 1);
    QCOMPARE(studio.window.notices().notices().front().title,
             QString("The last sitting was cut off"));
    QCOMPARE(studio.prompt()->toPlainText(), QString());
    QTest::mouseClick(studio.find<TextButton>("notice_action"), Qt::LeftButton);
    QTRY_COMPARE(studio.prompt()->toPlainText(), QString("a mug in snow"));
    QVERIFY(studio.hasRead(1));
    QVERIFY(studio.window.notices().notices().isEmpty());
    studio.session.edits().undo();
    QCOMPARE(studio.prompt()->toPlainText(), QString());
    QCOMPARE(studio.session.references().rowCount(), 0);
    studio.session.edits().redo();
    QVERIFY(studio.hasRead(1));
}

void TestSittings::aCutOffSittingThatIsNotWantedStaysInTheMenu() {
    const QTemporaryDir folder;
    {
        KeptStudio studio(folder);
        studio.prompt()->setPlainText("salt & pepper");
    }
    cutOff(folder);
    {
        KeptStudio studio(folder);
        QTest::mouseClick(studio.find<TextButton>("notice_other_action"), Qt::LeftButton);
    }
    KeptStudio studio(folder);
    QVERIFY(studio.window.notices().notices().isEmpty());
    auto* menu = studio.find<QMenu>("earlier_sittings");
    Q_EMIT menu->aboutToShow();
    QCOMPARE(menu->actions().size(), 1);
    QVERIFY(menu->actions().front()->text().endsWith("salt && pepper"));
    menu->actions().front()->trigger();
    QTRY_COMPARE(studio.prompt()->toPlainText(), QString("salt & pepper"));
}

void TestSittings::aRestoredProjectKeepsItsFile() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("mugs.likeness");
    {
        KeptStudio studio(folder);
        studio.prompt()->setPlainText("a mug");
        studio.keeper().save(path);
        QTRY_COMPARE(studio.keeper().file(), path);
        studio.session.edits().endGesture();
        studio.prompt()->setPlainText("two mugs");
    }
    cutOff(folder);
    KeptStudio studio(folder);
    QTest::mouseClick(studio.find<TextButton>("notice_action"), Qt::LeftButton);
    QTRY_COMPARE(studio.prompt()->toPlainText(), QString("two mugs"));
    QCOMPARE(studio.keeper().file(), path);
    QVERIFY(studio.keeper().isModified());
}

void TestSittings::whatIsTypedWhileSavingIsNotSaved() {
    const QTemporaryDir folder;
    KeptStudio studio(folder);
    QTest::keyClicks(studio.prompt(), "a mug");
    const QString path = folder.filePath("mugs.likeness");
    QSignalSpy used(&studio.window, &MainWindow::projectUsed);
    studio.keeper().save(path);
    QTest::keyClicks(studio.prompt(), "s"); // of the same step
    QVERIFY(used.wait());
    const auto bytes = read_file(toPath(path), ProjectLimits{}.file_bytes);
    QCOMPARE(parse_project_file(bytes, "mugs").project.request.prompt, std::string("a mug"));
    QCOMPARE(studio.keeper().file(), path);
    QVERIFY(studio.keeper().isModified());
    studio.keeper().save(path);
    QTRY_VERIFY(!studio.keeper().isModified());
}

void TestSittings::editsAreOnDiskInTime() {
    const QTemporaryDir folder;
    KeptStudio studio(folder);
    QSignalSpy written(&studio.keeper(), &SessionKeeper::kept);
    QElapsedTimer clock;
    clock.start();
    while (clock.elapsed() < 1500) { // a hand that does not rest
        QTest::keyClicks(studio.prompt(), "a");
        QTest::qWait(20);
    }
    QVERIFY2(written.count() >= 2, qPrintable(QString::number(written.count())));
    fs::path own;
    for (const auto& entry : fs::directory_iterator(folder.filePath("sessions").toStdString())) {
        own = entry.path();
    }
    // The last letter may have been kept with the write before, so no further one is waited for.
    QTRY_COMPARE_WITH_TIMEOUT(last_kept(own)->request.prompt,
                              studio.prompt()->toPlainText().toStdString(), kPromisedMs);
}

void TestSittings::twoWindowsKeepTheirOwn() {
    const QTemporaryDir folder;
    {
        KeptStudio one(folder);
        KeptStudio other(folder);
        one.prompt()->setPlainText("one");
        QSignalSpy written(&one.keeper(), &SessionKeeper::kept);
        QVERIFY(written.wait());
        QVERIFY(other.keeper().earlier().empty()); // it runs
        other.prompt()->setPlainText("other");
    }
    KeptStudio studio(folder);
    QVERIFY(studio.went_on);
    const auto found = earlier_sittings(folder.filePath("sessions").toStdString());
    QCOMPARE(found.size(), 2U);
    QStringList prompts;
    for (const EarlierSitting& sitting : found) {
        prompts << QString::fromStdString(last_kept(sitting.folder)->request.prompt);
    }
    prompts.sort();
    QCOMPARE(prompts, QStringList({"one", "other"}));
}

void TestSittings::aFullDiskIsToldOnce() {
    const QTemporaryDir folder;
    QFile in_the_way(folder.filePath("sessions")); // a file where the folder should be
    QVERIFY(in_the_way.open(QIODevice::WriteOnly));
    in_the_way.close();
    KeptStudio studio(folder);
    studio.prompt()->setPlainText("a");
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    QCOMPARE(studio.window.notices().notices().front().title,
             QString("What you edit is not being kept on disk"));
    studio.prompt()->setPlainText("b");
    QTest::qWait(2 * SessionKeeper::kDelayMs);
    QCOMPARE(studio.window.notices().notices().size(), 1);
    QVERIFY(in_the_way.remove());
    studio.prompt()->setPlainText("c");
    QSignalSpy written(&studio.keeper(), &SessionKeeper::kept);
    QVERIFY(written.wait(8000));
}

void TestSittings::aProjectSurvivesMovedAndPastedPictures() {
    const QTemporaryDir folder;
    const QTemporaryDir elsewhere;
    const QString path = elsewhere.filePath("mugs & co.likeness");
    EditState before;
    {
        const QTemporaryDir sources;
        KeptStudio studio(folder);
        const QString file = sources.filePath("mug.png");
        QVERIFY(QFile::copy(studio.picture("mug.png", Qt::red), file));
        studio.drop({file}, studio.onReferences());
        QVERIFY(studio.hasRead(1));
        studio.paste(Qt::green);
        QVERIFY(studio.hasRead(2));
        studio.prompt()->setPlainText("a mug in snow");
        ReferenceListModel& references = studio.session.references();
        references.setSolo(references.cards()[1].id, true);
        references.setRole(references.cards()[1].id, ReferenceRole::style);
        references.setCrop(references.cards()[1].id, {.left = 0.25, .width = 0.5});
        Image mask = make_image(8, 8, 1);
        mask.u8()[3] = 200;
        studio.session.setMask(references.cards()[0].id, std::make_shared<const Image>(mask));
        mask.u8()[4] = 100;
        studio.session.setLookMask(references.cards()[1].id, std::make_shared<const Image>(mask));
        studio.window.generate();
        QTRY_VERIFY(studio.session.shown().has_value() && studio.isIdle());
        before = studio.session.edits().state();
        QSignalSpy used(&studio.window, &MainWindow::projectUsed);
        studio.keeper().save(path);
        QVERIFY(used.wait());
        QVERIFY(!studio.keeper().isModified());
    }
    // Another machine: no sittings, no store, the pictures gone.
    QDir(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/likeness/masks")
        .removeRecursively();
    const QTemporaryDir other_machine;
    KeptStudio studio(other_machine);
    QSignalSpy used(&studio.window, &MainWindow::projectUsed);
    studio.keeper().open(path);
    QVERIFY(used.wait());
    QVERIFY(studio.hasRead(2));
    const EditState after = studio.session.edits().state();
    QVERIFY(after.request == before.request);
    for (std::size_t i = 0; i < 2; ++i) {
        QVERIFY(*after.cards[i].image == *before.cards[i].image);
        QCOMPARE(after.cards[i].name, before.cards[i].name);
        QCOMPARE(after.cards[i].solo, before.cards[i].solo);
        QCOMPARE(after.cards[i].role, before.cards[i].role);
        QVERIFY(after.cards[i].view.crop == before.cards[i].view.crop);
    }
    QVERIFY(*after.cards[0].mask == *before.cards[0].mask);
    QVERIFY(*after.cards[1].view.look_mask == *before.cards[1].view.look_mask);
    QTRY_VERIFY(studio.session.shown().has_value());
    QCOMPARE(studio.window.windowTitle(), QString("mugs & co[*] - Likeness"));
    QVERIFY(!studio.session.edits().stack().canUndo());
    auto* menu = studio.find<QMenu>("open_recent");
    Q_EMIT menu->aboutToShow();
    QCOMPARE(menu->actions().front()->text(), QString("mugs && co"));
    // Saved again it holds the same.
    const QString again = elsewhere.filePath("again.likeness");
    studio.keeper().save(again);
    QTRY_VERIFY(QFile::exists(again));
    const auto read = [](const QString& file) {
        const auto bytes = read_file(file.toStdString(), 1 << 30);
        return parse_project_file(bytes, "x").project;
    };
    QVERIFY(read(again).cards == read(path).cards);
    QCOMPARE(read(again).shown_content, read(path).shown_content);
}

void TestSittings::theTitleSaysNameAndChanges() {
    const QTemporaryDir folder;
    const QString path = folder.filePath("mugs.likeness");
    {
        KeptStudio studio(folder);
        QCOMPARE(studio.window.windowTitle(), QString("Untitled[*] - Likeness"));
        QVERIFY(!studio.window.isWindowModified());
        studio.prompt()->setPlainText("a mug");
        QVERIFY(studio.window.isWindowModified());
        studio.keeper().save(path);
        QTRY_VERIFY(!studio.window.isWindowModified());
        QCOMPARE(studio.window.windowTitle(), QString("mugs[*] - Likeness"));
        studio.session.edits().undo();
        QVERIFY(studio.window.isWindowModified());
        studio.session.edits().redo();
        QVERIFY(!studio.window.isWindowModified());
        studio.session.edits().endGesture();
        studio.prompt()->setPlainText("two mugs");
    }
    KeptStudio studio(folder); // closing asked nothing, and nothing was lost
    QCOMPARE(studio.prompt()->toPlainText(), QString("two mugs"));
    QCOMPARE(studio.window.windowTitle(), QString("mugs[*] - Likeness"));
    QVERIFY(studio.window.isWindowModified());
    studio.find<QAction>("save_project")->trigger(); // no dialog: it has a file
    QTRY_VERIFY(!studio.window.isWindowModified());
}

void TestSittings::damagedAndNewerProjectsAreRefused() {
    const QTemporaryDir folder;
    KeptStudio studio(folder);
    studio.prompt()->setPlainText("a mug");
    const QString path = folder.filePath("mugs.likeness");
    studio.keeper().save(path);
    QTRY_VERIFY(QFile::exists(path));
    const EditState before = studio.session.edits().state();
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray whole = file.readAll();
    file.close();
    QByteArray newer = whole;
    newer.replace("\"likeness_project\": 1", "\"likeness_project\": 9");
    const std::pair<QByteArray, QString> files[] = {
        {whole.left(whole.size() - 1), "ends too early"},
        {newer, "newer version"},
        {"PK zip", "not a project"}};
    for (const auto& [content, words] : files) {
        QFile bad(folder.filePath("bad.likeness"));
        QVERIFY(bad.open(QIODevice::WriteOnly));
        bad.write(content);
        bad.close();
        QSignalSpy noticed(&studio.session, &Session::noticed);
        studio.keeper().open(bad.fileName());
        QVERIFY(noticed.wait());
        const auto notice = noticed.front().front().value<Notice>();
        QVERIFY(notice.title.contains("bad.likeness"));
        QVERIFY2(notice.reason.contains(words), qPrintable(notice.reason));
        QCOMPARE(studio.session.edits().state(), before);
        QCOMPARE(studio.keeper().name(), QString("mugs"));
    }
}

void TestSittings::newKeepsWhatWasThere() {
    const QTemporaryDir folder;
    {
        KeptStudio studio(folder);
        studio.prompt()->setPlainText("a mug");
        studio.paste(Qt::green);
        QVERIFY(studio.hasRead(1));
        studio.find<QAction>("new_project")->trigger();
        QTRY_COMPARE(studio.prompt()->toPlainText(), QString());
        QCOMPARE(studio.session.references().rowCount(), 0);
        QVERIFY(!studio.session.edits().stack().canUndo());
    }
    KeptStudio studio(folder);
    QVERIFY(studio.went_on);
    QCOMPARE(studio.prompt()->toPlainText(), QString()); // the new one
    QVERIFY(studio.window.notices().notices().isEmpty());
    const auto earlier = studio.keeper().earlier();
    QCOMPARE(earlier.size(), 1U);
    studio.keeper().restore(earlier.front().folder);
    QTRY_COMPARE(studio.prompt()->toPlainText(), QString("a mug"));
    QVERIFY(studio.hasRead(1));
}

void TestSittings::undoingARestoreLeavesTheRestoredProjectsFile() {
    const QTemporaryDir folder;
    KeptStudio studio(folder);
    const QString mugs = folder.filePath("mugs.likeness");
    studio.prompt()->setPlainText("a mug");
    studio.keeper().save(mugs);
    QTRY_COMPARE(studio.keeper().file(), mugs);
    studio.find<QAction>("new_project")->trigger();
    QTRY_COMPARE(studio.prompt()->toPlainText(), QString());
    const QString ducks = folder.filePath("ducks.likeness");
    studio.prompt()->setPlainText("a duck");
    studio.keeper().save(ducks);
    QTRY_COMPARE(studio.keeper().file(), ducks);
    QTRY_COMPARE(studio.keeper().earlier().size(), 1U);
    studio.keeper().restore(studio.keeper().earlier().front().folder);
    QTRY_COMPARE(studio.prompt()->toPlainText(), QString("a mug"));
    QCOMPARE(studio.keeper().file(), mugs);
    studio.session.edits().undo();
    QCOMPARE(studio.prompt()->toPlainText(), QString("a duck"));
    QCOMPARE(studio.keeper().file(), ducks);
    QVERIFY(!studio.keeper().isModified());
    studio.session.edits().redo();
    QCOMPARE(studio.keeper().file(), mugs);
    // Another edit in the restore's place is of the project that was there.
    studio.session.edits().undo();
    studio.prompt()->setPlainText("a lamp");
    QCOMPARE(studio.keeper().file(), ducks);
    studio.session.edits().undo();
    QCOMPARE(studio.keeper().file(), ducks);
}

void TestSittings::theProjectsFileFollowsWhereThatIsWanted() {
    const QTemporaryDir folder;
    KeptStudio studio(folder);
    studio.prompt()->setPlainText("a mug");
    const QString path = folder.filePath("mugs.likeness");
    const auto prompt = [&path] {
        const auto bytes = read_file(toPath(path), ProjectLimits{}.file_bytes);
        return parse_project_file(bytes, "mugs").project.request.prompt;
    };
    studio.keeper().save(path);
    QTRY_VERIFY(QFile::exists(path));
    QTRY_COMPARE(studio.keeper().file(), path);
    QSignalSpy written(&studio.keeper(), &SessionKeeper::kept);
    studio.prompt()->setPlainText("a bowl");
    QTRY_VERIFY(written.count() >= 1);
    QTest::qWait(SessionKeeper::kDelayMs);
    QCOMPARE(prompt(), std::string("a mug")); // it waits for a hand
    studio.keeper().setSavesProject(true);
    studio.prompt()->setPlainText("a lamp");
    QTRY_COMPARE(prompt(), std::string("a lamp"));
    QTRY_VERIFY(!studio.keeper().isModified());
    // Where it cannot be written that is told once.
    QVERIFY(QFile::remove(path) && QDir().mkpath(path + "/in the way"));
    studio.prompt()->setPlainText("a duck");
    QTRY_COMPARE(studio.window.notices().notices().size(), 1);
    studio.prompt()->setPlainText("a robot");
    QTest::qWait(3 * SessionKeeper::kDelayMs);
    QCOMPARE(studio.window.notices().notices().size(), 1);
    QVERIFY(studio.keeper().isModified());
}

void TestSittings::aDroppedProjectIsOpened() {
    const QTemporaryDir folder;
    KeptStudio studio(folder);
    studio.prompt()->setPlainText("a mug");
    const QString path = folder.filePath("mugs.likeness");
    studio.keeper().save(path);
    QTRY_VERIFY(QFile::exists(path));
    studio.prompt()->setPlainText("something else");
    studio.drop({path}, studio.onCanvas());
    QTRY_COMPARE(studio.prompt()->toPlainText(), QString("a mug"));
    QVERIFY(studio.window.notices().notices().isEmpty());
    QTRY_COMPARE(studio.keeper().earlier().size(), 1U); // what was there can be come back to
}

void TestSittings::itsShortcutsAreNobodyElses() {
    const QTemporaryDir folder;
    KeptStudio studio(folder);
    QMap<QKeySequence, QString> shortcuts;
    for (const QAction* action : studio.window.findChildren<QAction*>()) {
        for (const QKeySequence& shortcut : action->shortcuts()) {
            QVERIFY2(!shortcuts.contains(shortcut), qPrintable(shortcut.toString()));
            shortcuts[shortcut] = action->objectName();
        }
    }
    QCOMPARE(shortcuts[QKeySequence("Ctrl+N")], QString("new_project"));
    QCOMPARE(shortcuts[QKeySequence("Ctrl+O")], QString("open_project"));
    QCOMPARE(shortcuts[QKeySequence("Ctrl+S")], QString("save_project"));
    QCOMPARE(shortcuts[QKeySequence("Ctrl+Shift+S")], QString("save_project_as"));
}

void TestSittings::askedToEndIsAnEndLikeClosing() {
    for (const int signal : {SIGTERM, SIGHUP}) {
        const QTemporaryDir folder;
        const QString log = folder.filePath("log");
        QProcess program;
        program.start(LIKENESS_SITTING_WRITER, {folder.filePath("sessions"), log});
        QTRY_VERIFY_WITH_TIMEOUT(QFile(log).size() > 200, 20000);
        QCOMPARE(::kill(static_cast<pid_t>(program.processId()), signal), 0);
        QVERIFY(program.waitForFinished());
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
        QCOMPARE(program.exitCode(), 0);
        QFile edits(log);
        QVERIFY(edits.open(QIODevice::ReadOnly));
        const QByteArray last = edits.readAll().trimmed().split('\n').back().split(' ').front();
        KeptStudio studio(folder); // with the very last edit, and without a word
        QVERIFY(studio.went_on);
        QCOMPARE(studio.prompt()->toPlainText(), "edit " + QString::fromUtf8(last));
        QVERIFY(studio.window.notices().notices().isEmpty());
    }
}

// Real programs, killed at random moments; four at a time in one folder. LIKENESS_KILLS says how
// many.
void TestSittings::kills() {
    const int wanted = qEnvironmentVariableIntValue("LIKENESS_KILLS");
    const int kills = wanted > 0 ? wanted : 20;
    constexpr int kAtOnce = 4;
    const QTemporaryDir folder;
    const QString sessions = folder.filePath("sessions");
    const ContentStore store = content_store(sessions.toStdString());
    std::int64_t most_lost = 0;
    int recovered = 0;
    for (int done = 0; done < kills; done += kAtOnce) {
        struct Victim {
            QProcess process{};
            QString log{};
            qint64 pid = 0;
            std::int64_t killed = 0;
        };

        std::vector<std::unique_ptr<Victim>> victims;
        for (int i = 0; i < kAtOnce; ++i) {
            auto& victim = victims.emplace_back(std::make_unique<Victim>());
            victim->log = folder.filePath(QString("log %1").arg(done + i));
            victim->process.start(LIKENESS_SITTING_WRITER, {sessions, victim->log});
            QVERIFY(victim->process.waitForStarted());
            victim->pid = victim->process.processId();
        }
        for (const auto& victim : victims) {
            QTRY_VERIFY_WITH_TIMEOUT(QFile(victim->log).size() > 0, 20000);
        }
        QTest::qWait(1500);
        for (const auto& victim : victims) {
            QTest::qWait(QRandomGenerator::global()->bounded(700));
            victim->killed = nowMs();
            QCOMPARE(::kill(static_cast<pid_t>(victim->pid), SIGKILL), 0);
            victim->process.waitForFinished();
        }
        for (const EarlierSitting& sitting : earlier_sittings(sessions.toStdString())) {
            const QString name = QString::fromStdString(sitting.folder.filename().string());
            for (const auto& victim : victims) {
                if (name.section('-', 1, 1).toLongLong() != victim->pid) {
                    continue;
                }
                ++recovered;
                QVERIFY(!sitting.ended);
                const std::optional<Project> project = last_kept(sitting.folder);
                QVERIFY(project);
                for (const std::string& content : contents_of(*project)) {
                    QCOMPARE(sha256(store.bytes(content)), content);
                }
                const int last =
                    QString::fromStdString(project->request.prompt).section(' ', 1).toInt();
                std::ifstream log(victim->log.toStdString());
                int edit = 0;
                std::int64_t when = 0;
                while (log >> edit >> when) {
                    if (edit > last) { // the first that is lost
                        most_lost = std::max(most_lost, victim->killed - when);
                        break;
                    }
                }
                QVERIFY(edit > 50);
            }
        }
    }
    QCOMPARE(recovered, kills);
    qInfo("%d kills, at most %lld ms of edits lost", kills, static_cast<long long>(most_lost));
    QVERIFY2(most_lost <= kPromisedMs, qPrintable(QString::number(most_lost)));
    KeptStudio studio(folder);
    QCOMPARE(studio.window.notices().notices().size(), 1);
    QTest::mouseClick(studio.find<TextButton>("notice_action"), Qt::LeftButton);
    QTRY_VERIFY(studio.prompt()->toPlainText().startsWith("edit "));
}

QTEST_MAIN(TestSittings)
#include "test_sittings.moc"
