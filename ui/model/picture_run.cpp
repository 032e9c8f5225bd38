#include "ui/model/picture_run.h"

#include "ui/model/engine_client.h"
#include "ui/model/words.h"

#include <algorithm>
#include <utility>

namespace likeness {

PictureRun::PictureRun(EngineClient& client, QObject* parent) : QObject(parent), client_(client) {
    connect(&client, &EngineClient::started, this, [this](JobId id, const GenerationRequest&) {
        if (find(id)) {
            showWaiting();
        }
    });
    connect(&client, &EngineClient::stepped, this, &PictureRun::step);
    connect(&client, &EngineClient::previewed, this, [this](JobId id, const ImagePtr& preview) {
        const Job* job = find(id);
        // A remake that a newer one replaces still shows the step it was at: while a slider is
        // dragged, these are the pictures seen.
        if (job && !job->stopped) {
            job->kind == Kind::pane ? Q_EMIT panePreviewed(id, preview) : Q_EMIT previewed(preview);
        }
    });
    connect(&client, &EngineClient::imageReady, this,
            [this](JobId id, const ImageReady& ready, const ScreenPicture& screen) {
                Job* job = find(id);
                if (job && job->kind == Kind::pane) {
                    Q_EMIT paneFinished(id, ready.result, screen);
                } else if (job) {
                    Q_EMIT pictureFinished(ready.result, screen, std::exchange(job->previews, {}),
                                           job->kind == Kind::remake);
                }
            });
    connect(&client, &EngineClient::finished, this, [this](JobId id, const Result& result) {
        const Job* job = find(id);
        if (!job) {
            return;
        }
        const Job done = *job;
        end(id);
        if (done.kind == Kind::prepare) {
            Q_EMIT prepared(done.request);
            return;
        }
        // What ran, its empty fields filled in where a picture tells them.
        GenerationRequest ran = result.images.empty() ? done.request : result.images[0].request;
        ran.num_images = done.request.num_images;
        Q_EMIT timed(result, ran);
        if (done.isPicture()) {
            Q_EMIT runFinished(result, ran);
        }
        tellEnd(done, RunEnd::finished, {});
    });
    connect(&client, &EngineClient::stopped, this, [this](JobId id) {
        if (const Job* job = find(id)) {
            const Job done = *job;
            end(id);
            if (done.kind != Kind::pane) {
                Q_EMIT runStopped();
            }
            tellEnd(done, done.stopped ? RunEnd::stopped : RunEnd::replaced, {});
        }
    });
    connect(&client, &EngineClient::failed, this, [this](JobId id, const Failed& failure) {
        if (const Job* job = find(id)) {
            const Job done = *job;
            end(id);
            if (done.kind != Kind::pane) {
                Q_EMIT failed(done.request, failure, done.kind == Kind::picture);
            }
            tellEnd(done, RunEnd::failed, inWords(failure.message));
        }
    });
}

void PictureRun::tellEnd(const Job& job, RunEnd end, const QString& why) {
    if (job.kind == Kind::picture || job.kind == Kind::pane) {
        Q_EMIT ended(job.id, end, why);
    }
}

PictureRun::Job* PictureRun::find(JobId id) {
    const auto job = std::ranges::find(jobs_, id, &Job::id);
    return job == jobs_.end() ? nullptr : &*job;
}

bool PictureRun::isBusy() const {
    return std::ranges::any_of(jobs_,
                               [](const Job& job) { return job.isPicture() && !job.cancelled; });
}

std::optional<GenerationRequest> PictureRun::runningRequest() const {
    const auto job = std::ranges::find_if(
        jobs_, [](const Job& each) { return each.isPicture() && !each.cancelled; });
    return job == jobs_.end() ? std::nullopt : std::optional(job->request);
}

JobId PictureRun::submit(Kind kind, const GenerationRequest& request) {
    const JobId id = kind == Kind::prepare ? client_.prepare(request) : client_.submit(request);
    jobs_.push_back({.id = id, .kind = kind, .request = request});
    showWaiting();
    return id;
}

void PictureRun::cancel(Job& job) {
    if (!std::exchange(job.cancelled, true)) {
        client_.cancel(job.id);
    }
}

JobId PictureRun::generate(const GenerationRequest& request) {
    for (Job& job : jobs_) {
        if (job.kind == Kind::remake) {
            cancel(job);
        }
    }
    return submit(Kind::picture, request);
}

JobId PictureRun::makePane(const GenerationRequest& request) {
    return submit(Kind::pane, request);
}

void PictureRun::stopPane(JobId id) {
    if (Job* job = find(id)) {
        job->stopped = true;
        cancel(*job);
    }
}

void PictureRun::remake(const GenerationRequest& request, bool replace_running) {
    bool running_seen = !replace_running;
    for (Job& job : jobs_) {
        const bool runs = job.kind == Kind::picture && !std::exchange(running_seen, true);
        if (job.kind == Kind::remake || runs) {
            cancel(job);
        }
    }
    submit(Kind::remake, request);
}

void PictureRun::prepare(const GenerationRequest& request) {
    const bool preparing =
        std::ranges::any_of(jobs_, [](const Job& job) { return job.kind == Kind::prepare; });
    if (preparing) {
        prepare_next_ = request; // the newest is enough
    } else {
        submit(Kind::prepare, request);
    }
}

void PictureRun::stop() {
    prepare_next_.reset();
    bool stops = false;
    for (Job& job : jobs_) {
        if (job.kind == Kind::pane) {
            continue;
        }
        stops = true;
        job.stopped = true;
        if (job.cancelled) {
            continue;
        }
        cancel(job);
        if (job.kind != Kind::prepare) {
            break; // pictures queued behind it keep their turn
        }
    }
    if (stops) {
        RunProgress next = progress_;
        next.phase = RunProgress::Phase::stopping;
        next.seconds_left.reset();
        show(next);
    }
}

void PictureRun::step(JobId id, const Stepped& step) {
    Job* job = find(id);
    if (!job || job != &jobs_.front() || job->cancelled || job->kind == Kind::pane) {
        return;
    }
    if (step.preview && step.step > 0) {
        job->previews.resize(static_cast<std::size_t>(step.step));
        job->previews.back() = step.preview;
    }
    RunProgress next = progress_;
    next.phase = isBusy() ? RunProgress::Phase::running : RunProgress::Phase::preparing;
    next.stage = step.stage;
    next.step = step.step;
    next.total = step.total;
    next.image_index = step.image_index;
    next.num_images = job->request.num_images;
    next.seconds_left.reset();
    if (step.stage == Stage::denoise) {
        next.steps = step.total;
        if (step.step > 0) {
            const int skipped = job->request.branch ? job->request.branch->step : 0;
            const double each = step.seconds / std::max(1, step.step - skipped);
            const double whole = each * (step.total - skipped);
            next.seconds_left = std::max(0.0, whole - step.seconds) +
                                whole * std::max(0, next.num_images - 1 - step.image_index);
        }
    }
    show(next);
}

void PictureRun::end(JobId id) {
    std::erase_if(jobs_, [&](const Job& job) { return job.id == id; });
    const bool preparing =
        std::ranges::any_of(jobs_, [](const Job& job) { return job.kind == Kind::prepare; });
    if (prepare_next_ && !preparing) {
        submit(Kind::prepare, *std::exchange(prepare_next_, std::nullopt));
        return;
    }
    showWaiting();
}

void PictureRun::showWaiting() {
    RunProgress next = progress_;
    const auto pictures = std::ranges::count_if(
        jobs_, [](const Job& job) { return job.isPicture() && !job.cancelled; });
    const auto first =
        std::ranges::find_if(jobs_, [](const Job& job) { return job.kind != Kind::pane; });
    next.queued = std::max(0, static_cast<int>(pictures) - 1);
    if (first == jobs_.end()) {
        next.phase = RunProgress::Phase::idle;
        next.seconds_left.reset();
    } else if (pictures > 0) {
        if (next.phase != RunProgress::Phase::running) {
            next.stage = Stage::load;
            next.step = 0;
            next.total = 0;
        }
        next.phase = RunProgress::Phase::running;
    } else if (first->cancelled) {
        next.phase = RunProgress::Phase::stopping;
    } else {
        next.phase = RunProgress::Phase::preparing;
    }
    show(next);
}

void PictureRun::show(const RunProgress& progress) {
    if (progress != progress_) {
        progress_ = progress;
        Q_EMIT progressChanged(progress_);
    }
}

} // namespace likeness
