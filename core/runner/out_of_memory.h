#pragma once

#include <exception>
#include <string>

namespace likeness {

// Whether it says that memory ran out: libtorch's and the language's ways, and those of oneDNN and
// of threads that could not be started, whose calls are right as long as there is memory.
bool is_out_of_memory(const std::exception& error);

// What it says, without libtorch's backtrace.
std::string words_of(const std::exception& error);

} // namespace likeness
