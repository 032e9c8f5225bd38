#pragma once

#include "core/request/training_request.h"

#include <string>
#include <string_view>

namespace likeness {

// A training's settings as JSON text: every field by its name, pictures as paths with their
// captions, without pixels.
std::string to_json(const TrainingRequest& request);

// Reads what to_json wrote; a missing key means the default. A wrong type or a number that its
// field cannot hold throws Error{bad_request} naming the key.
TrainingRequest training_request_from_json(std::string_view text);

} // namespace likeness
