#pragma once

#include <cstdint>

namespace likeness {

// The most memory this process has had resident, in bytes; 0 where the system does not tell.
std::uint64_t peak_memory_bytes();

} // namespace likeness
