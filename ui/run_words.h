#pragma once

#include "ui/model/picture_run.h"
#include "ui/widgets/progress_strip.h"

#include <QString>

namespace likeness {

// The progress strip's texts for a state of the run.
struct RunWords {
    QString title{}; // "Step 14/20"
    QString phase{}; // "Denoising, 0.2 s left"
    QString shown{}; // what the canvas shows: "Preview of step 14"
};

RunWords wordsOf(const RunProgress& progress, bool picture_exists, bool previewing, int queued);

// And its bar.
ProgressStrip::Bar barOf(const RunProgress& progress, bool picture_exists);

} // namespace likeness
