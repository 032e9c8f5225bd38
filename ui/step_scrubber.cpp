#include "ui/step_scrubber.h"

#include "ui/canvas/picture_view.h"
#include "ui/model/qimage_conversion.h"
#include "ui/model/session.h"
#include "ui/widgets/progress_strip.h"

namespace likeness {

StepScrubber::StepScrubber(Session& session, ProgressStrip& strip, PictureView& view,
                           QObject* parent)
    : QObject(parent), session_(session), strip_(strip), view_(view) {
    connect(&strip_, &ProgressStrip::scrubbed, this, &StepScrubber::show);
    connect(&strip_, &ProgressStrip::branchRequested, this, [this](int step) {
        session_.branchFrom(step);
        leave();
    });
}

void StepScrubber::showRun(bool idle) {
    leave();
    strip_.setScrubbable(idle ? static_cast<int>(session_.shownSteps().size()) : 0);
}

void StepScrubber::show(int step) {
    const StepPreviews steps = session_.shownSteps();
    if (step == 0 || step > static_cast<int>(steps.size())) {
        leave();
        return;
    }
    const ImagePtr& preview = steps[static_cast<std::size_t>(step) - 1];
    const Image& picture = *session_.shown()->image;
    if (!preview) {
        return; // the steps before a branch were the other picture's
    }
    const int total = static_cast<int>(steps.size());
    view_.setImage(toQImage(*preview), {picture.width, picture.height});
    strip_.setTexts(tr("Step %1/%2").arg(step).arg(total), {}, tr("Preview of step %1").arg(step));
    strip_.setBar({.steps = total, .before = 2, .done = static_cast<double>(step), .moving = true});
    strip_.setScrubbed(step);
}

bool StepScrubber::leave() {
    if (strip_.scrubbedStep() == 0) {
        return false;
    }
    strip_.setScrubbed(0);
    Q_EMIT left();
    return true;
}

} // namespace likeness
