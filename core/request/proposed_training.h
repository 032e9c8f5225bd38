#pragma once

#include "core/request/training_request.h"

#include <string>

namespace likeness {

// What the model (a name or path, as find_model() takes it) says of its trainings in its
// likeness.json, over what is usual for full-size ones: the settings a new training begins with.
// `as_lora`: DreamBooth's form as one. What is said wrongly counts as not said; a model that cannot
// be read says nothing, and is told of when it is opened.
TrainingRequest proposed_training(TrainingMethod method, const std::string& model,
                                  bool as_lora = false);

// A request whose method, model or form was changed from what `before` has: settings that are still
// what was proposed for `before` become what is proposed now, others stay.
TrainingRequest proposed_anew(const TrainingRequest& before, const TrainingRequest& request);

} // namespace likeness
