#include "ui/training_words.h"

#include "ui/model/training_model.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

struct TrainText {
    Q_DECLARE_TR_FUNCTIONS(likeness::TrainText)
};

QString trainingStage(Stage stage) {
    switch (stage) {
    case Stage::load:
        return TrainText::tr("Loading the model");
    case Stage::encode_prompt:
        return TrainText::tr("Reading the captions");
    case Stage::encode_references:
        return TrainText::tr("Encoding the pictures");
    case Stage::denoise:
        return TrainText::tr("Making pictures");
    case Stage::decode:
        return TrainText::tr("Decoding");
    }
    return {};
}

QString stepTitle(const TrainingRun& run) {
    return TrainText::tr("Step %1/%2")
        .arg(QLocale().toString(qlonglong(run.step)), QLocale().toString(qlonglong(run.total)));
}

} // namespace

QString durationWords(double seconds) {
    constexpr int kMinute = 60;
    constexpr int kHour = 60 * kMinute;
    const auto whole = static_cast<qint64>(std::lround(std::max(0.0, seconds)));
    if (whole < 90) {
        return TrainText::tr("%1 s").arg(whole);
    }
    const qint64 minutes = (whole + kMinute / 2) / kMinute;
    if (minutes < 90) {
        return TrainText::tr("%1 min").arg(minutes);
    }
    return TrainText::tr("%1 h %2 min").arg(whole / kHour).arg(whole % kHour / kMinute);
}

TrainingWords wordsOf(const TrainingRun& run, const std::optional<TrainingEstimate>& estimate) {
    using Phase = TrainingRun::Phase;
    TrainingWords words;
    if (run.saved_step > 0 && run.phase != Phase::done) {
        words.saved =
            TrainText::tr("saved at %1").arg(QLocale().toString(qlonglong(run.saved_step)));
    }
    switch (run.phase) {
    case Phase::none:
        words.title = TrainText::tr("Ready");
        if (estimate) {
            constexpr double kGigabyte = 1e9;
            words.phase =
                TrainText::tr("about %1, %2 of %3 GB")
                    .arg(durationWords(estimate->seconds))
                    .arg(static_cast<double>(estimate->peak_memory_bytes) / kGigabyte, 0, 'f', 1)
                    .arg(static_cast<double>(estimate->available_bytes) / kGigabyte, 0, 'f', 0);
        }
        break;
    case Phase::waiting:
        words.title = TrainText::tr("Waiting");
        words.phase = TrainText::tr("for what is being made");
        break;
    case Phase::preparing:
        words.title =
            run.takesSample()
                ? TrainText::tr("Taking step %1").arg(QLocale().toString(run.request.take_step))
                : TrainText::tr("Starting");
        words.phase = trainingStage(run.stage);
        break;
    case Phase::running: {
        words.title = stepTitle(run);
        const auto left = run.secondsLeft();
        words.phase =
            run.is_kept ? TrainText::tr("Keeping %1").arg(run.name)
            : left      ? TrainText::tr("Training %1, %2 left").arg(run.name, durationWords(*left))
                        : TrainText::tr("Training %1").arg(run.name);
        break;
    }
    case Phase::stopping:
        words.title = TrainText::tr("Stopping");
        words.phase = TrainText::tr("after this step, which is saved");
        break;
    case Phase::paused:
        words.title = stepTitle(run);
        words.phase = TrainText::tr("%1 is paused").arg(run.name);
        break;
    case Phase::proving:
        words.title = TrainText::tr("Proving");
        words.phase = trainingStage(run.stage);
        break;
    case Phase::done:
        words.title = TrainText::tr("Done");
        words.phase = TrainText::tr("%1 is trained, %2 steps")
                          .arg(run.name, QLocale().toString(qlonglong(run.step)));
        break;
    case Phase::failed:
        words.title = TrainText::tr("Failed");
        words.phase = run.failure.section('\n', 0, 0);
        break;
    }
    return words;
}

} // namespace likeness
