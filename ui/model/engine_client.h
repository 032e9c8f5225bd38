#pragma once

#include "core/engine/engine.h"
#include "ui/model/qimage_conversion.h"

#include <QObject>

#include <memory>

namespace likeness {

// The engine as the window sees it: wishes go in and return at once, news comes out as signals on
// the GUI thread. Previews that pile up are not all shown: only the newest one reaches the window.
class EngineClient : public QObject {
    Q_OBJECT

public:
    explicit EngineClient(Engine::MakeRunner make_runner, QObject* parent = nullptr);
    ~EngineClient() override; // stops the running job, joins, destroys the runner on its thread

    void shutDown(); // what the destructor does, earlier; wishes after it are not heard

    JobId submit(GenerationRequest request);
    JobId prepare(GenerationRequest request);
    JobId measure(MeasureRequest request); // finished() brings the measurements
    JobId train(TrainingRequest request);
    JobId checkTraining(TrainingRequest request); // finished() brings the check
    void cancel(JobId job);
    void keep(JobId training); // what it has learned by now is its result

Q_SIGNALS:
    void started(likeness::JobId job, const likeness::GenerationRequest& request);
    void planned(likeness::JobId job, const likeness::MemoryPlan& plan);
    void stepped(likeness::JobId job,
                 const likeness::Stepped& step); // its preview comes with previewed()
    void previewed(likeness::JobId job, const likeness::ImagePtr& preview);
    void imageReady(likeness::JobId job, const likeness::ImageReady& ready,
                    const likeness::ScreenPicture& screen);
    void trained(likeness::JobId job, const likeness::TrainingStep& step);
    void sampled(likeness::JobId job, const likeness::TrainingSamplePicture& sample);
    void checkpointWritten(likeness::JobId job, qint64 steps);
    void finished(likeness::JobId job, const likeness::Result& result);
    void stopped(likeness::JobId job);
    void failed(likeness::JobId job, const likeness::Failed& failure);

private:
    void deliver(const JobEvent& event, const ScreenPicture& screen);
    void showPreview();

    JobId preview_job_ = 0;
    ImagePtr preview_{}; // the newest one not yet shown
    bool preview_due_ = false;
    std::unique_ptr<Engine> engine_;
};

} // namespace likeness
