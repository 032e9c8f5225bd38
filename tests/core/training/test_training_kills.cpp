#include "core/base/error.h"
#include "core/imageio/load.h"
#include "core/runner/train.h"
#include "core/training/checkpoint_files.h"
#include "tests/support/temp_folder.h"

#include <QTest>

#include <csignal>
#include <fstream>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

using namespace likeness;
using namespace likeness::test;

namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(LIKENESS_SOURCE_DIR) / "tests" / "golden";

constexpr int kKills = 50;
constexpr int kMostSteps = 3; // that one is let take
constexpr int kSteps = 240;   // more than all of them take

TrainingRequest request_for(const fs::path& out) {
    TrainingRequest request{.model = (kGolden / "tiny_sd").string(),
                            .instance_prompt = "a red mug",
                            .resolution = 32,
                            .max_train_steps = kSteps,
                            .learning_rate = 0.01,
                            .lr_scheduler = LearningRateSchedule::cosine,
                            .rank = 2,
                            .seed = 3,
                            .device = "cpu",
                            .dtype = "float32",
                            .threads = 1,
                            .checkpointing_minutes = 0, // after each step
                            .out = out.string()};
    for (const char* name : {"reference_0.png", "reference_1.png"}) {
        request.pictures.push_back(
            {.image = std::make_shared<const Image>(load_image(kGolden / "tiny_sd" / name))});
    }
    return request;
}

std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// A process that trains and tells each step as it is taken. (A fork: loading libtorch anew takes
// longer than many steps. This process itself never computes, so nothing of libtorch runs here.)
class Life {
public:
    explicit Life(const TrainingRequest& request) {
        int ends[2]{};
        if (::pipe(ends) != 0) {
            return;
        }
        told_ = ends[0];
        pid_ = ::fork();
        if (pid_ == 0) {
            ::close(ends[0]);
            ::_exit(live(request, ends[1]));
        }
        ::close(ends[1]);
    }

    ~Life() {
        ::close(told_);
        end();
    }

    Life(const Life&) = delete;
    Life& operator=(const Life&) = delete;

    // The next step it has taken; 0: it has ended.
    std::int64_t next_step() const {
        std::int64_t step = 0;
        return ::read(told_, &step, sizeof step) == sizeof step ? step : 0;
    }

    void kill() const { ::kill(pid_, SIGKILL); }

    // How it ended, as waitpid() tells it.
    int end() {
        if (pid_ > 0) {
            ::waitpid(pid_, &status_, 0);
            pid_ = 0;
        }
        return status_;
    }

private:
    static int live(const TrainingRequest& request, int tell) {
        try {
            train(request, Progress{}, {.on_step = [tell](const TrainingStep& taken) {
                      if (::write(tell, &taken.step, sizeof taken.step) < 0) {
                          ::_exit(3);
                      }
                  }});
            return 0;
        } catch (const std::exception& error) {
            qWarning("%s", error.what());
            return 1;
        }
    }

    int told_ = -1;
    pid_t pid_ = 0;
    int status_ = -1;
};

} // namespace

// Killed at random moments, half of them while a checkpoint is written, and gone on with over what
// is left there.
class TestTrainingKills : public QObject {
    Q_OBJECT

private Q_SLOTS:

    void theEndIsThatOfAnUndisturbedRun() {
        const TempFolder folder, other;
        const TrainingRequest whole = request_for(other / "mug.safetensors");
        {
            Life undisturbed(whole);
            while (undisturbed.next_step() > 0) {
            }
            QCOMPARE(undisturbed.end(), 0);
        }
        const TrainingRequest request = request_for(folder / "mug.safetensors");
        std::mt19937 random(8); // NOLINT: the same moments each time, as far as moments can be
        for (int kill = 0; kill < kKills; ++kill) {
            Life life(request);
            std::int64_t last = 0;
            for (auto left = 1 + random() % kMostSteps; left > 0; --left) {
                last = life.next_step();
                QVERIFY2(last > 0, "it ended before it was killed");
            }
            ::usleep(static_cast<unsigned>(random() % 8000));
            life.kill();
            QCOMPARE(life.end(), SIGKILL);
            QVERIFY(!fs::exists(request.out));
            if (last > 1) {
                CheckpointFiles files(training_checkpoints(request));
                const auto newest = files.newest();
                QVERIFY(newest);
                QVERIFY(std::stoll(newest->metadata().at("step")) >= last - 1);
                QVERIFY(files.notices().empty()); // nothing is ever left half written
            }
        }
        Life last(request);
        QVERIFY(last.next_step() > kKills / 2);
        while (last.next_step() > 0) {
        }
        QCOMPARE(last.end(), 0);
        QVERIFY(bytes_of(request.out) == bytes_of(whole.out));
        for (const fs::path& place : training_checkpoints(request)) {
            QVERIFY(!fs::exists(place));
        }
    }
};

QTEST_APPLESS_MAIN(TestTrainingKills)
#include "test_training_kills.moc"
