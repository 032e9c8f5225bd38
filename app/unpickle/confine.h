#pragma once

#include <cstdint>

namespace likeness {

// Narrows what this process can do before it reads a foreign file: memory, computing time and the
// size of what it writes; no new privileges; no files, processes or network beyond the descriptors
// it has. `source_bytes` is the size of the file it will read. False where a limit cannot be set.
bool confine(std::uint64_t source_bytes);

} // namespace likeness
