#include "ui/model/training_model.h"

#include "core/base/read_file.h"
#include "core/request/training_json.h"
#include "ui/model/engine_client.h"
#include "ui/model/paths.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/words.h"

#include <QCoreApplication>
#include <QDir>

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

namespace fs = std::filesystem;
using Phase = TrainingRun::Phase;

constexpr std::uint64_t kMostBytes = 64U << 20U;

// A training's checkpoint and what belongs to it lie beside its result, named after it.
std::vector<fs::path> checkpointsOf(const TrainingRequest& request) {
    const fs::path checkpoint = training_checkpoint(request);
    std::vector<fs::path> found;
    std::error_code failed;
    for (auto entry = fs::directory_iterator(checkpoint.parent_path(), failed);
         !failed && entry != fs::end(entry); entry.increment(failed)) {
        if (entry->path().filename().string().starts_with(checkpoint.filename().string())) {
            found.push_back(entry->path());
        }
    }
    return found;
}

std::vector<QImage> toTiles(const std::vector<ImagePtr>& images) {
    std::vector<QImage> tiles;
    for (const ImagePtr& image : images) {
        tiles.push_back(toThumbnail(*image, TrainingRun::kSampleSide));
    }
    return tiles;
}

} // namespace

std::optional<double> TrainingRun::secondsLeft() const {
    if (!seconds_per_step) {
        return std::nullopt;
    }
    return *seconds_per_step * static_cast<double>(total - step);
}

TrainingModel::TrainingModel(EngineClient& client, TrainingSet& set, fs::path folder, fs::path file,
                             QObject* parent)
    : QObject(parent), client_(client), set_(set), folder_(std::move(folder)),
      file_(std::move(file)) {
    connectClient();
    connect(&set_, &TrainingSet::changed, this, &TrainingModel::checkChanged);
}

TrainingModel::~TrainingModel() = default;

void TrainingModel::setPlacement(const std::string& device, int threads) {
    device_ = device;
    threads_ = threads;
}

TrainingRequest TrainingModel::wanted() const {
    TrainingRequest request = requestOf(set_.draft(), folder_);
    request.device = device_;
    request.threads = threads_;
    request.kept_sample_weights = request.learns_little() ? kKeptSamples : 0;
    return request;
}

QStringList TrainingModel::problems() const {
    QStringList words;
    const QString name = problemOfName(set_.draft().name);
    if (set_.pictures().empty()) {
        words << tr("Drop pictures of one thing: ten to fifty for a LoRA.");
    } else if (!name.isEmpty()) {
        words << name;
    } else if (const qsizetype missing = set_.missing().size(); missing > 0) {
        words << tr("%1 of %2 pictures are missing. Find their folder, or leave them out.")
                     .arg(missing)
                     .arg(set_.rowCount());
    } else if (set_.isReading()) {
        words << tr("Pictures are still being read.");
    }
    const TrainingRequest request = wanted();
    if (words.isEmpty()) {
        std::error_code ignored;
        if (fs::exists(request.out, ignored)) {
            words << tr("There is a %1 already, and nothing is written over. Take another name.")
                         .arg(set_.draft().name);
        }
        for (const Problem& problem : validate(request)) {
            words << inWords(problem);
        }
    }
    return words;
}

void TrainingModel::connectClient() {
    connect(&client_, &EngineClient::started, this, [this](JobId job) {
        if (job == job_ && run_.phase == Phase::waiting) {
            setPhase(Phase::preparing);
        }
    });
    connect(&client_, &EngineClient::stepped, this, [this](JobId job, const Stepped& step) {
        if (job != job_) {
            return;
        }
        run_.stage = step.stage;
        if (run_.phase == Phase::running && run_.step > 0) { // what is taken has no steps
            setPhase(Phase::proving);
        } else {
            Q_EMIT runChanged();
        }
    });
    connect(&client_, &EngineClient::trained, this, [this](JobId job, const TrainingStep& step) {
        if (job == job_) {
            take(step);
        }
    });
    connect(&client_, &EngineClient::sampled, this,
            [this](JobId job, const TrainingSamplePicture& sample) {
                if (job == job_) {
                    take(sample);
                }
            });
    connect(&client_, &EngineClient::checkpointWritten, this, [this](JobId job, qint64 steps) {
        if (job == job_) {
            run_.saved_step = steps;
            remember();
            Q_EMIT runChanged();
        }
    });
    connect(&client_, &EngineClient::finished, this, [this](JobId job, const Result& result) {
        if (job == job_ && result.training) {
            finish(*result.training);
        } else if (job == check_job_) {
            check_job_ = 0;
            check_ = result.training_check;
            set_.setCrops(check_ ? check_->crops : std::vector<TrainingCrop>());
            Q_EMIT checkChanged();
        }
    });
    connect(&client_, &EngineClient::stopped, this, [this](JobId job) {
        if (job == job_) {
            endStopped();
        } else if (job == check_job_) {
            check_job_ = 0;
            Q_EMIT checkChanged();
        }
    });
    connect(&client_, &EngineClient::failed, this, [this](JobId job, const Failed& failure) {
        if (job == job_) {
            fail(failure);
        } else if (job == check_job_) {
            check_job_ = 0;
            check_failure_ = inWords(failure.message);
            Q_EMIT checkChanged();
        }
    });
}

void TrainingModel::check() {
    if (isChecking() || set_.pictures().empty()) {
        return;
    }
    check_failure_.clear();
    checked_ = wanted();
    check_job_ = client_.checkTraining(checked_);
    Q_EMIT checkChanged();
}

bool TrainingModel::isCheckOld() const {
    return check_ && checked_ != wanted();
}

void TrainingModel::start() {
    if (run_.isBusy() || run_.canGoOn() || !problems().isEmpty()) {
        return;
    }
    submit({.name = set_.draft().name.trimmed(), .request = wanted()});
}

void TrainingModel::submit(TrainingRun run) {
    run.total = run.request.max_train_steps;
    run.phase = Phase::waiting;
    if (!run.request.resume) {
        dropSamples(); // of the one before
    }
    run_ = std::move(run);
    stays_fixed_ = true;
    set_.setFixed(true);
    std::error_code failed; // writing tells why
    fs::create_directories(fs::path(run_.request.out).parent_path(), failed);
    if (!run_.request.resume) {
        ++run_number_;
        for (const fs::path& left : checkpointsOf(run_.request)) {
            fs::remove(left, failed);
        }
    }
    wanted_step_ = 0;
    job_ = client_.train(run_.request);
    remember();
    Q_EMIT runChanged();
    Q_EMIT stepped();
    Q_EMIT sampled();
}

void TrainingModel::setPhase(Phase phase) {
    run_.phase = phase;
    Q_EMIT runChanged();
}

void TrainingModel::take(const TrainingStep& step) {
    const bool began = run_.phase == Phase::preparing || run_.phase == Phase::waiting;
    if (!run_.steps.empty() && run_.steps.back().step >= step.step) { // it went on from before
        std::erase_if(run_.steps, [&](const TrainingStep& each) { return each.step >= step.step; });
    }
    if (!run_.samples.empty() && run_.samples.rbegin()->first == step.step - 1) {
        findKept(); // they were written when that step was over
    }
    run_.steps.push_back(step);
    run_.step = step.step;
    run_.total = step.total;
    if (began) {
        run_.first_step = step.step - 1;
    }
    run_.seconds_per_step =
        step.seconds / static_cast<double>(std::max<std::int64_t>(1, step.step - run_.first_step));
    if (began) {
        setPhase(Phase::running);
    }
    Q_EMIT stepped();
}

void TrainingModel::finish(const TrainingResult& result) {
    run_.result = result;
    run_.step = result.steps;
    run_.without = toTiles(result.proof.without);
    run_.with = toTiles(result.proof.with);
    run_.result->proof.without.clear();
    run_.result->proof.with.clear();
    job_ = 0;
    run_.saved_step = 0;
    before_taking_.reset();
    stays_fixed_ = false;
    set_.setFixed(false);
    findKept();
    setPhase(Phase::done);
    if (run_.kept_steps.empty()) {
        dropSamples();
        forget();
    } else {
        remember(); // another one may still be taken
    }
    Q_EMIT finished();
    Q_EMIT sampled();
    if (const std::int64_t step = std::exchange(wanted_step_, 0); step > 0) {
        takeSample(step); // it came to its end before it heard of that
    }
}

void TrainingModel::endStopped() {
    job_ = 0;
    if (before_taking_) {
        endTaking();
        return;
    }
    if (run_.saved_step == 0 && wanted_step_ == 0) { // nothing was learned yet
        forget();
        dropSamples();
        stays_fixed_ = false;
        run_ = {};
    } else {
        run_.phase = Phase::paused;
        findKept();
    }
    set_.setFixed(stays_fixed_);
    Q_EMIT runChanged();
    Q_EMIT sampled();
    if (const std::int64_t step = std::exchange(wanted_step_, 0); step > 0) {
        takeSample(step);
    }
}

void TrainingModel::fail(const Failed& failure) {
    job_ = 0;
    wanted_step_ = 0;
    const QString words = inWords(failure.message);
    if (before_taking_) {
        endTaking();
        Q_EMIT failed(words.section('\n', 0, 0), words.section('\n', 1),
                      QString::fromStdString(failure.detail));
        return;
    }
    run_.failure = words;
    findKept();
    if (run_.saved_step == 0) {
        forget();
    }
    stays_fixed_ = false;
    set_.setFixed(false);
    setPhase(Phase::failed);
    QString reason = words.section('\n', 1);
    reason += reason.isEmpty() ? QString() : QStringLiteral("\n");
    reason += run_.saved_step > 0
                  ? tr("What was learned until step %1 is kept.").arg(run_.saved_step)
                  : tr("The pictures and settings are as they were.");
    Q_EMIT failed(words.section('\n', 0, 0), reason, QString::fromStdString(failure.detail));
}

void TrainingModel::pause() {
    if (run_.isBusy() && run_.phase != Phase::stopping) {
        stays_fixed_ = true;
        setPhase(Phase::stopping);
        client_.cancel(job_);
    }
}

void TrainingModel::stop() {
    if (run_.isBusy()) {
        const bool is_told = run_.phase == Phase::stopping;
        stays_fixed_ = false;
        setPhase(Phase::stopping);
        if (!is_told) {
            client_.cancel(job_);
        }
    } else if (run_.phase == Phase::paused) {
        stays_fixed_ = false;
        set_.setFixed(false);
        Q_EMIT runChanged();
    }
}

void TrainingModel::keep() {
    if (run_.phase == Phase::running && !std::exchange(run_.is_kept, true)) {
        client_.keep(job_);
        Q_EMIT runChanged();
    }
}

void TrainingModel::goOn() {
    if (!run_.canGoOn()) {
        return;
    }
    TrainingRun run = run_;
    run.request.resume = true;
    run.request.take_step = 0;
    run.is_kept = false;
    run.failure.clear();
    submit(std::move(run));
}

void TrainingModel::discard() {
    if (run_.isBusy()) {
        return;
    }
    std::error_code ignored;
    for (const fs::path& left : checkpointsOf(run_.request)) {
        fs::remove(left, ignored);
    }
    dropSamples();
    forget();
    run_ = {};
    ++run_number_;
    stays_fixed_ = false;
    set_.setFixed(false);
    Q_EMIT runChanged();
    Q_EMIT stepped();
    Q_EMIT sampled();
}

void TrainingModel::again() {
    if (run_.phase == Phase::done || (run_.phase == Phase::failed && run_.saved_step == 0)) {
        dropSamples();
        forget();
        run_ = {};
        ++run_number_;
        Q_EMIT runChanged();
        Q_EMIT stepped();
        Q_EMIT sampled();
    }
}

void TrainingModel::remember() {
    if (file_.empty()) {
        return;
    }
    const nlohmann::ordered_json json = {
        {"name", run_.name.toStdString()},
        {"saved_step", run_.saved_step},
        {"is_done", run_.phase == Phase::done},
        {"request", nlohmann::ordered_json::parse(to_json(run_.request))}};
    files_.write(file_, json.dump(1), "the training is not remembered");
}

void TrainingModel::forget() {
    if (!file_.empty()) {
        files_.run([file = file_]() -> std::function<void()> {
            std::error_code ignored;
            fs::remove(file, ignored);
            return {};
        });
    }
}

void TrainingModel::open() {
    if (!file_.empty() && !lock_.take(fs::path(file_) += ".lock")) {
        file_.clear();
    }
    std::error_code ignored;
    if (file_.empty() || !fs::exists(file_, ignored)) {
        return;
    }
    TrainingRun run;
    bool is_done = false;
    const QString reason = reasonOf([&] {
        const nlohmann::json json =
            nlohmann::json::parse(read_text_file(file_, kMostBytes), nullptr, false);
        if (!json.is_object() || !json.contains("request")) {
            throw Error(ErrorCode::file_damaged, message("It is no JSON object."));
        }
        run.name = QString::fromStdString(json.value("name", std::string()));
        run.saved_step = json.value("saved_step", std::int64_t{0});
        is_done = json.value("is_done", false);
        run.request = training_request_from_json(json["request"].dump());
    });
    const auto is_there = [](const fs::path& place) {
        std::error_code failed;
        return fs::exists(place, failed);
    };
    if (!reason.isEmpty() || is_done ||
        std::ranges::none_of(training_checkpoints(run.request), is_there)) {
        run_ = std::move(run);
        dropSamples(); // of one that was cut off when it was over
        run_ = {};
        forget(); // there is nothing to go on from
        return;
    }
    run.request.take_step = 0;
    run.saved_step = std::max<std::int64_t>(1, run.saved_step);
    run.step = run.saved_step;
    run.total = run.request.max_train_steps;
    run.phase = Phase::paused;
    run_ = std::move(run);
    findKept();
    readSamples();
    Q_EMIT runChanged();
    Q_EMIT sampled();
    Q_EMIT leftOver();
}

void TrainingModel::shutDown() {
    if (run_.phase == Phase::done || (run_.phase == Phase::failed && !run_.canGoOn())) {
        dropSamples();
        forget();
    }
    if (!run_.isBusy()) {
        return;
    }
    client_.shutDown();
    // What it said last, of its checkpoint, waits to be delivered.
    QCoreApplication::sendPostedEvents(&client_, QEvent::MetaCall);
}

} // namespace likeness
