#include "app/cli/batch_places.h"

#include "app/cli/output_paths.h"
#include "app/cli/render_plan.h"
#include "core/base/atomic_file.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/imageio/load.h"
#include "core/request/json.h"
#include "core/request/resolve.h"

#include <algorithm>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kOutOfOneSeed = "likeness-{line}-{seed}-{index}.png"; // of variations

// Wherever it was made: the machine is no part of what a picture is.
std::string words_of(GenerationRequest request) {
    request.device.clear();
    request.dtype.clear();
    request.threads = 0;
    return to_json(request);
}

bool is_picture_of(const fs::path& path, const GenerationRequest& request) {
    try {
        const auto embedded = read_embedded_request(path);
        return embedded && words_of(request_from_json(*embedded)) == words_of(request);
    } catch (const Error&) {
        return false; // no picture, or not one of ours
    }
}

} // namespace

std::vector<fs::path> BatchPlaces::plan(const BatchWork& work, bool is_own, Problems& problems) {
    const GenerationRequest& request = work.line.request;
    const char* usual = has_one_seed(request) ? kOutOfOneSeed : kBatchOut;
    const OutputPaths outputs(work.line.out.empty() ? out_.value_or(usual) : work.line.out, true,
                              usual);
    std::vector<OutputName> names;
    for (int index = 0; index < picture_count(request); ++index) {
        names.push_back({.seed = picture_seed(request, index),
                         .index = work.first_index + index,
                         .line = work.line.number});
    }
    Problems own;
    auto paths = outputs.plan(names, own);
    if (is_own) {
        problems.add(own);
        folders_.insert(outputs.folder());
    }
    for (const fs::path& path : paths) {
        const auto [taken, is_new] =
            lines_.emplace(fs::absolute(path).lexically_normal(), work.line.number);
        if (!is_new && taken->second != work.line.number) {
            problems.add(fmt::format("{} is what line {} makes, too; put {{line}} into --out.",
                                     in_quotes(path.string()), taken->second));
            break;
        }
    }
    return paths;
}

bool BatchPlaces::any_there(const BatchWork& work) const {
    return !force_ && std::ranges::any_of(work.paths, is_there);
}

bool BatchPlaces::are_made(const BatchWork& work, const GenerationRequest& resolved,
                           Problems& problems) {
    std::size_t made = 0;
    for (std::size_t i = 0; i < work.paths.size(); ++i) {
        if (!is_there(work.paths[i])) {
            continue;
        }
        if (is_picture_of(work.paths[i], single(resolved, static_cast<int>(i)))) {
            ++made;
        } else {
            problems.add(fmt::format("{} is there already and is another picture. Choose another "
                                     "name, or add --force to write over it.",
                                     in_quotes(work.paths[i].string())),
                         ErrorCode::file_exists);
        }
    }
    return made == work.paths.size();
}

void BatchPlaces::make_folders() const {
    for (const fs::path& folder : folders_) {
        make_folder(folder);
        remove_stale_parts(folder);
    }
}

} // namespace likeness::cli
