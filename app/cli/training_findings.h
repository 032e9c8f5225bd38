#pragma once

#include "app/cli/console.h"
#include "core/request/training_check.h"
#include "core/request/training_request.h"

namespace likeness::cli {

// What was found as one event, and in plain words: a line each, the settings, then the estimate.
Json to_json(const TrainingCheck& check, const TrainingRequest& request);
std::string words_of(const TrainingCheck& check, const TrainingRequest& request);

// The settings that a model may have proposed, in one line.
std::string words_of_settings(const TrainingRequest& request);

// Says what is not fine, a line each.
void tell_doubts(Console& console, const TrainingCheck& check);

} // namespace likeness::cli
