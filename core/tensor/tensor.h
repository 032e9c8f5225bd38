#pragma once

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

namespace likeness {

// The door to libtorch: everything else takes the <ATen/ops/...> headers it calls (the arithmetic
// operators come along), in its .cpp.
using Tensor = at::Tensor;

} // namespace likeness
