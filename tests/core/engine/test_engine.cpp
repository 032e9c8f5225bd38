#include "core/engine/engine.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <semaphore>
#include <string>
#include <vector>

using namespace likeness;

namespace {

// Events of all jobs as words, in the order in which they came.
class Log {
public:
    void add(const JobEvent& event) {
        const std::lock_guard lock(mutex_);
        words_[event.job].push_back(word(event));
        if (const auto* failed = std::get_if<Failed>(&event.what)) {
            failures_[event.job] = *failed;
        }
        changed_.notify_all();
    }

    // Waits for the job's last event and gives all of them, e.g. "started 1 2 finished".
    std::string of(JobId job) {
        std::unique_lock lock(mutex_);
        const bool over = changed_.wait_for(lock, std::chrono::seconds(20), [&] {
            const auto& words = words_[job];
            return !words.empty() && (words.back() == "finished" || words.back() == "stopped" ||
                                      words.back() == "failed");
        });
        return joined(job) + (over ? "" : " ...");
    }

    std::string now(JobId job) {
        const std::lock_guard lock(mutex_);
        return joined(job);
    }

    Failed failure(JobId job) {
        const std::lock_guard lock(mutex_);
        return failures_[job];
    }

private:
    static std::string word(const JobEvent& event) {
        struct Words {
            std::string operator()(const Started&) const { return "started"; }

            std::string operator()(const Planned&) const { return "planned"; }

            std::string operator()(const Stepped& stepped) const {
                return std::to_string(stepped.step);
            }

            std::string operator()(const ImageReady&) const { return "image"; }

            std::string operator()(const TrainingStep& step) const {
                return "trained-" + std::to_string(step.step);
            }

            std::string operator()(const TrainingSamplePicture&) const { return "sample"; }

            std::string operator()(const CheckpointWritten&) const { return "checkpoint"; }

            std::string operator()(const Finished&) const { return "finished"; }

            std::string operator()(const Stopped&) const { return "stopped"; }

            std::string operator()(const Failed&) const { return "failed"; }
        };

        return std::visit(Words{}, event.what);
    }

    std::string joined(JobId job) {
        std::string text;
        for (const std::string& next : words_[job]) {
            text += (text.empty() ? "" : " ") + next;
        }
        return text;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<JobId, std::vector<std::string>> words_;
    std::map<JobId, Failed> failures_;
};

// What the fake runner sees and what it waits for.
struct Script {
    std::binary_semaphore entered{0};
    std::counting_semaphore<1024> go{0};
    std::atomic<std::thread::id> made_on{};
    std::atomic<std::thread::id> ran_on{};
    std::atomic<std::thread::id> destroyed_on{};
    std::atomic<int> runners{0};
};

// The prompt says what it does: "steps", "hold" (waits until the test lets it go, then steps for
// ever until stopped), or which exception it throws.
class FakeRunner : public Runner {
public:
    explicit FakeRunner(Script& stage) : stage_(stage) {
        stage_.made_on = std::this_thread::get_id();
        ++stage_.runners;
    }

    ~FakeRunner() override { stage_.destroyed_on = std::this_thread::get_id(); }

    Result run(const GenerationRequest& request, const Progress& progress) override {
        stage_.ran_on = std::this_thread::get_id();
        const std::string& what = request.prompt;
        if (what == "error") {
            throw Error(ErrorCode::file_missing, message("no such model"), "detail");
        }
        if (what == "memory") {
            throw std::bad_alloc();
        }
        if (what == "mistake") {
            throw std::logic_error("shapes");
        }
        if (what == "unknown") {
            throw 7;
        }
        if (what == "hold") {
            stage_.entered.release();
            stage_.go.acquire();
            for (int step = 1;; ++step) {
                progress.check();
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
            }
        }
        for (int step = 1; step <= 2; ++step) {
            progress.step({.step = step, .total = 2});
        }
        progress.image({});
        return {.images = std::vector<ResultImage>(1)};
    }

    void prepare(const GenerationRequest&, const Progress& progress) override {
        progress.step({.stage = Stage::load, .step = 1, .total = 1});
    }

    // As many steps as said; before "hold" is let go it asks for wishes at every step.
    TrainingResult train(const TrainingRequest& request, const Progress&,
                         const TrainingListener& listener) override {
        const bool holds = request.instance_prompt == "hold";
        auto wish = TrainingWish::go_on;
        std::int64_t step = 0;
        if (holds) {
            stage_.entered.release();
            stage_.go.acquire();
        }
        while (wish == TrainingWish::go_on && (holds || step < request.max_train_steps)) {
            listener.on_step({.step = ++step, .total = request.max_train_steps});
            wish = listener.wish();
        }
        listener.on_checkpoint(step);
        if (wish == TrainingWish::stop) {
            throw Cancelled{};
        }
        return {.steps = step};
    }

    TrainingCheck check_training(const TrainingRequest& request, const Progress&) override {
        return {.crops = std::vector<TrainingCrop>(request.pictures.size())};
    }

    Result measure(const MeasureRequest& request, const Progress& progress) override {
        stage_.ran_on = std::this_thread::get_id();
        progress.step({.stage = Stage::encode_references, .step = 1, .total = 1});
        return {.measurements = std::vector<Measurement>(request.images.size()),
                .no_agreement = verbatim(request.request.prompt)};
    }

private:
    Script& stage_;
};

GenerationRequest request(const std::string& prompt) {
    GenerationRequest made;
    made.prompt = prompt;
    return made;
}

// An engine over fake runners, with its log.
struct Bench {
    Log log;
    Script stage;
    std::unique_ptr<Engine> engine =
        std::make_unique<Engine>([this] { return std::make_unique<FakeRunner>(stage); },
                                 [this](const JobEvent& event) { log.add(event); });

    JobId submit(const std::string& prompt) { return engine->submit(request(prompt)); }
};

} // namespace

class TestEngine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eventsComeInOrder();
    void prepareReportsAndFinishes();
    void queuedJobGivesOnlyStopped();
    void runningJobStops();
    void cancelTwiceOrUnknownChangesNothing();
    void cancelledJobLeavesTheOthers();
    void jobsTogetherHaveTheirOwnEvents();
    void jobsTogetherStopTogether();
    void failuresAreTold_data();
    void failuresAreTold();
    void workerIsFitAfterEveryFailure();
    void runnerThatCannotBeMadeIsAskedAgain();
    void runnerLivesOnTheWorker();
    void destructorStopsTheRunningJobAndTellsTheQueued();
    void destructorOfAnIdleEngine();
    void eventsMaySubmitAndCancel();
    void tenThousandJobs();
    void manyThreadsSubmitAndCancel();
    void aTrainingTellsItsSteps();
    void otherJobsBetweenTheStepsOfATraining();
    void aPictureBetweenTheStepsIsStoppedAlone();
};

void TestEngine::eventsComeInOrder() {
    Bench bench;
    const JobId first = bench.submit("steps");
    const JobId second = bench.submit("steps");
    QVERIFY(first != second);
    QCOMPARE(bench.log.of(first), "started 1 2 image finished");
    QCOMPARE(bench.log.of(second), "started 1 2 image finished");
}

void TestEngine::prepareReportsAndFinishes() {
    Bench bench;
    const JobId job = bench.engine->prepare(request("steps"));
    QCOMPARE(bench.log.of(job), "started 1 finished");
}

void TestEngine::queuedJobGivesOnlyStopped() {
    Bench bench;
    const JobId running = bench.submit("hold");
    bench.stage.entered.acquire();
    const JobId queued = bench.submit("steps");
    bench.engine->cancel(queued);
    QCOMPARE(bench.log.now(queued), "stopped"); // told before cancel() returns
    bench.engine->cancel(running);
    bench.stage.go.release();
    QCOMPARE(bench.log.of(running), "started stopped");
    QCOMPARE(bench.log.now(queued), "stopped");
}

void TestEngine::runningJobStops() {
    Bench bench;
    const JobId job = bench.submit("hold");
    bench.stage.entered.acquire();
    bench.stage.go.release();
    QCOMPARE(bench.log.now(job), "started");
    bench.engine->cancel(job);
    QCOMPARE(bench.log.of(job), "started stopped");
}

void TestEngine::cancelTwiceOrUnknownChangesNothing() {
    Bench bench;
    bench.engine->cancel(0);
    bench.engine->cancel(77);
    const JobId job = bench.submit("hold");
    bench.stage.entered.acquire();
    bench.engine->cancel(job);
    bench.engine->cancel(job);
    bench.stage.go.release();
    QCOMPARE(bench.log.of(job), "started stopped");
    bench.engine->cancel(job);
    const JobId next = bench.submit("steps");
    QCOMPARE(bench.log.of(next), "started 1 2 image finished");
    QCOMPARE(bench.log.now(job), "started stopped");
}

void TestEngine::cancelledJobLeavesTheOthers() {
    Bench bench;
    const JobId running = bench.submit("hold");
    bench.stage.entered.acquire();
    const JobId before = bench.submit("steps");
    const JobId cancelled = bench.submit("steps");
    const JobId after = bench.submit("steps");
    bench.engine->cancel(cancelled);
    bench.engine->cancel(running);
    bench.stage.go.release();
    QCOMPARE(bench.log.of(before), "started 1 2 image finished");
    QCOMPARE(bench.log.of(after), "started 1 2 image finished");
    QCOMPARE(bench.log.now(cancelled), "stopped");
}

void TestEngine::jobsTogetherHaveTheirOwnEvents() {
    Bench bench;
    const JobId first =
        bench.engine->submit_together({request("steps"), request("error"), request("steps")});
    const JobId next = bench.submit("steps");
    QCOMPARE(next, first + 3);
    QCOMPARE(bench.log.of(first), "started 1 2 image finished");
    QCOMPARE(bench.log.of(first + 1), "started failed");
    QCOMPARE(bench.log.of(first + 2), "started failed"); // it was not come to
    QCOMPARE(bench.log.of(next), "started 1 2 image finished");
}

void TestEngine::jobsTogetherStopTogether() {
    Bench bench;
    const JobId running = bench.engine->submit_together({request("hold"), request("steps")});
    bench.stage.entered.acquire();
    const JobId queued = bench.engine->submit_together({request("steps"), request("steps")});
    bench.engine->cancel(queued + 1);
    QCOMPARE(bench.log.now(queued), "stopped");
    QCOMPARE(bench.log.now(queued + 1), "stopped");
    bench.engine->cancel(running + 1);
    bench.stage.go.release();
    QCOMPARE(bench.log.of(running), "started stopped");
    QCOMPARE(bench.log.of(running + 1), "started stopped");
}

void TestEngine::failuresAreTold_data() {
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("detail");
    QTest::newRow("error") << "error"
                           << "file_missing"
                           << "detail";
    QTest::newRow("memory") << "memory"
                            << "out_of_memory"
                            << "std::bad_alloc";
    QTest::newRow("mistake") << "mistake"
                             << "internal"
                             << "shapes";
    QTest::newRow("unknown") << "unknown"
                             << "internal"
                             << "something that is not a std::exception";
}

void TestEngine::failuresAreTold() {
    QFETCH(QString, what);
    QFETCH(QString, code);
    QFETCH(QString, detail);
    Bench bench;
    const JobId job = bench.submit(what.toStdString());
    QCOMPARE(bench.log.of(job), "started failed");
    const Failed failed = bench.log.failure(job);
    QCOMPARE(QString(to_string(failed.code)), code);
    QCOMPARE(QString::fromStdString(failed.detail), detail);
    QVERIFY(!failed.message.empty());
}

void TestEngine::workerIsFitAfterEveryFailure() {
    Bench bench;
    for (const char* what : {"error", "memory", "mistake", "unknown"}) {
        QCOMPARE(bench.log.of(bench.submit(what)), "started failed");
        QCOMPARE(bench.log.of(bench.submit("steps")), "started 1 2 image finished");
    }
    QCOMPARE(bench.stage.runners.load(), 1);
}

void TestEngine::runnerThatCannotBeMadeIsAskedAgain() {
    Log log;
    Script stage;
    std::atomic<int> asked{0};
    Engine engine(
        [&]() -> std::unique_ptr<Runner> {
            if (++asked == 1) {
                throw Error(ErrorCode::file_missing, message("no model"));
            }
            return std::make_unique<FakeRunner>(stage);
        },
        [&](const JobEvent& event) { log.add(event); });
    QCOMPARE(log.of(engine.submit(request("steps"))), "started failed");
    QCOMPARE(log.of(engine.submit(request("steps"))), "started 1 2 image finished");
    QCOMPARE(asked.load(), 2);
}

void TestEngine::runnerLivesOnTheWorker() {
    Bench bench;
    QCOMPARE(bench.log.of(bench.submit("steps")), "started 1 2 image finished");
    bench.engine.reset();
    QVERIFY(bench.stage.made_on.load() != std::this_thread::get_id());
    QCOMPARE(bench.stage.ran_on.load(), bench.stage.made_on.load());
    QCOMPARE(bench.stage.destroyed_on.load(), bench.stage.made_on.load());
}

void TestEngine::destructorStopsTheRunningJobAndTellsTheQueued() {
    Bench bench;
    const JobId running = bench.submit("hold");
    bench.stage.entered.acquire();
    const JobId queued = bench.submit("steps");
    const JobId last = bench.submit("hold");
    bench.stage.go.release();
    bench.engine.reset();
    QCOMPARE(bench.log.now(running), "started stopped");
    QCOMPARE(bench.log.now(queued), "stopped");
    QCOMPARE(bench.log.now(last), "stopped");
}

void TestEngine::destructorOfAnIdleEngine() {
    for (int i = 0; i < 200; ++i) {
        Bench bench;
        if (i % 2 == 0) {
            bench.submit("steps"); // may be queued, running or over when the engine goes
        }
        bench.engine.reset();
    }
}

void TestEngine::eventsMaySubmitAndCancel() {
    Log log;
    Script stage;
    std::atomic<JobId> second{0};
    std::unique_ptr<Engine> engine;
    std::binary_semaphore ready{0};
    engine = std::make_unique<Engine>([&] { return std::make_unique<FakeRunner>(stage); },
                                      [&](const JobEvent& event) {
                                          if (event.job == 1 &&
                                              std::holds_alternative<Started>(event.what)) {
                                              ready.acquire();
                                              second = engine->submit(request("steps"));
                                              engine->cancel(second);
                                          }
                                          log.add(event);
                                      });
    const JobId first = engine->submit(request("steps"));
    ready.release();
    QCOMPARE(log.of(first), "started 1 2 image finished");
    QCOMPARE(log.of(second), "stopped");
}

void TestEngine::tenThousandJobs() {
    constexpr int kJobs = 10'000;
    std::atomic<int> started{0};
    std::atomic<int> finished{0};
    std::atomic<JobId> newest{0};
    std::atomic<bool> in_order{true};
    Script stage;
    {
        std::binary_semaphore done{0};
        Engine engine([&] { return std::make_unique<FakeRunner>(stage); },
                      [&](const JobEvent& event) {
                          if (std::holds_alternative<Started>(event.what)) {
                              ++started;
                              in_order = in_order && event.job == newest + 1;
                              newest = event.job;
                          }
                          if (std::holds_alternative<Finished>(event.what) && ++finished == kJobs) {
                              done.release();
                          }
                      });
        for (int i = 0; i < kJobs; ++i) {
            engine.submit(request("steps"));
        }
        QVERIFY(done.try_acquire_for(std::chrono::seconds(60)));
    }
    QCOMPARE(started.load(), kJobs);
    QCOMPARE(finished.load(), kJobs);
    QVERIFY(in_order);
    QCOMPARE(stage.runners.load(), 1);
}

void TestEngine::manyThreadsSubmitAndCancel() {
    constexpr int kThreads = 4;
    constexpr int kJobs = 250;
    std::mutex mutex;
    std::map<JobId, int> endings;
    {
        Script stage;
        Engine engine([&] { return std::make_unique<FakeRunner>(stage); },
                      [&](const JobEvent& event) {
                          if (std::holds_alternative<Finished>(event.what) ||
                              std::holds_alternative<Stopped>(event.what)) {
                              const std::lock_guard lock(mutex);
                              ++endings[event.job];
                          }
                      });
        std::vector<std::jthread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([&] {
                for (int i = 0; i < kJobs; ++i) {
                    const JobId job = engine.submit(request("steps"));
                    if (i % 3 == 0) {
                        engine.cancel(job);
                    }
                }
            });
        }
    }
    QCOMPARE(endings.size(), static_cast<std::size_t>(kThreads * kJobs));
    for (const auto& [job, count] : endings) {
        QCOMPARE(count, 1);
    }
}

void TestEngine::aTrainingTellsItsSteps() {
    Bench bench;
    const JobId job = bench.engine->train({.max_train_steps = 2});
    QCOMPARE(bench.log.of(job), std::string("started trained-1 trained-2 checkpoint finished"));
    const JobId check = bench.engine->check_training({.pictures = std::vector<TrainingPicture>(3)});
    QCOMPARE(bench.log.of(check), std::string("started finished"));
}

// Whatever is asked for while it runs is done between two of its steps; a training waits.
void TestEngine::otherJobsBetweenTheStepsOfATraining() {
    Bench bench;
    const JobId training = bench.engine->train({.instance_prompt = "hold"});
    bench.stage.entered.acquire();
    const JobId next = bench.engine->train({.max_train_steps = 1});
    const JobId picture = bench.submit("steps");
    const JobId broken = bench.submit("mistake");
    bench.stage.go.release();
    QCOMPARE(bench.log.of(picture), std::string("started 1 2 image finished"));
    QCOMPARE(bench.log.of(broken), std::string("started failed"));
    QVERIFY(bench.log.now(next).empty());
    bench.engine->keep(training);
    QVERIFY(bench.log.of(training).ends_with("checkpoint finished"));
    QCOMPARE(bench.log.of(next), std::string("started trained-1 checkpoint finished"));
}

void TestEngine::aPictureBetweenTheStepsIsStoppedAlone() {
    Bench bench;
    const JobId training = bench.engine->train({.instance_prompt = "hold"});
    bench.stage.entered.acquire();
    const JobId picture = bench.submit("hold");
    bench.stage.go.release();
    bench.stage.entered.acquire(); // the picture's
    bench.stage.go.release();
    bench.engine->cancel(picture);
    QCOMPARE(bench.log.of(picture), std::string("started stopped"));
    bench.engine->cancel(training);
    QVERIFY(bench.log.of(training).ends_with("checkpoint stopped"));
}

QTEST_APPLESS_MAIN(TestEngine)
#include "test_engine.moc"
