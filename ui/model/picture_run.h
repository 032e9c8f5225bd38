#pragma once

#include "core/request/job_event.h"
#include "ui/model/qimage_conversion.h"

#include <QObject>

#include <optional>
#include <vector>

namespace likeness {

class EngineClient;

// What the progress strip shows.
struct RunProgress {
    enum class Phase { idle, preparing, running, stopping };

    Phase phase = Phase::idle;
    Stage stage = Stage::load;
    int step = 0; // of `total`, within the stage
    int total = 0;
    int steps = 0; // of the denoising, for the segments
    int image_index = 0;
    int num_images = 1;
    std::optional<double> seconds_left{};
    int queued = 0; // pictures waiting behind the running one

    bool operator==(const RunProgress&) const = default;
};

// How a run asked for by hand came to its end. Replaced: a newer strength or setting took its
// place.
enum class RunEnd { finished, stopped, replaced, failed };

// The latents' previews of one picture, by step: the first is of step 1.
using StepPreviews = std::vector<ImagePtr>;

// Pictures on their way: at most one run at work, others queued behind it. A remake replaces what
// runs (the newest strength wins); a picture asked for by hand waits its turn. Preparing never
// stands before a remake twice. A pane of a comparison is made in the background: neither a remake
// nor stop() touches it, and the progress does not tell of it.
class PictureRun : public QObject {
    Q_OBJECT

public:
    explicit PictureRun(EngineClient& client, QObject* parent = nullptr);

    JobId generate(const GenerationRequest& request);

    JobId makePane(const GenerationRequest& request);
    void stopPane(JobId job);

    // Takes the place of an older remake and, with `replace_running`, of the picture that runs.
    void remake(const GenerationRequest& request, bool replace_running = true);
    void prepare(const GenerationRequest& request);

    // Shown at once as stopping, done when the worker reaches its next check. Also ends a loading
    // model.
    void stop();

    const RunProgress& progress() const { return progress_; }

    bool isBusy() const; // a picture is wanted
    std::optional<GenerationRequest> runningRequest() const;

Q_SIGNALS:
    void progressChanged(const likeness::RunProgress& progress);
    void previewed(const likeness::ImagePtr& preview);
    void pictureFinished(const likeness::ResultImage& picture,
                         const likeness::ScreenPicture& screen,
                         const likeness::StepPreviews& previews, bool is_remake);
    void panePreviewed(likeness::JobId job, const likeness::ImagePtr& preview);
    void paneFinished(likeness::JobId job, const likeness::ResultImage& picture,
                      const likeness::ScreenPicture& screen);
    void runFinished(const likeness::Result& result, const likeness::GenerationRequest& request);
    void timed(const likeness::Result& result,
               const likeness::GenerationRequest& request); // the same, and of panes
    void ended(likeness::JobId job, likeness::RunEnd end,
               const QString& why); // of generate() and makePane(); last
    void runStopped();
    void prepared(const likeness::GenerationRequest& request);
    // `is_asked_for`: of generate(); the others are made unasked.
    void failed(const likeness::GenerationRequest& request, const likeness::Failed& failure,
                bool is_asked_for);

private:
    enum class Kind { prepare, picture, remake, pane };

    struct Job {
        JobId id = 0;
        Kind kind = Kind::picture;
        GenerationRequest request{};
        bool cancelled = false;
        bool stopped = false;    // cancelled by hand: its last preview is not wanted either
        StepPreviews previews{}; // of the picture at work

        bool isPicture() const { return kind == Kind::picture || kind == Kind::remake; }
    };

    Job* find(JobId id);
    JobId submit(Kind kind, const GenerationRequest& request);
    void cancel(Job& job);
    void tellEnd(const Job& job, RunEnd end, const QString& why);
    void step(JobId id, const Stepped& step);
    void end(JobId id); // forgets the job and shows the next one's state
    void show(const RunProgress& progress);
    void showWaiting();

    EngineClient& client_;
    std::vector<Job> jobs_{}; // in the engine's order; the first one runs
    std::optional<GenerationRequest> prepare_next_{};
    RunProgress progress_{};
};

} // namespace likeness
