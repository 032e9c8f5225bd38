#include "core/imageio/load.h"
#include "core/library/job_queue.h"
#include "core/library/library.h"
#include "core/library/sitting.h"
#include "tests/ui/fake_runner.h"
#include "ui/model/session.h"

#include <QFile>
#include <QGuiApplication>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <csignal>
#include <map>
#include <set>

using namespace likeness;
namespace fs = std::filesystem;

namespace {

constexpr int kPromisedMs = 2000;
constexpr int kAtOnce = 4;
constexpr int kLongestMs = 3000; // that one is let live

std::int64_t nowMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// What the one who was killed had told: what, and when.
struct Told {
    std::vector<std::pair<QString, std::int64_t>> edits{};
    std::vector<std::pair<QString, std::int64_t>> asked{};
    QStringList shown{};
};

Told read(const QString& log) {
    Told told;
    QFile file(log);
    if (!file.open(QIODevice::ReadOnly)) {
        return told;
    }
    const QString text = QString::fromUtf8(file.readAll());
    for (const QString& line : text.left(text.lastIndexOf('\n')).split('\n', Qt::SkipEmptyParts)) {
        const QString what = line.section(' ', 1).section('|', 0, 0);
        const std::int64_t when = line.section('|', 1).toLongLong();
        if (line.startsWith("edit ")) {
            told.edits.emplace_back(what, when);
        } else if (line.startsWith("asked ")) {
            told.asked.emplace_back(what, when);
        } else {
            told.shown.append(what);
        }
    }
    return told;
}

// One person's data: a program works in it, is killed, and is started again.
struct Desk {
    explicit Desk(const QString& where) : data(where) {}

    void start(const QString& log_file) {
        log = log_file;
        process = std::make_unique<QProcess>();
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("XDG_DATA_HOME", data);
        process->setProcessEnvironment(environment);
        process->start(QCoreApplication::applicationDirPath() + "/work-until-killed", {data, log});
    }

    SessionParts parts() const {
        const auto script = std::make_shared<FakeScript>();
        return {.make_runner = [script] { return std::make_unique<FakeRunner>(script); },
                .model_traits = fakeTraits,
                .queue_file = data + "/queue.sqlite",
                .library_folder = data + "/library"};
    }

    // The prompts of all pictures that are in the library, as it is when it is looked through.
    std::multiset<std::string> made() const {
        Library library((data + "/library").toStdString(),
                        [](const fs::path& path) { return read_embedded_request(path); });
        library.scan();
        std::multiset<std::string> prompts;
        for (const PictureId id : library.find({})) {
            prompts.insert(library.record(id)->request.prompt);
        }
        return prompts;
    }

    QString data;
    QString log{};
    std::unique_ptr<QProcess> process{};
    std::map<std::string, std::int64_t> asked{}; // and when
    QStringList shown{};
};

struct Losses {
    std::int64_t edits_ms = 0; // at most
    int pictures = 0;          // shown as finished, and not whole on the disk
    int entries = 0;           // asked for longer ago than promised, neither waiting nor made
    std::int64_t entry_ms = 0; // how long ago the oldest of all that are gone was asked for
};

int brokenOf(const QStringList& pictures) {
    int broken = 0;
    for (const QString& path : pictures) {
        try {
            const bool whole = load_image(path.toStdString()).width == 64 &&
                               read_embedded_request(path.toStdString()).has_value() &&
                               QFile::exists(path + ".json");
            broken += whole ? 0 : 1;
        } catch (const Error& error) {
            qWarning("%s: %s", qPrintable(path), error.what());
            ++broken;
        }
    }
    return broken;
}

// What it had told and is not there any more.
void count(Desk& desk, std::int64_t killed, Losses& losses) {
    const Told told = read(desk.log);
    // The edits: what the sitting of that process holds.
    QString kept;
    std::error_code none; // where it was killed before it kept anything
    const fs::path sessions = (desk.data + "/sessions").toStdString();
    for (const auto& entry : fs::directory_iterator(sessions, none)) {
        const QString name = QString::fromStdString(entry.path().filename().string());
        const std::optional<Project> project =
            entry.is_directory() ? last_kept(entry.path()) : std::nullopt;
        const QString prompt = project ? QString::fromStdString(project->request.prompt) : "";
        if (!told.edits.empty() &&
            prompt.section(' ', 0, 1) == told.edits.front().first.section(' ', 0, 1)) {
            kept = prompt;
        }
    }
    const int last = kept.section(' ', 2).toInt();
    if (static_cast<std::size_t>(last) < told.edits.size()) { // the first that is gone
        losses.edits_ms =
            std::max(losses.edits_ms, killed - told.edits[static_cast<std::size_t>(last)].second);
    }
    losses.pictures += brokenOf(told.shown);
    desk.shown += told.shown;
    for (const auto& [prompt, when] : told.asked) {
        desk.asked[prompt.toStdString()] = when;
    }
    std::multiset<std::string> there = desk.made();
    JobQueue queue((desk.data + "/queue.sqlite").toStdString());
    for (const QueuedJob& job : std::vector(queue.jobs())) {
        // A pasted picture is written beside its line; between the two it cannot be made.
        if (std::ranges::all_of(job.request.references,
                                [](const ReferenceImage& each) { return fs::exists(each.path); })) {
            there.insert(job.request.prompt);
        } else {
            queue.remove(job.id);
        }
    }
    std::erase_if(desk.asked, [&](const auto& each) {
        const bool gone = !there.contains(each.first);
        if (gone) {
            losses.entry_ms = std::max(losses.entry_ms, killed - each.second);
            losses.entries += killed - each.second > kPromisedMs ? 1 : 0;
        }
        return gone; // told once
    });
}

} // namespace

// Real programs that edit, queue and make pictures, killed at random moments and started again over
// what they left. LIKENESS_KILLS says how many times.
class TestKills : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsLost();
};

void TestKills::nothingIsLost() {
    const int wanted = qEnvironmentVariableIntValue("LIKENESS_KILLS");
    const int kills = wanted > 0 ? wanted : 12;
    const QTemporaryDir folder;
    std::vector<Desk> desks;
    for (int i = 0; i < kAtOnce; ++i) {
        desks.emplace_back(folder.filePath(QString("desk %1").arg(i)));
        QVERIFY(QDir().mkpath(desks.back().data));
    }
    Losses losses;
    for (int done = 0; done < kills; done += kAtOnce) {
        for (Desk& desk : desks) {
            desk.start(folder.filePath(QString("log %1 %2").arg(done).arg(&desk - desks.data())));
            QVERIFY(desk.process->waitForStarted());
        }
        for (const Desk& desk : desks) {
            QTRY_VERIFY_WITH_TIMEOUT(QFile(desk.log).size() > 0, 20000);
        }
        for (Desk& desk : desks) {
            QTest::qWait(QRandomGenerator::global()->bounded(kLongestMs / 2));
            const std::int64_t killed = nowMs();
            QCOMPARE(::kill(static_cast<pid_t>(desk.process->processId()), SIGKILL), 0);
            QVERIFY(desk.process->waitForFinished());
            count(desk, killed, losses);
        }
    }
    std::size_t asked = 0;
    std::size_t twice = 0;
    qsizetype shown = 0;
    for (Desk& desk : desks) {
        losses.pictures += brokenOf(desk.shown); // a later kill took none of them either
        shown += desk.shown.size();
        asked += desk.asked.size();
        {
            Session session(desk.parts()); // makes what still waits
            session.start();
            const auto emptied = [&session] {
                session.queue().retry(0); // one that ran in two programs that died has to be asked
                return session.queue().rowCount() == 0 && !session.run().isBusy() &&
                       session.library().isAllKept();
            };
            QTRY_VERIFY(session.library().isOpen());
            QTest::qWait(100);
            QTRY_VERIFY_WITH_TIMEOUT(emptied(), 60000);
            session.shutDown();
        }
        const std::multiset<std::string> made = desk.made();
        for (const auto& [prompt, when] : desk.asked) {
            QVERIFY2(made.contains(prompt), prompt.c_str());
            twice += made.count(prompt) > 1 ? 1 : 0;
        }
        QVERIFY(JobQueue((desk.data + "/queue.sqlite").toStdString()).jobs().empty());
    }
    qInfo(
        "%d kills: at most %lld ms of edits lost; %d of %d finished pictures lost; %d of %d queue "
        "entries lost (asked for at most %lld ms before: on their way); %d pictures made twice",
        kills, static_cast<long long>(losses.edits_ms), losses.pictures, static_cast<int>(shown),
        losses.entries, static_cast<int>(asked), static_cast<long long>(losses.entry_ms),
        static_cast<int>(twice));
    QVERIFY2(losses.edits_ms <= kPromisedMs, qPrintable(QString::number(losses.edits_ms)));
    QCOMPARE(losses.pictures, 0);
    QCOMPARE(losses.entries, 0);
    QVERIFY(shown > kills / 4);
}

QTEST_MAIN(TestKills)
#include "test_kills.moc"
