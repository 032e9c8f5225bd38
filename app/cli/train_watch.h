#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"
#include "core/request/training_request.h"
#include "core/request/training_result.h"

namespace likeness::cli {

// The options of every `train` command by which a training is watched while it runs.
void declare_watching(CLI::App& command);

// What was given of them. What makes no sense is among the problems.
void read_watching(Arguments& arguments, TrainingRequest& request);

// Whether something is kept at the step to take; those that there are, where not.
void check_take_step(const TrainingRequest& request, Problems& problems);

// At which samples something is kept that can be taken, in words; nothing where at none.
void tell_kept(const TrainingRequest& request, Console& console);

// Writes a sample picture into the folder NAME.samples beside `out` and tells where.
void keep_sample(const TrainingRequest& request, const TrainingSamplePicture& sample,
                 Console& console);

// Whether what was made only copies what it was learned from, or changes everything else too, in
// words; nothing where that was not measured.
void tell_fit(const TrainingRequest& request, const TrainingProof& proof, Console& console);

} // namespace likeness::cli
