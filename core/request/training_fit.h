#pragma once

#include "core/request/training_request.h"
#include "core/request/training_result.h"

namespace likeness {

// Whether a training has learned too well, as far as its proof tells.
struct TrainingFit {
    bool repeats = false; // single pictures come back
    bool spreads = false; // its kind has changed too

    bool operator==(const TrainingFit&) const = default;
};

TrainingFit fit_of(const TrainingRequest& request, const TrainingProof& proof);

} // namespace likeness
