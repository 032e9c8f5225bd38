#pragma once

#include "app/cli/arguments.h"
#include "core/request/training_request.h"
#include "core/request/validate.h"

namespace likeness::cli {

// The options of `train lora`, `train dreambooth` or `train ip-adapter` (spec/cli.md 5).
void declare_training(TrainingMethod method, CLI::App& command);

// What was given of them, without its pictures. What makes no sense is among the problems.
TrainingRequest read_training_request(TrainingMethod method, Arguments& arguments);

// The names of its model and adapter become paths, as `generate` finds them. Gives the model's
// traits; what is not found is among the problems.
ModelTraits find_training_files(TrainingRequest& request, Problems& problems);

// What was given and changes nothing in that training, a sentence each.
std::vector<std::string> options_without_effect(const Arguments& arguments,
                                                const TrainingRequest& request);

} // namespace likeness::cli
