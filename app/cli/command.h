#pragma once

#include "app/cli/arguments.h"
#include "app/cli/console.h"

namespace likeness::cli {

// One command of the program. `run` gets what was given, with the parser's findings among its
// problems, and returns the exit status; it throws Error and Cancelled.
struct Command {
    const char* name; // "generate", "models list"
    const char* summary;
    void (*declare)(CLI::App& command);
    int (*run)(Arguments& arguments, Console& console);
};

extern const Command kGenerate, kLadder, kModelsList, kModelsInspect, kModelsConvert, kRestore,
    kEmbed, kBench, kDoctor, kTrainLora, kTrainDreamBooth, kTrainIpAdapter, kTrainCheck, kBatch;

} // namespace likeness::cli
