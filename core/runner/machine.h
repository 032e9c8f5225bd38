#pragma once

#include <string>
#include <vector>

namespace likeness {

// Where a job would run, in words that need no libtorch to read.
struct PlacementWords {
    std::string device{}; // "cpu", "cuda:0"
    std::string dtype{};  // "bfloat16"

    bool operator==(const PlacementWords&) const = default;
};

// What those fields of a request mean on this machine; empty ones: the best present. Throws
// Error{bad_request} for a device that is not here.
PlacementWords placement_words(const std::string& device, const std::string& dtype);

// What a request's `device` may name here: "cpu", then "cuda:0" and so on.
std::vector<std::string> device_names();

// How many threads a request's `threads` means here; 0: as many as the processor has.
int thread_count(int wanted);

// "2.11.0".
std::string torch_version();

// "12.8, 1 device" or why there is none: "no device".
std::string cuda_words();

} // namespace likeness
