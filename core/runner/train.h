#pragma once

#include "core/request/model_folder.h"
#include "core/request/progress.h"
#include "core/request/training_request.h"
#include "core/request/training_result.h"

namespace likeness {

// The folder of the request's model, where that and its adapter are there and can be trained.
// Throws Error.
ModelFolder folder_to_train(const TrainingRequest& request);

// Trains, proves what that does to pictures of the request's seed, and writes it to `request.out`
// and nowhere before. `progress` hears the stages around the steps. A training that is stopped
// leaves its checkpoint and throws Cancelled. Throws Error: what is wrong with the request or the
// model; model_mismatch for a checkpoint of other settings or pictures; internal where the loss is
// no number or the training changed nothing.
TrainingResult train(const TrainingRequest& request, const Progress& progress,
                     const TrainingListener& listener);

} // namespace likeness
