#include "core/image/image.h"
#include "core/library/job_queue.h"
#include "tests/support/error_of.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <memory>

#include <sys/wait.h>
#include <unistd.h>

using namespace likeness;
using namespace likeness::test;

namespace {

using State = QueuedJob::State;

GenerationRequest asked(const std::string& prompt) {
    GenerationRequest request;
    request.prompt = prompt;
    return request;
}

std::string prompts(const JobQueue& queue) {
    std::string all;
    for (const QueuedJob& job : queue.jobs()) {
        all += job.request.prompt;
    }
    return all;
}

} // namespace

class TestJobQueue : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void keepsItsOrder() {
        const TempFolder folder;
        const auto file = folder / "queue.sqlite";
        std::vector<QueuedJob> before;
        {
            JobQueue queue(file);
            QVERIFY(!queue.next());
            const auto a = queue.add(asked("a"));
            queue.add(asked("b"));
            const auto c = queue.add(asked("c"));
            const auto d = queue.add(asked("d"));
            queue.move(d, 0);
            QCOMPARE(prompts(queue), std::string("dabc"));
            queue.move(a, 99);
            QCOMPARE(prompts(queue), std::string("dbca"));
            queue.remove(c);
            queue.add(asked("e"));
            QCOMPARE(prompts(queue), std::string("dbae"));
            QCOMPARE(queue.next()->id, d);
            before = queue.jobs();
        }
        const JobQueue queue(file);
        QCOMPARE(queue.jobs(), before);
        QVERIFY(queue.problem().empty());
    }

    void oneAtATimeAndNoneWhilePaused() {
        const TempFolder folder;
        JobQueue queue(folder / "queue.sqlite");
        const auto a = queue.add(asked("a"));
        const auto b = queue.add(asked("b"));
        queue.start(a);
        QVERIFY(!queue.next());
        queue.fail(a, "the disk is full");
        QCOMPARE(queue.next()->id, b); // a failed job stops nothing
        queue.pause(true);
        QVERIFY(!queue.next());
        const JobQueue again(folder / "queue.sqlite");
        QVERIFY(again.paused());
        QCOMPARE(again.jobs().front().failure, verbatim("the disk is full"));
        queue.pause(false);
        queue.retry(a);
        QCOMPARE(queue.next()->id, a);
        queue.start(a);
        queue.finish(a);
        QCOMPARE(prompts(queue), std::string("b"));
        QCOMPARE(error_of([&] { queue.start(a); })->code, ErrorCode::file_missing);
        QVERIFY(queue.add(asked("c")) > b); // numbers are never used again
    }

    void pixelsStayOutside() {
        const TempFolder folder;
        auto request = asked("a");
        request.references.push_back(
            {.image = std::make_shared<const Image>(make_image(4, 4, 3)), .path = "/a.png"});
        JobQueue queue(folder / "queue.sqlite");
        queue.add(request);
        const JobQueue again(folder / "queue.sqlite");
        QCOMPARE(again.jobs(), queue.jobs());
        QVERIFY(!again.jobs().front().request.references.front().image);
        QCOMPARE(again.jobs().front().request.references.front().path, std::string("/a.png"));
    }

    void aJobThatKillsTheProgramIsGivenUp() {
        const TempFolder folder;
        const auto file = folder / "queue.sqlite";
        JobQueue(file).add(asked("deadly"));
        for (int death = 1; death <= JobQueue::kMostKills; ++death) {
            JobQueue queue(file);
            QCOMPARE(queue.jobs().front().kills, death - 1);
            queue.start(queue.next()->id); // and is not told how it ended
        }
        JobQueue queue(file);
        QVERIFY(!queue.next());
        QCOMPARE(queue.jobs().front().state, State::failed);
        QCOMPARE(queue.jobs().front().failure.text(),
                 std::string("The program ended 2 times while it was made."));
        queue.retry(queue.jobs().front().id);
        QVERIFY(queue.next());
    }

    void whatIsPutBackWasNotKilled() {
        const TempFolder folder;
        const auto file = folder / "queue.sqlite";
        JobQueue(file).add(asked("long"));
        { // one death
            JobQueue queue(file);
            queue.start(queue.next()->id);
        }
        for (int end = 0; end <= JobQueue::kMostKills; ++end) {
            JobQueue queue(file);
            QCOMPARE(queue.jobs().front().kills, 1);
            const auto id = queue.next()->id;
            queue.start(id);
            queue.put_back(id);
        }
        JobQueue queue(file);
        queue.stop(queue.jobs().front().id);
        queue.put_back(queue.jobs().front().id); // it does not run
        QCOMPARE(queue.jobs().front().state, State::stopped);
    }

    void aComparisonKeepsHowFarItIs() {
        const TempFolder folder;
        const auto file = folder / "queue.sqlite";
        ComparisonRecord record{
            .axes = {{.field = ComparisonField::guidance_scale, .values = {1.5, 3.0, 7.5}}},
            .panes = {{.file = "2026-11-27/a.png"}, {.failure = "memory ran out"}, {}}};
        QueueId id = 0;
        {
            JobQueue queue(file);
            id = queue.add(asked("a"), record);
            queue.add(asked("b"));
            queue.start(id);
            record.panes[2].file = "2026-11-27/b.png";
            queue.keep(id, record, false);
            QCOMPARE(queue.jobs(), JobQueue(file).jobs());
            QCOMPARE(queue.jobs().front().comparison.value(), record);
            QVERIFY(!queue.jobs().back().comparison);
            QCOMPARE(queue.jobs().front().state, State::waiting);
            queue.stop(id);
            QCOMPARE(queue.next()->request.prompt, std::string("b"));
        }
        JobQueue queue(file);
        QCOMPARE(queue.jobs().front().state, State::stopped);
        queue.keep(id, record, false); // a pane that was on its way when it was stopped
        QCOMPARE(queue.jobs().front().state, State::stopped);
        queue.retry(id);
        QCOMPARE(queue.next()->id, id);
        queue.keep(id, record, true);
        QCOMPARE(JobQueue(file).jobs().front().state, State::done);
        QCOMPARE(queue.next()->request.prompt, std::string("b"));
    }

    void aPaneThatIsMadeForgivesTheKillsBefore() {
        const TempFolder folder;
        const auto file = folder / "queue.sqlite";
        ComparisonRecord record{
            .axes = {{.field = ComparisonField::seed, .values = {std::uint64_t{1}}}},
            .panes = {{}}};
        JobQueue(file).add(asked("a"), record);
        for (int death = 0; death < 3 * JobQueue::kMostKills; ++death) {
            JobQueue queue(file);
            const auto next = queue.next();
            QVERIFY(next);
            queue.keep(next->id, record, false);
            queue.start(next->id);
        }
    }

    void aFileFromBeforeComparisonsIsRead() {
        const TempFolder folder;
        const auto file = folder / "queue.sqlite";
        {
            Database old(file);
            old.run("CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT "
                    "NULL, state INTEGER NOT NULL, kills INTEGER NOT NULL, failure TEXT NOT NULL, "
                    "request TEXT NOT NULL);"
                    "INSERT INTO jobs (place, state, kills, failure, request) VALUES (1, 0, 0, '', "
                    "'{\"prompt\": \"old\"}')");
        }
        JobQueue queue(file);
        QVERIFY(queue.problem().empty());
        QCOMPARE(prompts(queue), std::string("old"));
        const ComparisonRecord record{
            .axes = {{.field = ComparisonField::seed, .values = {std::uint64_t{1}}}},
            .panes = {{}}};
        queue.add(asked("new"), record);
        QCOMPARE(JobQueue(file).jobs().back().comparison.value(), record);
    }

    void aDamagedFileIsMovedAside() {
        const TempFolder folder;
        std::ofstream(folder / "queue.sqlite") << std::string(50'000, 'x');
        JobQueue queue(folder / "queue.sqlite");
        QVERIFY(!queue.problem().empty());
        QVERIFY(std::filesystem::exists(folder / "queue.sqlite.damaged"));
        queue.add(asked("a"));
        QCOMPARE(prompts(JobQueue(folder / "queue.sqlite")), std::string("a"));
    }

    void killsCostNoJob() {
        const TempFolder folder;
        const auto file = folder / "queue.sqlite";
        const JobQueue made(file);
        std::vector<QueueId> told_ids;
        for (int milliseconds = 4; milliseconds <= 60; milliseconds += 4) {
            int told[2];
            QVERIFY(::pipe(told) == 0);
            const pid_t child = ::fork();
            if (child == 0) {
                JobQueue queue(file);
                while (true) {
                    const auto id = queue.add(asked("a"));
                    [[maybe_unused]] const auto sent = ::write(told[1], &id, sizeof id);
                    queue.move(id, 0);
                }
            }
            ::close(told[1]);
            QTest::qSleep(milliseconds);
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
            for (QueueId id = 0; ::read(told[0], &id, sizeof id) == sizeof id;) {
                told_ids.push_back(id);
            }
            ::close(told[0]);
        }
        QVERIFY(!told_ids.empty());
        const JobQueue queue(file);
        std::vector<QueueId> there;
        std::ranges::transform(queue.jobs(), std::back_inserter(there), &QueuedJob::id);
        std::ranges::sort(there);
        std::ranges::sort(told_ids);
        QVERIFY(std::ranges::includes(there, told_ids));
    }
};

QTEST_APPLESS_MAIN(TestJobQueue)
#include "test_job_queue.moc"
