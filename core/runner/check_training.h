#pragma once

#include "core/request/progress.h"
#include "core/request/training_check.h"
#include "core/request/training_request.h"

namespace likeness {

// What a training would learn from, by pixels, words and the model's image encoder, and what it
// takes here. Without the latter two where the model cannot be opened. Throws Cancelled, and
// Error{out_of_memory, write_failed} where the training could not be done here.
TrainingCheck check_training(const TrainingRequest& request, const Progress& progress);

} // namespace likeness
