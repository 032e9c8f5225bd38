#pragma once

#include "core/pickle/helper_answer.h"

#include <functional>
#include <string>

namespace likeness {

// Called every tenth of a second while something lasts; throws (Cancelled) to stop it.
using StillWanted = std::function<void()>;

// What the helper process is to do. It gets these two descriptors, and can open nothing itself.
struct HelperJob {
    const char* task = ""; // "list": only the start of the safetensors file; "convert": all of it
    int source = -1;
    int target = -1;
    std::string name{}; // of the file, for messages
};

// Runs `likeness-unpickle`, which lies beside the program. Throws the Error that it reports, and
// one of its own where it was ended by a limit.
HelperAnswer run_helper(const HelperJob& job, const StillWanted& still_wanted);

} // namespace likeness
