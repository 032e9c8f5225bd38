#include "ui/run_words.h"

#include <QCoreApplication>

namespace likeness {

namespace {

struct RunText {
    Q_DECLARE_TR_FUNCTIONS(likeness::RunWords)
};

QString stageWord(Stage stage) {
    switch (stage) {
    case Stage::load:
        return RunText::tr("Loading the model");
    case Stage::encode_prompt:
        return RunText::tr("Reading the prompt");
    case Stage::encode_references:
        return RunText::tr("Encoding references");
    case Stage::denoise:
        return RunText::tr("Denoising");
    case Stage::decode:
        return RunText::tr("Decoding");
    }
    return {};
}

QString withDetails(const RunProgress& progress, int queued) {
    QString phase = stageWord(progress.stage);
    if (progress.num_images > 1) {
        phase += RunText::tr(", picture %1 of %2")
                     .arg(progress.image_index + 1)
                     .arg(progress.num_images);
    }
    if (progress.seconds_left) {
        phase += RunText::tr(", %1 s left").arg(*progress.seconds_left, 0, 'f', 1);
    }
    if (queued > 0) {
        phase += RunText::tr(", queue %1").arg(queued);
    }
    return phase;
}

} // namespace

RunWords wordsOf(const RunProgress& progress, bool picture_exists, bool previewing, int queued) {
    const bool denoising = progress.stage == Stage::denoise && progress.step > 0;
    switch (progress.phase) {
    case RunProgress::Phase::idle:
        return picture_exists
                   ? RunWords{.title = RunText::tr("Done"), .shown = RunText::tr("Picture")}
                   : RunWords{.title = RunText::tr("Ready")};
    case RunProgress::Phase::preparing:
        return {.title = RunText::tr("Preparing"), .phase = stageWord(progress.stage)};
    case RunProgress::Phase::stopping:
        return {.title = RunText::tr("Stopping"), .phase = RunText::tr("at the next step")};
    case RunProgress::Phase::running: {
        const bool decoding = progress.stage == Stage::decode && progress.steps > 0;
        const int step = decoding ? progress.steps : progress.step;
        return {.title = denoising || decoding
                             ? RunText::tr("Step %1/%2").arg(step).arg(progress.steps)
                             : RunText::tr("Starting"),
                .phase = withDetails(progress, queued),
                .shown = previewing && step > 0 ? RunText::tr("Preview of step %1").arg(step)
                                                : QString()};
    }
    }
    return {};
}

ProgressStrip::Bar barOf(const RunProgress& progress, bool picture_exists) {
    ProgressStrip::Bar bar{.steps = progress.steps};
    if (progress.phase == RunProgress::Phase::idle) {
        if (picture_exists) {
            bar.before = 2;
            bar.done = bar.steps;
            bar.after = true;
        }
        return bar;
    }
    switch (progress.stage) {
    case Stage::load:
        break;
    case Stage::encode_prompt:
    case Stage::encode_references:
        bar.before = 1;
        break;
    case Stage::denoise:
        bar.before = 2;
        bar.done = progress.step;
        bar.moving = progress.phase == RunProgress::Phase::running;
        break;
    case Stage::decode:
        bar.before = 2;
        bar.done = bar.steps;
        bar.moving = true;
        break;
    }
    return bar;
}

} // namespace likeness
