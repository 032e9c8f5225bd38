#pragma once

#include "core/request/validate.h"

namespace likeness {

// The request with every empty field filled from the model's own defaults: what runs, and what a
// picture carries.
GenerationRequest resolve(GenerationRequest request, const ModelTraits& traits);

// The request as it is kept on disk: references by their paths, without pixels.
GenerationRequest without_pixels(GenerationRequest request);

} // namespace likeness
