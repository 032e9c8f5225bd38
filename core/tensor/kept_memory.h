#pragma once

#include <cstdint>

namespace likeness {

// From now on large blocks of libtorch's memory on the processor, such as activations, are kept
// when they are freed and given out again, up to `most_bytes` of them; parts of one serve smaller
// wishes, and neighbours a larger one. Otherwise every layer's block is asked of the system,
// cleared page by page, and returned: a sixth of a decode at 512 pixels. For the whole program;
// later calls change the limit.
void keep_freed_memory(std::uint64_t most_bytes);

// Gives all that is kept back to the system.
void release_kept_memory();

// How much is kept now.
std::uint64_t kept_memory_bytes();

} // namespace likeness
