#pragma once

#include "app/cli/arguments.h"
#include "core/request/memory_plan.h"

#include <string>

namespace likeness::cli {

// How `generate` and `ladder` name pictures.
inline constexpr const char* kNaming = "{seed} and {index} are replaced; a folder gets dated names";

// Declares where the pictures, previews and tensors go; `naming` says how their names are made.
void add_output_options(CLI::App& command, const std::string& default_out,
                        const std::string& naming);

// Where the tensors go; empty: nowhere. That it cannot be written is a problem.
std::string dump_path(Arguments& arguments);

// Where the previews go, its folder made; empty: nowhere. Throws Error{write_failed}.
std::string make_preview_folder(const Arguments& arguments);

void add_memory_option(CLI::App& command);

// What --memory says; that it is another word is a problem.
MemoryChoice memory_choice(Arguments& arguments);

} // namespace likeness::cli
