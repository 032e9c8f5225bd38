#pragma once

#include <string>

namespace likeness {

// The work of the converter process: reads the pickle at kConverterSource, writes its safetensors
// form to kConverterTarget (all of it, or only the start that names the tensors) and returns what
// to answer. `name` is the file's, for messages. Throws nothing.
std::string run_task(bool whole, const std::string& name);

// Writes everything; false where the disk or a limit does not take it, and errno tells why.
bool write_all(int descriptor, const std::string& text);

} // namespace likeness
