#pragma once

#include <cstdint>

namespace likeness {

// The most memory this process has had resident, in bytes; 0 where the system does not tell.
std::uint64_t peak_memory_bytes();

// What it has resident now, and what the machine has; 0 where the system does not tell.
std::uint64_t resident_memory_bytes();
std::uint64_t total_memory_bytes();

} // namespace likeness
