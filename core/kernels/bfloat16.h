#pragma once

#include <cstdint>

namespace likeness::kernels {

// The upper half of a float's bits.
using bf16 = std::uint16_t;

} // namespace likeness::kernels
