#pragma once

#include "core/pickle/converter_answer.h"

#include <functional>
#include <string>

namespace likeness {

// Called every tenth of a second while something lasts; throws (Cancelled) to stop it.
using StillWanted = std::function<void()>;

// What the converter process is to do. It gets these two descriptors, and can open nothing itself.
struct ConverterJob {
    const char* task = ""; // "list": only the start of the safetensors file; "convert": all of it
    int source = -1;
    int target = -1;
    std::string name{}; // of the file, for messages
};

// Runs `likeness-unpickle`, which lies beside the program. Throws the Error that it reports, and
// one of its own where it was ended by a limit.
ConverterAnswer run_converter(const ConverterJob& job, const StillWanted& still_wanted);

} // namespace likeness
