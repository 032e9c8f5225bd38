#pragma once

#include "core/base/file_lock.h"
#include "core/request/job_event.h"
#include "core/request/validate.h"
#include "ui/model/picture_files.h"
#include "ui/model/training_set.h"

#include <QImage>
#include <QObject>

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace likeness {

class EngineClient;

// A training on its way, or the last one: what the Train page shows of it.
struct TrainingRun {
    static constexpr int kSampleSide = 512; // pixels a sample is kept at, to be looked at large

    // Paused and failed ones go on from their checkpoint where there is one.
    enum class Phase { none, waiting, preparing, running, stopping, paused, proving, done, failed };

    Phase phase = Phase::none;
    QString name{};
    TrainingRequest request{};
    Stage stage = Stage::load; // before the first step and after the last
    std::int64_t step = 0;
    std::int64_t total = 0;
    std::int64_t saved_step = 0; // of its checkpoint; 0: there is none
    std::int64_t first_step = 0; // it began from there, or went on
    bool is_kept = false;        // it ends after its step, and what is learned is the result
    std::vector<TrainingStep> steps{};
    std::map<std::int64_t, std::vector<QImage>> samples{}; // by step, one a seed; none: not known
    std::set<std::int64_t> kept_steps{}; // of the samples that can become the result
    std::optional<double> seconds_per_step{};
    std::optional<TrainingResult> result{};
    std::vector<QImage> without{}, with{}; // of the proof
    QString failure{};                     // what did not happen, why, what to do

    bool isBusy() const {
        return phase == Phase::waiting || phase == Phase::preparing || phase == Phase::running ||
               phase == Phase::stopping || phase == Phase::proving;
    }

    // It does not learn: what an earlier sample's step has learned becomes the result.
    bool takesSample() const { return request.take_step > 0 && phase != Phase::done; }

    bool canGoOn() const {
        return (phase == Phase::paused || phase == Phase::failed) && saved_step > 0;
    }

    std::optional<double> secondsLeft() const;
};

// The check of the dataset and the training itself, over the engine. A training that is cut off is
// remembered with its checkpoint: the next start offers to go on with it.
class TrainingModel : public QObject {
    Q_OBJECT

public:
    // Results go below `folder`; what runs is remembered in `file` (empty: nowhere).
    TrainingModel(EngineClient& client, TrainingSet& set, std::filesystem::path folder,
                  std::filesystem::path file, QObject* parent = nullptr);
    ~TrainingModel() override;

    TrainingSet& set() const { return set_; }

    const TrainingRun& run() const { return run_; }

    // Where and how the next one is computed.
    void setPlacement(const std::string& device, int threads);

    // Why it cannot start now, one sentence each; the first is the one to tell.
    QStringList problems() const;

    // What the training would do with the dataset as it stands.
    void check();

    bool isChecking() const { return check_job_ != 0; }

    const std::optional<TrainingCheck>& checked() const { return check_; } // none: not yet

    const TrainingRequest& checkedRequest() const { return checked_; } // of that check

    // The pictures or the settings are not those that were looked at.
    bool isCheckOld() const;

    const QString& checkFailure() const { return check_failure_; }

    void start();
    void pause(); // at its next step; a checkpoint holds it
    void stop();  // the same, and the settings can be edited again
    void keep();  // what is learned by now becomes the result
    // What was learned until a sample's step becomes the result, and ends the training where it is
    // not over. Nothing where canTake() says no.
    void takeSample(std::int64_t step);
    bool canTake(std::int64_t step) const;
    void goOn();    // from the checkpoint, as it was begun
    void discard(); // the checkpoint goes
    void again();   // after an end: the settings can be edited, the result stays where it is

    // A training that an earlier sitting has left. Where another window has the file, that one's is
    // left alone and this window's is not remembered.
    void open();
    void shutDown(); // the engine is about to go: what runs leaves its checkpoint

Q_SIGNALS:
    void runChanged();   // its phase or what is known of it
    void stepped();      // one step more
    void sampled();      // a sample more
    void checkChanged(); // begun, ended, old
    void finished();     // a result is there
    void failed(const QString& title, const QString& reason, const QString& detail);
    void leftOver(); // an earlier sitting's: it can go on

private:
    void connectClient();
    void submit(TrainingRun run);
    void setPhase(TrainingRun::Phase phase);
    void take(const TrainingStep& step);
    void take(const TrainingSamplePicture& sample);
    void finish(const TrainingResult& result);
    void endStopped();
    void endTaking();
    void findKept();
    void readSamples();
    void dropSamples();
    void fail(const Failed& failure);
    void remember();
    void forget();
    TrainingRequest wanted() const;

    EngineClient& client_;
    TrainingSet& set_;
    std::filesystem::path folder_;
    std::filesystem::path file_;
    FileLock lock_{}; // beside the file
    std::string device_{};
    int threads_ = 0;
    TrainingRun run_{};
    JobId job_ = 0;
    JobId check_job_ = 0;
    std::optional<TrainingCheck> check_{};
    TrainingRequest checked_{};
    QString check_failure_{};
    int run_number_ = 0;                         // of `run_`; a training that goes on keeps it
    std::int64_t wanted_step_ = 0;               // to be taken when what runs has stopped
    std::optional<TrainingRun> before_taking_{}; // comes back where nothing was taken
    bool stays_fixed_ = false;                   // paused: the settings stay as they are
    PictureFiles files_{nullptr, 1}; // the last member; what it writes is written in its order
};

} // namespace likeness
