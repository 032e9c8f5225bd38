#pragma once

#include "app/cli/arguments.h"
#include "core/request/generation_request.h"

namespace likeness::cli {

// Declares what every command that renders knows (spec/cli.md 2): the fields of the request.
void add_request_options(CLI::App& command);

// The file that a whole request may come from.
void add_request_file(CLI::App& command);

// The fields given as options, over those that the request has.
void apply_options(const Arguments& arguments, GenerationRequest& request, Problems& problems);

} // namespace likeness::cli
