#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace likeness {

// The most memory this process has had resident, in bytes; 0 where the system does not tell.
std::uint64_t peak_memory_bytes();

// From now on the peak is counted anew; nothing happens where the system does not do that.
void forget_peak_memory();

// What it has resident now, and what the machine has; 0 where the system does not tell.
std::uint64_t resident_memory_bytes();
std::uint64_t total_memory_bytes();

// How much may come on top of what this process has: the least of what the machine has left, what
// its control groups (of both kinds, and all those above) allow, and what its address space may
// still grow by. nullopt where the system does not tell. `root` is where /proc and /sys lie.
enum class Swap { left_out, counted };
std::optional<std::uint64_t> free_memory_bytes(Swap swap = Swap::left_out,
                                               const std::filesystem::path& root = "/");

} // namespace likeness
