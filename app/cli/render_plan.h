#pragma once

#include "app/cli/arguments.h"
#include "core/request/generation_request.h"
#include "core/request/given_vae.h"
#include "core/request/model_folder.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace likeness::cli {

// What a command is to render, its references loaded.
struct RenderPlan {
    GenerationRequest request{};
    std::optional<ModelFolder> folder{}; // empty: it could not be opened, which is a problem
    std::vector<std::string> notices{};
};

// num_images within its limits, so that its pictures can be named before the request is known to be
// valid.
int picture_count(const GenerationRequest& request);

// Whether its pictures have one seed, so that an {index} must part their names.
bool has_one_seed(const GenerationRequest& request);

// The seed that a file of picture `index` is named by, and its own request has: where there are
// variations the last one's counts up, not this.
std::uint64_t picture_seed(const GenerationRequest& request, int index);

// Finds what the request names, opens the model's folder and validates it; no picture is read.
using OpenModel = std::function<ModelFolder(const GenerationRequest&)>;
void check_request(RenderPlan& plan, Problems& problems, const OpenModel& open = model_of);

// Reads the request's pictures, and those of the pictures that it branches from.
void load_pictures(RenderPlan& plan, Problems& problems);

// The request of `--request` with the options given beside it. Everything that is wrong with it,
// with the model's folder or with the pictures it names goes to `arguments.problems`.
RenderPlan read_request(Arguments& arguments);

} // namespace likeness::cli
