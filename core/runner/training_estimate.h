#pragma once

#include "core/request/model_folder.h"
#include "core/request/progress.h"
#include "core/request/training_check.h"
#include "core/request/training_request.h"

namespace likeness {

// What that training takes here: a picture is made and measured as its proof will do, and the very
// training is begun, with a few of its pictures, for ten steps or half a minute. Nothing of it is
// written but class pictures, which the training will find. Throws what train() throws, and
// Cancelled.
TrainingEstimate estimate_training(const TrainingRequest& request, const ModelFolder& folder,
                                   const Progress& progress);

} // namespace likeness
