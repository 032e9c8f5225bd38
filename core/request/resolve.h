#pragma once

#include "core/request/validate.h"

namespace likeness {

// The request with every empty field filled from the model's own defaults: what runs, and what a
// picture carries.
GenerationRequest resolve(GenerationRequest request, const ModelTraits& traits);

} // namespace likeness
