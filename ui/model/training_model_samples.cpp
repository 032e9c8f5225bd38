#include "core/imageio/load.h"
#include "core/imageio/save.h"
#include "ui/model/paths.h"
#include "ui/model/training_model.h"
#include "ui/model/words.h"

#include <QDir>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

// The samples of a training: shown again after a restart, and an earlier one becomes its result.

namespace likeness {

namespace {

namespace fs = std::filesystem;
using Phase = TrainingRun::Phase;

// The pictures lie beside what was learned until then, as "OUT.checkpoint.sample-300.1.png".
struct SampleFile {
    fs::path path{};
    std::int64_t step = 0;
    int index = 0;
};

fs::path samplePicture(const TrainingRequest& request, std::int64_t step, int index) {
    return training_sample_weights(request, step).string() + '.' + std::to_string(index) + ".png";
}

// For a thread that may wait, as the two below.
std::vector<SampleFile> sampleFiles(const TrainingRequest& request) {
    const QFileInfo first(fromPath(training_sample_weights(request, 0)));
    const QString start = first.fileName().chopped(1); // without the step
    const QRegularExpression name('^' + QRegularExpression::escape(start) +
                                  QStringLiteral("(\\d{1,9})\\.(\\d{1,2})\\.png$"));
    std::vector<SampleFile> found;
    for (const QFileInfo& file : first.dir().entryInfoList(QDir::Files)) {
        if (const auto match = name.match(file.fileName()); match.hasMatch()) {
            found.push_back({.path = toPath(file.filePath()),
                             .step = match.captured(1).toLongLong(),
                             .index = match.captured(2).toInt()});
        }
    }
    return found;
}

void keepSamplePicture(const fs::path& path, const QImage& tile) {
    const QString reason = reasonOf([&] { save_image(path, fromQImage(tile)); });
    if (!reason.isEmpty()) { // it is not shown after a restart
        qWarning("a sample's picture is not kept: %s", qUtf8Printable(reason));
    }
}

// What can be read of them.
std::map<std::int64_t, std::vector<QImage>> keptPictures(const TrainingRequest& request) {
    std::map<std::int64_t, std::vector<QImage>> pictures;
    for (const SampleFile& file : sampleFiles(request)) {
        reasonOf([&] {
            const QImage image = toThumbnail(load_image(file.path), TrainingRun::kSampleSide);
            std::vector<QImage>& row = pictures[file.step];
            const auto place = static_cast<std::size_t>(file.index);
            row.resize(std::max(row.size(), place + 1));
            row[place] = image;
        });
    }
    return pictures;
}

} // namespace

void TrainingModel::take(const TrainingSamplePicture& sample) {
    std::vector<QImage>& row = run_.samples[sample.step];
    row.resize(std::max<std::size_t>(row.size(), static_cast<std::size_t>(sample.index) + 1));
    files_.run([this, sample, run = run_number_,
                place = samplePicture(run_.request, sample.step,
                                      sample.index)]() -> std::function<void()> {
        const QImage tile = toThumbnail(*sample.image, TrainingRun::kSampleSide);
        keepSamplePicture(place, tile);
        return [this, sample, run, tile] {
            const auto column = run_.samples.find(sample.step);
            if (run == run_number_ && column != run_.samples.end()) {
                column->second[static_cast<std::size_t>(sample.index)] = tile;
                Q_EMIT sampled();
            }
        };
    });
    Q_EMIT sampled();
}

// As it was before: nothing was taken.
void TrainingModel::endTaking() {
    run_ = *std::exchange(before_taking_, std::nullopt);
    stays_fixed_ = false;
    set_.setFixed(false);
    findKept();
    remember();
    Q_EMIT runChanged();
    Q_EMIT sampled();
}

bool TrainingModel::canTake(std::int64_t step) const {
    const bool is_over =
        run_.phase == Phase::done || run_.phase == Phase::paused || run_.phase == Phase::failed;
    return run_.kept_steps.contains(step) && (is_over || run_.phase == Phase::running) &&
           !(run_.phase == Phase::done && run_.step == step);
}

void TrainingModel::takeSample(std::int64_t step) {
    if (!canTake(step)) {
        return;
    }
    if (run_.isBusy()) {
        stop();
        wanted_step_ = step;
        return;
    }
    before_taking_ = run_;
    TrainingRun run = run_;
    run.request.take_step = static_cast<int>(step);
    run.request.resume = true; // what lies beside it stays
    run.result.reset();
    run.failure.clear();
    submit(std::move(run));
}

void TrainingModel::findKept() {
    const std::vector<std::int64_t> steps = kept_sample_steps(run_.request);
    run_.kept_steps = std::set(steps.begin(), steps.end());
}

// Those of an earlier sitting: what is kept can be taken even where its pictures are not known.
void TrainingModel::readSamples() {
    for (const std::int64_t step : run_.kept_steps) {
        run_.samples.try_emplace(step);
    }
    files_.run([this, run = run_number_, request = run_.request]() -> std::function<void()> {
        return [this, run, pictures = keptPictures(request)] {
            if (run != run_number_) {
                return;
            }
            for (const auto& [step, row] : pictures) {
                if (run_.samples[step].empty()) { // else it is made anew already
                    run_.samples[step] = row;
                }
            }
            Q_EMIT sampled();
        };
    });
}

// They are needed until the training is settled: taken up again, discarded, or the program ends.
void TrainingModel::dropSamples() {
    remove_kept_samples(run_.request);
    run_.kept_steps.clear();
    if (!run_.request.out.empty()) {
        files_.run([request = run_.request]() -> std::function<void()> {
            std::error_code ignored;
            for (const SampleFile& file : sampleFiles(request)) {
                fs::remove(file.path, ignored);
            }
            return {};
        });
    }
}

} // namespace likeness
