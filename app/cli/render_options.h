#pragma once

#include "app/cli/arguments.h"
#include "core/request/generation_request.h"
#include "core/request/memory_plan.h"
#include "core/request/model_folder.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace likeness::cli {

// Declares what every command that renders knows (spec/cli.md 2): the fields of the request.
void add_request_options(CLI::App& command);

// And where the pictures, previews and tensors go.
void add_output_options(CLI::App& command, const std::string& default_out);

// Where the tensors go; empty: nowhere. That it cannot be written is a problem.
std::string dump_path(Arguments& arguments);

// What --memory says; that it is another word is a problem.
MemoryChoice memory_choice(Arguments& arguments);
void add_memory_option(CLI::App& command);

// What a command is to render, its references loaded.
struct RenderPlan {
    GenerationRequest request{};
    std::optional<ModelFolder> folder{}; // empty: it could not be opened, which is a problem
    std::vector<std::string> notices{};
};

// num_images within its limits, so that its pictures can be named before the request is known to be
// valid.
int picture_count(const GenerationRequest& request);

// The seed that a file of picture `index` is named by, and its own request has: where there are
// variations the last one's counts up, not this.
std::uint64_t picture_seed(const GenerationRequest& request, int index);

// The request of `--request` with the options given beside it. Everything that is wrong with it,
// with the model's folder or with the pictures it names goes to `arguments.problems`.
RenderPlan read_request(Arguments& arguments);

} // namespace likeness::cli
