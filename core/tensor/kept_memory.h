#pragma once

#include <cstdint>

namespace likeness {

// From now on large blocks of libtorch's memory on the processor, such as activations, are kept
// when they are freed and given out again, up to `most_bytes` of them; parts of one serve smaller
// wishes, and neighbours a larger one. Otherwise every layer's block is asked of the system,
// cleared page by page, and returned: a sixth of a decode at 512 pixels. What is in use and what is
// kept are together no more than what was in use at the last release (or here) and `most_bytes`, or
// than what is in use alone. For the whole program; later calls change the limit.
void keep_freed_memory(std::uint64_t most_bytes);

// Gives all that is kept back to the system, and what malloc holds back.
void release_kept_memory();

// Holds some address space back, which is given up when any allocation but a tensor's fails: so
// that what cannot tell of its failure (a buffer in a thread of OpenMP, an exception on its way)
// has room, and the next tensor's failure is the one that is told. Again after each such case.
void hold_memory_back();

// How much is kept now.
std::uint64_t kept_memory_bytes();

} // namespace likeness
