#include "app/cli/command.h"
#include "app/cli/output_options.h"
#include "app/cli/output_paths.h"
#include "app/cli/picture_job.h"
#include "app/cli/render_plan.h"
#include "app/cli/request_options.h"
#include "core/base/atomic_file.h"

namespace likeness::cli {

namespace {

constexpr const char* kDefaultOut = "likeness-{seed}.png";
constexpr const char* kOutOfOneSeed = "likeness-{seed}-{index}.png"; // of several variations

void declare(CLI::App& command) {
    add_request_file(command);
    add_request_options(command);
    add_output_options(command, kDefaultOut, kNaming);
}

int run(Arguments& arguments, Console& console) {
    const RenderPlan plan = read_request(arguments);
    const OutputPaths outputs(
        arguments.value("out").value_or(has_one_seed(plan.request) ? kOutOfOneSeed : kDefaultOut),
        arguments.has("force"));
    const std::string dump = dump_path(arguments);
    const MemoryChoice memory = memory_choice(arguments);
    std::vector<OutputName> names;
    for (int index = 0; index < picture_count(plan.request); ++index) {
        names.push_back({.seed = picture_seed(plan.request, index), .index = index});
    }
    const auto paths = outputs.plan(names, arguments.problems);
    arguments.problems.throw_if_any();

    make_folder(outputs.folder());
    const PictureJob job{
        .request = plan.request, .paths = paths, .preview_folder = make_preview_folder(arguments)};
    remove_stale_parts(outputs.folder());
    for (const std::string& notice : plan.notices) {
        console.line(notice);
    }
    Session session({.dump_path = dump, .memory = memory});
    render(session, console, job);
    return 0;
}

} // namespace

const Command kGenerate{"generate", "One request: prompt and references in, pictures out", declare,
                        run};

} // namespace likeness::cli
