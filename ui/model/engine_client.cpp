#include "ui/model/engine_client.h"

#include "ui/model/reading_runner.h"

#include <QTimer>

#include <utility>

namespace likeness {

namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};

template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

} // namespace

EngineClient::EngineClient(Engine::MakeRunner make_runner, QObject* parent) : QObject(parent) {
    engine_ = std::make_unique<Engine>(reading(std::move(make_runner)), [this](JobEvent event) {
        // This is the engine's thread: what takes long is done here.
        const auto* ready = std::get_if<ImageReady>(&event.what);
        const ScreenPicture screen =
            ready && ready->result.image ? toScreen(*ready->result.image) : ScreenPicture{};
        QMetaObject::invokeMethod(
            this, [this, event = std::move(event), screen] { deliver(event, screen); },
            Qt::QueuedConnection);
    });
}

EngineClient::~EngineClient() {
    shutDown();
}

void EngineClient::shutDown() {
    engine_.reset();
}

JobId EngineClient::submit(GenerationRequest request) {
    return engine_ ? engine_->submit(std::move(request)) : 0;
}

JobId EngineClient::prepare(GenerationRequest request) {
    return engine_ ? engine_->prepare(std::move(request)) : 0;
}

JobId EngineClient::measure(MeasureRequest request) {
    return engine_ ? engine_->measure(std::move(request)) : 0;
}

JobId EngineClient::train(TrainingRequest request) {
    return engine_ ? engine_->train(std::move(request)) : 0;
}

JobId EngineClient::checkTraining(TrainingRequest request) {
    return engine_ ? engine_->check_training(std::move(request)) : 0;
}

void EngineClient::keep(JobId training) {
    if (engine_) {
        engine_->keep(training);
    }
}

void EngineClient::cancel(JobId job) {
    if (engine_) {
        engine_->cancel(job);
    }
}

void EngineClient::deliver(const JobEvent& event, const ScreenPicture& screen) {
    const JobId job = event.job;
    std::visit(
        Overloaded{
            [&](const Started& what) { Q_EMIT started(job, what.request); },
            [&](const Planned& what) { Q_EMIT planned(job, what.plan); },
            [&](const Stepped& what) {
                if (what.preview) {
                    preview_ = what.preview;
                    preview_job_ = job;
                    if (!std::exchange(preview_due_, true)) {
                        // A timer of zero fires after the events already waiting, so of
                        // several previews that came while the window was busy only the last
                        // is drawn.
                        QTimer::singleShot(0, this, &EngineClient::showPreview);
                    }
                }
                Q_EMIT stepped(job, what);
            },
            [&](const ImageReady& what) {
                showPreview();
                Q_EMIT imageReady(job, what, screen);
            },
            [&](const TrainingStep& what) { Q_EMIT trained(job, what); },
            [&](const TrainingSamplePicture& what) { Q_EMIT sampled(job, what); },
            [&](const CheckpointWritten& what) { Q_EMIT checkpointWritten(job, what.steps); },
            [&](const Finished& what) {
                showPreview();
                Q_EMIT finished(job, what.result);
            },
            [&](const Stopped&) {
                showPreview();
                Q_EMIT stopped(job);
            },
            [&](const Failed& what) {
                showPreview();
                Q_EMIT failed(job, what);
            },
        },
        event.what);
}

void EngineClient::showPreview() {
    preview_due_ = false;
    if (const ImagePtr preview = std::exchange(preview_, {})) {
        Q_EMIT previewed(preview_job_, preview);
    }
}

} // namespace likeness
