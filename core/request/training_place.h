#pragma once

#include "core/base/error.h"
#include "core/request/training_request.h"

#include <string>
#include <vector>

namespace likeness {

// That path without slashes at its end, behind which nothing can be written beside it.
std::string without_trailing_slashes(std::string path);

// Why what a training makes could not be written to the request's `out`, looked at before it is
// begun: its folder is missing or read-only, or what lies there is of another kind and would be
// lost. None where it can be, or where `out` is empty.
std::vector<Error> problems_of_place(const TrainingRequest& request);

} // namespace likeness
