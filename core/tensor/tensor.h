#pragma once

#include <ATen/core/Tensor.h>

namespace likeness {

// The door to libtorch: everything else takes the <ATen/ops/...> headers it calls, in its .cpp.
using Tensor = at::Tensor;

} // namespace likeness
