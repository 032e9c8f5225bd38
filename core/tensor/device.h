#pragma once

#include "core/tensor/tensor.h"

#include <cstdint>
#include <string>

namespace likeness {

// Where and in which numbers a model runs; decided once per job, passed down as options.
struct Placement {
    at::Device device = at::kCPU;
    at::ScalarType dtype = at::kFloat;

    bool operator==(const Placement&) const = default;
};

// "cpu", "cuda", "cuda:N" or empty for the best present; "float32", "bfloat16", "float16" or empty
// for the best on that device: bfloat16 where the processor multiplies it, float16 on a GPU, else
// float32. Throws Error{bad_request} for a device that is not here.
Placement choose_placement(const std::string& device, const std::string& dtype);

// Whether libtorch's CUDA backend could be loaded and finds a device. Loads it at the first call.
bool has_cuda();

// What of a GPU's memory is not taken, and all of it, in bytes; zeros where it does not tell.
struct DeviceMemory {
    std::uint64_t free = 0, total = 0;
};

DeviceMemory device_memory(const at::Device& device);

// "bfloat16" and so on.
std::string dtype_name(at::ScalarType dtype);

} // namespace likeness
