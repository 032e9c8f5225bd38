#pragma once

#include <cstdint>
#include <string>

namespace likeness {

// Where pictures are computed, and what the program takes of the memory there.
struct MachineState {
    std::string device{}; // "cpu", "cuda:0"
    int threads = 0;
    std::uint64_t used_bytes = 0; // by this program
    std::uint64_t total_bytes = 0;

    bool operator==(const MachineState&) const = default;
};

} // namespace likeness
