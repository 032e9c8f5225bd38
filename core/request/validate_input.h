#pragma once

#include "core/request/validate.h"

namespace likeness {

// What is wrong with the picture a request begins from, its mask and strength, with the steps that
// are guided and with the adapters its references name. A part of validate().
std::vector<Problem> validate_input(const GenerationRequest& request, const ModelTraits& traits);

} // namespace likeness
