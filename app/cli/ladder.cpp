#include "app/cli/command.h"
#include "app/cli/output_options.h"
#include "app/cli/output_paths.h"
#include "app/cli/picture_job.h"
#include "app/cli/render_plan.h"
#include "app/cli/request_options.h"
#include "core/base/atomic_file.h"
#include "core/base/wording.h"
#include "core/imageio/save.h"
#include "core/imageio/sheet.h"
#include "core/request/limits.h"

#include <algorithm>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

constexpr const char* kDefaultOut = "likeness-{seed}-{strength}.png";
constexpr const char* kOutOfOneSeed = "likeness-{seed}-{strength}-{index}.png"; // of variations
constexpr const char* kDefaultStrengths = "0,0.2,0.4,0.6,0.8,1,1.2";
constexpr std::size_t kMostRungs = 64;
constexpr std::size_t kSheetColumns = 8;
constexpr int kSheetSide = 512; // larger pictures are made smaller on the sheet

void declare(CLI::App& command) {
    add_request_file(command);
    add_request_options(command);
    add_output_options(command, kDefaultOut, kNaming);
    add_value(command, "strengths", "A,B,...",
              fmt::format("Master strengths, one picture each{}, at most {}",
                          range_words("master_scale", kDefaultStrengths), kMostRungs));
    add_value(command, "sheet", "PATH",
              "The captioned sheet [default likeness-{seed}-sheet.png beside the pictures]");
}

std::vector<double> read_strengths(Arguments& arguments) {
    const Given given{.name = "strengths",
                      .value = arguments.value("strengths").value_or(kDefaultStrengths)};
    auto strengths = parse_list(given, arguments.problems);
    const Limit& row = limit("master_scale");
    for (const double strength : strengths) {
        if (strength < row.minimum || strength > row.maximum) {
            arguments.problems.add(fmt::format("--strengths holds {}; they go from {} to {}.",
                                               strength, row.minimum, row.maximum));
        }
    }
    if (strengths.size() > kMostRungs) {
        arguments.problems.add(fmt::format("--strengths holds {} numbers; the most is {}.",
                                           strengths.size(), kMostRungs));
        strengths.resize(kMostRungs);
    }
    return strengths;
}

// The references, then rung after rung; a row for each seed, broken where it grows too wide.
std::vector<std::vector<SheetCell>> sheet_rows(const GenerationRequest& request,
                                               const std::vector<double>& strengths,
                                               const std::vector<Result>& rungs) {
    std::vector<std::vector<SheetCell>> rows(1);
    for (const ReferenceImage& reference : request.references) {
        rows.back().push_back(
            {.image = reference.image,
             .caption = fmt::format("reference {:.3g}", reference.ip_adapter_scale)});
    }
    for (int image = 0; image < request.num_images; ++image) {
        for (std::size_t rung = 0; rung < rungs.size(); ++rung) {
            if (rung % kSheetColumns == 0 &&
                rows.back().size() + std::min(rungs.size() - rung, kSheetColumns) > kSheetColumns) {
                rows.emplace_back();
            }
            rows.back().push_back(
                {.image = rungs[rung].images.at(static_cast<std::size_t>(image)).image,
                 .caption = fmt::format("{:.3g}", strengths[rung])});
        }
    }
    return rows;
}

std::string sheet_title(const GenerationRequest& request) {
    return fmt::format("{}  seed {}, {} steps, guidance {:.3g}, {}", request.prompt, request.seed,
                       *request.num_inference_steps, *request.guidance_scale, request.model);
}

int run(Arguments& arguments, Console& console) {
    const RenderPlan plan = read_request(arguments);
    const std::vector<double> strengths = read_strengths(arguments);
    if (plan.request.references.empty()) {
        arguments.problems.add("A ladder needs at least one --reference: its rungs differ in how "
                               "strongly the references act.");
    }
    const bool force = arguments.has("force");
    const int per_rung = picture_count(plan.request);
    const OutputPaths outputs(
        arguments.value("out").value_or(has_one_seed(plan.request) ? kOutOfOneSeed : kDefaultOut),
        force);
    const std::string dump = dump_path(arguments);
    const MemoryChoice memory = memory_choice(arguments);
    std::vector<OutputName> names;
    for (std::size_t rung = 0; rung < strengths.size(); ++rung) {
        for (int image = 0; image < per_rung; ++image) {
            names.push_back({.seed = picture_seed(plan.request, image),
                             .index = static_cast<int>(rung) * per_rung + image,
                             .strength = fmt::format("{:.6g}", strengths[rung])});
        }
    }
    const auto paths = outputs.plan(names, arguments.problems);
    const std::filesystem::path sheet =
        arguments.value("sheet").value_or(outputs.beside(plan.request.seed, "sheet").string());
    if (!image_format(sheet)) {
        arguments.problems.add(fmt::format("--sheet {} has no ending that is written; .png, .jpg, "
                                           ".tif, .exr and .webp are.",
                                           in_quotes(sheet.string())));
    } else if (std::ranges::find(paths, sheet) != paths.end()) {
        arguments.problems.add(fmt::format("--sheet {} is the name of a picture, too; choose "
                                           "another one.",
                                           in_quotes(sheet.string())));
    } else if (!outputs.is_folder() || arguments.has("sheet")) {
        check_writable(sheet, force, arguments.problems);
    }
    arguments.problems.throw_if_any();

    make_folder(outputs.folder());
    const std::string previews = make_preview_folder(arguments);
    remove_stale_parts(outputs.folder());
    for (const std::string& notice : plan.notices) {
        console.line(notice);
    }
    Session session({.dump_path = dump, .memory = memory});
    std::vector<PictureJob> jobs;
    for (std::size_t rung = 0; rung < strengths.size(); ++rung) {
        const auto first = static_cast<std::ptrdiff_t>(rung) * per_rung;
        PictureJob job{.request = plan.request,
                       .paths = {paths.begin() + first, paths.begin() + first + per_rung},
                       .title = fmt::format("strength {} ({} of {})", strengths[rung], rung + 1,
                                            strengths.size()),
                       .preview_folder = previews,
                       .first_index = static_cast<int>(first)};
        job.request.master_scale = strengths[rung];
        jobs.push_back(std::move(job));
    }
    const std::vector<Result> rungs = render_together(session, console, jobs);
    const ResultImage& first = rungs.front().images.front();
    const int side = std::min(kSheetSide, std::max(first.image->width, first.image->height));
    save_image(sheet, make_sheet(sheet_rows(plan.request, strengths, rungs),
                                 sheet_title(first.request), side));
    console.event({{"event", "sheet"}, {"path", sheet.string()}});
    console.line(fmt::format("saved {} (the sheet)", in_quotes(sheet.string())));
    return 0;
}

} // namespace

const Command kLadder{"ladder",
                      "The same request and seed at several strengths, and a captioned sheet",
                      declare, run};

} // namespace likeness::cli
