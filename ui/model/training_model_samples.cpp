#include "ui/model/training_model.h"

#include <utility>

// An earlier sample of a training becomes its result.

namespace likeness {

namespace {

namespace fs = std::filesystem;
using Phase = TrainingRun::Phase;

} // namespace

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

// They are needed until the training is settled: taken up again, discarded, or the program ends.
void TrainingModel::dropSamples() {
    std::error_code ignored;
    for (const std::int64_t step : kept_sample_steps(run_.request)) {
        fs::remove(training_sample_weights(run_.request, step), ignored);
    }
    run_.kept_steps.clear();
}

} // namespace likeness
