#pragma once

#include "app/cli/console.h"
#include "app/cli/session.h"

#include <filesystem>
#include <string>
#include <vector>

namespace likeness::cli {

// A request and where its pictures go, one path for each.
struct PictureJob {
    GenerationRequest request{};
    std::vector<std::filesystem::path> paths{};
    std::string title{};                    // before the progress line
    std::filesystem::path preview_folder{}; // empty: no previews
    int first_index = 0;                    // of its pictures among all of the command
    JobId id{};                             // that events give it; 0: the engine's
};

// Runs it: each picture is saved with its own request as soon as it is made; events and progress
// are told. Throws as Session::run does, and Error{write_failed}.
Result render(Session& session, Console& console, const PictureJob& job);

// The same for several that belong together; the results in their order.
std::vector<Result> render_together(Session& session, Console& console,
                                    const std::vector<PictureJob>& jobs);

} // namespace likeness::cli
