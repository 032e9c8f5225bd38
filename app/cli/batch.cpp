#include "app/cli/batch_places.h"
#include "app/cli/command.h"
#include "app/cli/given_text.h"
#include "app/cli/interrupt.h"
#include "app/cli/named_files.h"
#include "app/cli/output_options.h"
#include "app/cli/picture_job.h"
#include "app/cli/render_plan.h"
#include "app/cli/request_options.h"
#include "core/base/wording.h"
#include "core/request/resolve.h"

#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

constexpr std::uint64_t kMaxBatchBytes = 256U << 20U;

void declare(CLI::App& command) {
    add_words(command, "FILE.jsonl",
              "A request a line, as JSON with the keys that `restore` prints; \"out\" beside them "
              "says where the line's pictures go (-: standard input)");
    add_value(command, "shard", "I/N",
              "Only every N-th line from line I on, for N machines with one file [default 1/1]");
    add_request_options(command);
    add_output_options(command, kBatchOut,
                       "{line}, {seed} and {index} are replaced; a folder gets such names");
}

std::vector<BatchLine> lines_of(Arguments& arguments, LineProblems& problems) {
    if (arguments.words.size() != 1) {
        arguments.problems.add("Name one file with a request a line.");
        return {};
    }
    const std::string& path = arguments.words.front();
    std::vector<BatchLine> lines;
    try {
        lines = read_batch_lines(given_text(path, kMaxBatchBytes, "The batch"), problems);
    } catch (const Error& error) {
        arguments.problems.add(error);
        return {};
    }
    GenerationRequest any;
    apply_options(arguments, any, arguments.problems); // what is wrong with them is told once
    for (BatchLine& line : lines) {
        Problems told_already;
        apply_options(arguments, line.request, told_already);
    }
    return lines;
}

Shard shard_of(Arguments& arguments) {
    const std::string word = arguments.value("shard").value_or("1/1");
    const auto shard = parse_shard(word);
    if (!shard) {
        arguments.problems.add(
            fmt::format("--shard is {}; it is I/N, the I-th of N machines: 1/4, 2/4, 3/4 and 4/4.",
                        in_quotes(word)));
    }
    return shard.value_or(Shard{});
}

// The model of a request; each is opened once.
class Models {
public:
    ModelFolder open(const GenerationRequest& request) {
        const auto key = std::pair(request.model, request.vae);
        auto found = models_.find(key);
        if (found == models_.end()) {
            found = models_.emplace(key, model_of(request)).first;
        }
        return found->second;
    }

private:
    std::map<std::pair<std::string, std::string>, ModelFolder> models_{};
};

// That the pictures which a request names are there.
void look_for_pictures(const GenerationRequest& request, Problems& problems) {
    const auto look = [&](const std::string& path) { look_for(path, problems); };
    with_references(request, [&](const ReferenceImage& reference, const Message&) {
        look(reference.path);
        look(reference.mask_path);
        look(reference.look_mask_path);
    });
    with_inputs(request, [&](const InputImage& input, const Message&) {
        look(input.path);
        look(input.mask_path);
    });
}

// The shard's lines, each checked so far as it can be before its turn.
std::vector<BatchWork> works_of(Arguments& arguments, BatchPlaces& places) {
    LineProblems problems;
    const Shard shard = shard_of(arguments);
    std::vector<BatchWork> works;
    Models models;
    int first_index = 0;
    const auto lines = lines_of(arguments, problems);
    for (const BatchLine& line : lines) {
        check_interrupted();
        BatchWork work{.line = line, .first_index = first_index};
        first_index += picture_count(line.request);
        const bool is_own = shard.takes(line.number);
        Problems own;
        work.paths = places.plan(work, is_own, own);
        if (is_own) {
            RenderPlan plan{.request = line.request};
            check_request(plan, own,
                          [&](const GenerationRequest& request) { return models.open(request); });
            look_for_pictures(plan.request, own);
            work.line.request = plan.request;
            if (own.empty() && places.any_there(work)) { // nothing is wrong: the model was opened
                load_pictures(plan, own);
                const GenerationRequest resolved = resolve(plan.request, plan.folder->traits);
                work.is_done = places.are_made(work, resolved, own) && own.empty();
            }
            works.push_back(std::move(work));
        }
        problems.add(line.number, own);
    }
    problems.tell(arguments.problems);
    if (lines.empty() && arguments.problems.empty()) {
        arguments.problems.add(
            fmt::format("{} holds no request.", in_quotes(arguments.words.front())));
    }
    return works;
}

Json words_of(const BatchWork& work) {
    Json images = Json::array();
    const GenerationRequest& request = work.line.request;
    for (std::size_t i = 0; i < work.paths.size(); ++i) {
        images.push_back({{"path", work.paths[i].string()},
                          {"seed", picture_seed(request, static_cast<int>(i))}});
    }
    return {{"event", "skipped"}, {"job", work.line.number}, {"images", images}};
}

// What became of the lines.
struct Tally {
    std::size_t made = 0;
    std::size_t skipped = 0;
    std::size_t failed = 0;
    std::set<int> statuses{}; // of those that failed

    int exit_status() const {
        return failed == 0 ? 0 : statuses.size() == 1 ? *statuses.begin() : 1;
    }
};

void make(Session& session, Console& console, const BatchWork& work, PictureJob job) {
    RenderPlan plan{.request = work.line.request};
    Problems problems;
    load_pictures(plan, problems);
    problems.throw_if_any();
    for (const std::string& notice : plan.notices) {
        console.line(fmt::format("line {}: {}", work.line.number, notice));
    }
    job.request = std::move(plan.request);
    render(session, console, job);
}

int run(Arguments& arguments, Console& console) {
    BatchPlaces places(arguments.value("out"), arguments.has("force"));
    const std::vector<BatchWork> works = works_of(arguments, places);
    const std::string dump = dump_path(arguments);
    const MemoryChoice memory = memory_choice(arguments);
    arguments.problems.throw_if_any();

    places.make_folders();
    const std::string previews = make_preview_folder(arguments);
    Session session({.dump_path = dump, .memory = memory});
    Tally tally;
    for (std::size_t i = 0; i < works.size(); ++i) {
        const BatchWork& work = works[i];
        if (work.is_done) {
            ++tally.skipped;
            console.event(words_of(work));
            continue;
        }
        const JobId number = work.line.number;
        console.begin_job(number);
        try {
            make(session, console, work,
                 {.paths = work.paths,
                  .title = fmt::format("line {} ({} of {})", number, i + 1, works.size()),
                  .preview_folder = previews,
                  .first_index = work.first_index,
                  .id = number});
            ++tally.made;
        } catch (const Error& error) {
            if (error.code == ErrorCode::write_failed) {
                throw; // every other line would meet the same
            }
            console.failure(
                Error(error.code, message("Line {}: {}", number, error.message), error.detail));
            ++tally.failed;
            tally.statuses.insert(exit_status(error.code));
        }
    }
    console.event({{"event", "batch"},
                   {"lines", works.size()},
                   {"finished", tally.made},
                   {"skipped", tally.skipped},
                   {"failed", tally.failed}});
    console.line(fmt::format("{} lines: {} made, {} there already, {} failed.{}", works.size(),
                             tally.made, tally.skipped, tally.failed,
                             tally.failed == 0 ? "" : " The same command tries those again."));
    return tally.exit_status();
}

} // namespace

const Command kBatch{"batch", "A request a line of a file; a second run makes what is missing",
                     declare, run};

} // namespace likeness::cli
