#pragma once

#include "core/checkpoint/tensor_places.h"
#include "core/configs/network_shapes.h"
#include "core/inspect/inspect.h"

#include <set>
#include <string>
#include <vector>

namespace likeness {

// A text encoder's: its projection is read where the file brings one, whatever the config says.
NetworkShapes clip_text_shapes(ClipTextConfig config, const TensorPlaces& places);

// What differs between the tensors in a file and those that its network reads: missing, of another
// shape, not expected; each with the first names. Older names of the same tensors count as those.
// `ignored` are names that may be there.
std::vector<std::string> network_problems(const TensorPlaces& places,
                                          const std::set<std::string>& ignored,
                                          NetworkShapes wanted);

// Counts, bytes and dtypes of those tensors.
ComponentReport summary(const TensorPlaces& places);

} // namespace likeness
