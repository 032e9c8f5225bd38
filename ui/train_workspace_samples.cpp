#include "ui/model/session.h"
#include "ui/train_workspace.h"
#include "ui/widgets/sample_grid.h"
#include "ui/widgets/sample_view.h"

#include <QStackedWidget>

// One sample of a training, large, in the place of the page.

namespace likeness {

bool TrainWorkspace::isSampleOpen() const {
    return pages_->currentWidget() == sample_view_;
}

void TrainWorkspace::openSample(std::int64_t step, int seed) {
    is_sample_by_key_ = samples_->grid().hasFocus();
    sample_view_->lookAt(step, seed);
    pages_->setCurrentWidget(sample_view_);
    sample_view_->setFocus();
}

void TrainWorkspace::closeSample() {
    pages_->setCurrentIndex(0);
    if (is_sample_by_key_) {
        samples_->grid().setFocus(Qt::OtherFocusReason);
    } else { // Space pauses again
        setFocus();
    }
}

// Whether the step that is shown large can be taken.
void TrainWorkspace::showSample() {
    const TrainingRun& run = training_.run();
    const std::int64_t step = sample_view_->step();
    const bool can_take = training_.canTake(step);
    QString words;
    if (can_take) {
        words = run.phase == TrainingRun::Phase::done
                    ? tr("What was learned until this step becomes the result, in the place of the "
                         "one of step %1")
                          .arg(run.step)
                    : tr("Ends the training: what was learned until this step is proved and "
                         "becomes the result");
    } else if (step == 0) {
        words = tr("Nothing was learned yet");
    } else if (run.phase == TrainingRun::Phase::done && run.step == step) {
        words = tr("This is the result");
    } else if (!run.request.learns_little()) {
        words = tr("A whole model is too large to be kept at each sample; stop it at a good one");
    } else if (run.isBusy() && run.phase != TrainingRun::Phase::running) {
        words = tr("When it has come to its end or stopped");
    } else {
        words = tr("What was learned until this step is not kept");
    }
    sample_view_->setTakeable(can_take, words);
}

} // namespace likeness
