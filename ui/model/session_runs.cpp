// What the session asks the worker for: pictures, comparisons, the picture made again while
// somebody edits.

#include "core/request/resolve.h"
#include "ui/model/session.h"
#include "ui/model/words.h"

#include <QFileInfo>
#include <QRandomGenerator>

namespace likeness {

namespace {

bool isAboutFiles(ErrorCode code) {
    return code >= ErrorCode::file_missing && code <= ErrorCode::model_mismatch;
}

QString modelName(const std::string& model) {
    const QString text = QString::fromStdString(model);
    const QString last = QFileInfo(text).fileName();
    return last.isEmpty() ? text : last;
}

} // namespace

void Session::connectRuns() {
    connect(&run_, &PictureRun::pictureFinished, this, &Session::keepPicture);
    connect(&queue_, &PictureQueue::noticed, this, &Session::noticed);
    connect(&queue_, &PictureQueue::paneMade, this,
            [this](const ResultImage& picture, const ScreenPicture& screen) {
                if (picture.request.model != good_model_.toStdString()) {
                    rememberGood(picture.request);
                }
                library_.keep(picture, screen);
            });
    connect(&queue_, &PictureQueue::comparisonFound, this, [this](quint64 key) {
        if (comparison_.key() == 0) {
            comparison_.show(key);
        }
    });
    connect(&request_, &RequestModel::changed, this, [this] {
        comparison_.setTraits(request_.traits());
        queue_.setTraits(request_.traits());
    });
    connect(&run_, &PictureRun::runFinished, this, [this](const Result& result) {
        double seconds = 0;
        for (const auto& [stage, each] : result.seconds) {
            seconds += each;
        }
        const QString time = QString::number(seconds, 'f', 1);
        const auto count = result.images.size();
        Q_EMIT statusChanged(count == 1 ? tr("1 picture in %1 s").arg(time)
                                        : tr("%1 pictures in %2 s").arg(count).arg(time));
        for (const Message& notice : result.notices) {
            Q_EMIT noticed({.severity = Notice::Severity::note, .title = inWords(notice)});
        }
    });
    connect(&run_, &PictureRun::prepared, this, [this](const GenerationRequest& request) {
        rememberGood(request);
        Q_EMIT modelChanged();
        const GenerationRequest wanted = currentRequest();
        if (hasGoodFiles(wanted) && (wanted.loras != request.loras ||
                                     wanted.textual_inversions != request.textual_inversions)) {
            prepare();
        }
    });
    connect(&run_, &PictureRun::failed, this, &Session::tellFailure);
}

void Session::generate() {
    generate_when_read_ = references_.isReading();
    if (generate_when_read_) {
        Q_EMIT statusChanged(tr("Waiting for a reference that is still being read"));
        return;
    }
    if (!request_.isSeedLocked() && used_seed_ == request_.request().seed &&
        !request_.request().branch) { // a seed that was typed or drawn is used first
        edits_.unrecorded([this] { request_.drawSeed(); });
    }
    const GenerationRequest wanted = currentRequest();
    const std::vector<Problem> problems = validate(wanted, request_.traits());
    if (!problems.empty()) {
        QStringList reasons;
        for (const Problem& problem : problems) {
            reasons << inWords(problem);
        }
        Q_EMIT noticed({.title = tr("The picture was not made: settings do not fit"),
                        .reason = reasons.join('\n')});
        return;
    }
    remake_timer_.stop();
    used_seed_ = wanted.seed;
    rememberPrompt(wanted.prompt);
    enqueue(wanted);
}

QImage Session::thumbnailOf(const GenerationRequest& request) const {
    for (const ReferenceCard& card : references_.cards()) {
        if (!request.references.empty() && card.image == request.references.front().image) {
            return card.thumbnail;
        }
    }
    return {};
}

void Session::enqueue(const GenerationRequest& request) {
    library_.hold();
    told_unfit_.clear();
    queue_.add(request, thumbnailOf(request));
}

void Session::compare(const ComparisonSpec& spec) {
    library_.hold();
    rememberPrompt(spec.base.prompt);
    comparison_.start(spec, thumbnailOf(spec.base));
}

StepPreviews Session::shownSteps() const {
    if (shown_) {
        for (const auto& [image, previews] : steps_) {
            if (image == shown_->image) {
                return previews;
            }
        }
    }
    return {};
}

void Session::keepSteps(const ImagePtr& image, const StepPreviews& previews) {
    constexpr std::size_t kMostPictures = 32; // previews are small: a number for each latent
    steps_.emplace_back(image, previews);
    if (steps_.size() > kMostPictures) {
        steps_.pop_front();
    }
}

void Session::branchFrom(int step) {
    if (!shown_) {
        return;
    }
    library_.hold(shown_id_);
    const std::string model = request_.request().model;
    const auto branch = std::make_shared<const Branch>(Branch{.of = shown_->request, .step = step});
    edits_.step(tr("Branch from step %1").arg(step), [&] {
        request_.edit([&](GenerationRequest& request) {
            const GenerationRequest& of = branch->of;
            request.branch = branch;
            request.model = of.model;
            request.ip_adapter = of.ip_adapter;
            request.image_encoder = of.image_encoder;
            request.vae = of.vae;
            request.loras = of.loras;
            request.textual_inversions = of.textual_inversions;
            request.width = of.width;
            request.height = of.height;
            request.num_inference_steps = of.num_inference_steps;
            request.scheduler = of.scheduler;
            request.input = of.input;
            request.strength = of.strength;
            request.seed = of.seed;
            request.num_images = 1;
        });
    });
    followModel(model);
    Q_EMIT statusChanged(
        tr("The next picture goes on from step %1 of seed %2").arg(step).arg(branch->of.seed));
}

void Session::clearBranch() {
    request_.edit([](GenerationRequest& request) { request.branch = {}; });
}

void Session::dropUnfitBranch() {
    const GenerationRequest request = without_muted(request_.request());
    if (!request.branch) {
        return;
    }
    const GenerationRequest& of = request.branch->of;
    if (request.model != of.model || request.width != of.width || request.height != of.height ||
        request.num_inference_steps != of.num_inference_steps ||
        request.scheduler != of.scheduler || request.seed != of.seed || request.num_images != 1 ||
        request.loras != of.loras || request.textual_inversions != of.textual_inversions) {
        edits_.unrecorded([this] { clearBranch(); }); // it goes with the edit that does not fit
        Q_EMIT statusChanged(tr("A branch keeps size, steps, scheduler and seed: the next picture "
                                "begins anew"));
    }
}

void Session::makeVariations(double strength, int count) {
    if (!shown_) {
        return;
    }
    GenerationRequest wanted = placed(shown_->request);
    if (wanted.branch) {
        Q_EMIT noticed({.severity = Notice::Severity::note,
                        .title = tr("A branched picture has no noise of its own to vary")});
        return;
    }
    if (wanted.variations.size() >= kMaxVariations) {
        wanted.variations.pop_back();
    }
    wanted.variations.push_back(
        {.seed = QRandomGenerator::global()->generate(), .strength = strength});
    wanted.num_images = count;
    enqueue(wanted);
}

void Session::stop() {
    remake_timer_.stop();
    generate_when_read_ = false;
    run_.stop();
}

void Session::setLive(bool live) {
    if (live_ != live) {
        live_ = live;
        Q_EMIT liveChanged(live);
    }
}

void Session::strengthEdited() {
    remakeSoon(0);
}

void Session::remakeSoon(int milliseconds) {
    if (shown_ || keeping_ || run_.isBusy()) {
        remake_timer_.start(milliseconds);
    }
}

void Session::remake() {
    GenerationRequest wanted = currentRequest();
    const std::optional<GenerationRequest> running = run_.runningRequest();
    if (running) {
        wanted.seed = running->seed;
    } else if (keeping_) {
        wanted.seed = keeping_->seed;
    } else if (shown_) {
        wanted.seed = shown_->request.seed;
    }
    wanted.num_images = 1;
    if (validate(wanted, request_.traits()).empty()) {
        // What was asked for by hand and is followed by more is not taken away.
        run_.remake(wanted, queue_.rowCount() == 0 && (!running || running->num_images == 1));
    }
}

void Session::prepare() {
    GenerationRequest wanted = currentRequest();
    if (wanted.input.is_given() && !wanted.input.image) {
        return; // it is being read
    }
    if (!hasGoodFiles(wanted)) { // a model is not blamed for what is added to it
        wanted.loras.clear();
        wanted.textual_inversions.clear();
    }
    if (started_ && validate(wanted, request_.traits()).empty()) {
        run_.prepare(wanted);
    }
}

void Session::tellFailure(const GenerationRequest& request, const Failed& failure,
                          bool is_asked_for) {
    const QString message = inWords(failure.message);
    Notice notice{.title = message.section('\n', 0, 0),
                  .reason = message.section('\n', 1),
                  .detail = QString::fromStdString(failure.detail),
                  .action = Notice::Action::retry};
    const QString model = QString::fromStdString(request.model);
    if (isAboutFiles(failure.code) && model != good_model_) {
        const bool is_open = request_.request().model == request.model;
        if (!is_open && (!is_asked_for || told_unfit_.contains(request.model))) {
            return; // left behind, or told when the first job found the model unfit
        }
        told_unfit_.insert(request.model);
        notice.reason = message;
        notice.title = tr("The model %1 was not opened").arg(modelName(request.model));
        notice.action = Notice::Action::open_model;
        if (!good_model_.isEmpty() && is_open) {
            notice.reason += '\n' + tr("%1 stays open.").arg(modelName(good_model_.toStdString()));
            goBackToGoodFiles();
        }
    } else if (const GenerationRequest& now = request_.request();
               isAboutFiles(failure.code) && good_files_ && !hasGoodFiles(request) &&
               now.vae == request.vae && now.ip_adapter == request.ip_adapter) {
        const bool is_vae = request.vae != good_files_->vae;
        const QString file = nameOfWeights(is_vae ? request.vae : request.ip_adapter);
        notice = {.title = is_vae ? tr("The VAE %1 was not used").arg(file)
                                  : tr("The adapter %1 was not used").arg(file),
                  .reason = message,
                  .detail = notice.detail};
        goBackToGoodFiles();
    }
    if (failure.code == ErrorCode::out_of_memory && smaller(request)) {
        too_large_ = request;
        notice.other_action = Notice::Action::make_smaller;
    }
    Q_EMIT noticed(notice);
}

} // namespace likeness
