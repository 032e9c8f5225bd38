#pragma once

#include <string>

namespace likeness {

// The work of the helper process: reads the pickle at kHelperSource, writes its safetensors form to
// kHelperTarget (all of it, or only the start that names the tensors) and returns what to answer.
// `name` is the file's, for messages. Throws nothing.
std::string run_task(bool whole, const std::string& name);

// Writes everything; false where the disk or a limit does not take it, and errno tells why.
bool write_all(int descriptor, const std::string& text);

} // namespace likeness
