#pragma once

#include "core/checkpoint/tensor_places.h"
#include "core/runner/inspect.h"
#include "core/weights/weights.h"

#include <functional>
#include <set>

namespace likeness {

// Builds a network over tensors that have a shape and no values.
using BuildNetwork = std::function<void(const Weights& weights)>;

// What differs between the tensors in a file and those that a network asks for: missing, of
// another shape, not expected; each with the first names. `ignored` are names that may be there.
std::vector<std::string> network_problems(const TensorPlaces& places,
                                          const std::set<std::string>& ignored,
                                          const BuildNetwork& build);

// Counts, bytes and dtypes of those tensors.
ComponentReport summary(const TensorPlaces& places);

} // namespace likeness
