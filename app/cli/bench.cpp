#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/output_options.h"
#include "app/cli/render_plan.h"
#include "app/cli/session.h"
#include "core/base/seconds_since.h"
#include "core/request/limits.h"
#include "core/request/resolve.h"
#include "core/runner/machine.h"
#include "core/runner/memory.h"
#include "core/synth/world.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kReferenceSide = 256;
constexpr int kRungs = 7;
constexpr int kLoadSide = 64;    // the smallest picture: what is timed is the load
constexpr int kPreviewSteps = 8; // as many as show what previews cost
constexpr const char* kDefaultReferences = "0,1,4";

void declare(CLI::App& command) {
    const std::string own = "the model's own";
    add_value(command, "model", "NAME|PATH",
              "Installed model or diffusers folder [default starter]");
    add_value(command, "width", "N", "Pixels" + range_words("width", own));
    add_value(command, "height", "N", "Pixels" + range_words("height", own));
    add_value(command, "num-inference-steps", "N",
              "Steps" + range_words("num_inference_steps", own));
    add_value(command, "guidance-scale", "V", "Guidance" + range_words("guidance_scale", own));
    add_value(command, "scheduler", "NAME",
              scheduler_words().text() + " [default the model's own]");
    add_value(command, "references", "0,1,4",
              fmt::format("How many references, one run each [0..{}; default {}]", kMaxReferences,
                          kDefaultReferences));
    add_value(command, "repeats", "N", "After one warm-up [1..100; default 5]");
    add_value(command, "device", "cpu|cuda|cuda:N", "[default best present]");
    add_value(command, "dtype", "float32|bfloat16|float16", "[default best for the device]");
    add_value(command, "threads", "N",
              "Of the processor" + range_words("threads", "0: as many as it has"));
    add_memory_option(command);
    add_switch(command, "without-ladder", "Leaves the ladder out: fourteen pictures less");
    add_switch(command, "json", "Errors as JSON lines on standard output too");
}

// Times of one thing, in seconds.
class Times {
public:
    void add(double seconds) { seconds_.push_back(seconds); }

    double median() const {
        std::vector<double> sorted = seconds_;
        std::ranges::sort(sorted);
        const std::size_t half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    Json json() const {
        return {{"median", median()},
                {"min", std::ranges::min(seconds_)},
                {"max", std::ranges::max(seconds_)}};
    }

private:
    std::vector<double> seconds_;
};

struct Timed {
    Result result{};
    double seconds = 0; // from submitting to the end
    double first_preview = 0;
};

Timed timed_run(Session& session, const GenerationRequest& request) {
    Timed timed;
    const auto begin = Clock::now();
    timed.result = session.run(request, [&](const JobEvent& event) {
        const auto* stepped = std::get_if<Stepped>(&event.what);
        if (stepped != nullptr && stepped->preview && timed.first_preview == 0) {
            timed.first_preview = seconds_since(begin);
        }
    });
    timed.seconds = seconds_since(begin);
    return timed;
}

// Requests of which nothing is known yet to a runner that remembers prompts and references.
class FreshRequests {
public:
    explicit FreshRequests(GenerationRequest base) : base_(std::move(base)) {}

    GenerationRequest make(int references) {
        ++count_;
        GenerationRequest request = base_;
        request.prompt = fmt::format("a red mug on a table, number {}", count_);
        request.seed = static_cast<std::uint64_t>(count_);
        for (int r = 0; r < references; ++r) {
            request.references.push_back({.image = picture(static_cast<std::uint64_t>(r))});
        }
        return request;
    }

private:
    // The pixels are drawn once; a new copy is a new picture to a cache.
    ImagePtr picture(std::uint64_t id) {
        while (pictures_.size() <= id) {
            const std::uint64_t next = pictures_.size();
            const auto subject = synth::make_subject(next, synth::Split::train);
            const auto scene = synth::make_scene(next, subject, synth::Split::train);
            pictures_.push_back(synth::render(subject, scene, kReferenceSide).rgb);
        }
        return std::make_shared<const Image>(pictures_[id]);
    }

    GenerationRequest base_;
    std::vector<Image> pictures_;
    int count_ = 0;
};

// Loads of the same files in one process: the operating system has them in memory after the first.
Times time_loads(FreshRequests& fresh, int repeats, MemoryChoice memory) {
    Times times;
    for (int i = 0; i <= repeats; ++i) {
        GenerationRequest request = fresh.make(0);
        request.width = request.height = kLoadSide;
        request.num_inference_steps = 1;
        Session session({.previews = false, .memory = memory});
        const Timed timed = timed_run(session, request);
        if (i > 0) {
            times.add(timed.result.seconds.at("load"));
        }
    }
    return times;
}

Json time_pictures(Session& session, FreshRequests& fresh, int references, int steps, int repeats) {
    Times encode_prompt, encode_references, step, decode, picture;
    for (int i = 0; i <= repeats; ++i) {
        const Timed timed = timed_run(session, fresh.make(references));
        if (i == 0) {
            continue;
        }
        const auto& seconds = timed.result.seconds;
        encode_prompt.add(seconds.at("encode_prompt"));
        encode_references.add(seconds.at("encode_references"));
        step.add(seconds.at("denoise") / steps);
        decode.add(seconds.at("decode"));
        picture.add(timed.seconds);
    }
    return {{"references", references},
            {"encode_prompt", encode_prompt.json()},
            {"encode_references", encode_references.json()},
            {"step", step.json()},
            {"decode", decode.json()},
            {"picture", picture.json()}};
}

Json time_ladder(Session& session, FreshRequests& fresh) {
    GenerationRequest request = fresh.make(1);
    std::vector<GenerationRequest> rungs;
    for (int rung = 0; rung < kRungs; ++rung) {
        request.master_scale = 0.2 * rung;
        rungs.push_back(request);
    }
    const auto begin = Clock::now();
    session.run_together(rungs, [](const JobEvent&) {});
    const double together = seconds_since(begin);
    double alone = 0;
    for (int rung = 0; rung < kRungs; ++rung) {
        GenerationRequest single = fresh.make(1);
        single.master_scale = 0.2 * rung;
        alone += timed_run(session, single).seconds;
    }
    return {{"rungs", kRungs}, {"seconds", together}, {"single_runs", alone}};
}

struct PreviewTimes {
    Times share{}; // of the denoising
    Times first{}; // from submitting to the first one
};

PreviewTimes time_previews(Session& session, GenerationRequest request, int repeats) {
    PreviewTimes times;
    request.num_inference_steps = std::min(*request.num_inference_steps, kPreviewSteps);
    for (int i = 0; i <= repeats; ++i) {
        const Timed timed = timed_run(session, request);
        if (i > 0) {
            times.share.add(timed.result.preview_seconds / timed.result.seconds.at("denoise"));
            times.first.add(timed.first_preview);
        }
    }
    return times;
}

// From the wish to stop, in the middle of a step, to the end of the job.
Times time_cancels(Session& session, const GenerationRequest& request, int repeats) {
    Times times;
    for (int i = 0; i < repeats; ++i) {
        Clock::time_point asked{};
        try {
            session.run(request, [&](const JobEvent& event) {
                const auto* stepped = std::get_if<Stepped>(&event.what);
                if (stepped != nullptr && stepped->stage == Stage::denoise &&
                    asked == Clock::time_point{}) {
                    asked = Clock::now();
                    session.stop();
                }
            });
        } catch (const Cancelled&) {
            check_interrupted(); // that was another wish
            times.add(seconds_since(asked));
            continue;
        }
        times.add(seconds_since(asked)); // it was over before it could be stopped
    }
    return times;
}

std::vector<int> reference_counts(Arguments& arguments, bool has_adapter) {
    const auto given = arguments.value("references");
    if (!given && !has_adapter) {
        return {0};
    }
    std::vector<int> counts;
    const Given option{.name = "references", .value = given.value_or(kDefaultReferences)};
    for (const double number : parse_list(option, arguments.problems)) {
        const int count = static_cast<int>(std::clamp(number, -1.0, 1000.0));
        if (count != number || count < 0 || count > kMaxReferences) {
            arguments.problems.add(fmt::format("--references holds {}; they are whole numbers from "
                                               "0 to {}.",
                                               number, kMaxReferences));
        } else if (count > 0 && !has_adapter) {
            arguments.problems.add(fmt::format("--references holds {}, but the model has no "
                                               "image-prompt adapter.",
                                               count));
        } else {
            counts.push_back(count);
        }
    }
    return counts;
}

int run(Arguments& arguments, Console& console) {
    const RenderPlan plan = read_request(arguments);
    int repeats = 5;
    if (const auto given = arguments.value("repeats")) {
        const auto number = parse_int(*given);
        if (number && *number >= 1 && *number <= 100) {
            repeats = *number;
        } else {
            arguments.problems.add(
                fmt::format("--repeats is \"{}\"; it is a whole number from 1 to 100.", *given));
        }
    }
    const bool has_adapter = !plan.folder || plan.folder->traits.has_ip_adapter;
    const auto counts = reference_counts(arguments, has_adapter);
    const MemoryChoice memory = memory_choice(arguments);
    arguments.problems.throw_if_any();

    const GenerationRequest base = resolve(plan.request, plan.folder->traits);
    const PlacementWords placement = placement_words(base.device, base.dtype);
    const int steps = *base.num_inference_steps;
    Json json = {{"version", LIKENESS_VERSION},
                 {"device", placement.device},
                 {"dtype", placement.dtype},
                 {"threads", thread_count(base.threads)},
                 {"width", *base.width},
                 {"height", *base.height},
                 {"steps", steps}};
    FreshRequests fresh(base);
    console.line("timing loads");
    json["load"] = time_loads(fresh, repeats, memory).json();

    json["runs"] = Json::array();
    const GenerationRequest known = fresh.make(0);
    {
        Session session({.previews = false, .memory = memory});
        for (const int count : counts) {
            console.line(fmt::format("timing pictures with {} references", count));
            json["runs"].push_back(time_pictures(session, fresh, count, steps, repeats));
        }
        if (has_adapter && !arguments.has("without-ladder")) {
            console.line("timing the ladder");
            json["ladder"] = time_ladder(session, fresh);
        }
    }
    console.line("timing previews and stops");
    Session session({.previews = true, .memory = memory});
    const PreviewTimes previews = time_previews(session, known, repeats);
    json["preview_share"] = previews.share.median();
    json["first_preview"] = previews.first.median();
    json["cancel"] = time_cancels(session, known, repeats).median();
    json["peak_memory_bytes"] = peak_memory_bytes();
    print(to_line(json) + "\n");
    return 0;
}

} // namespace

const Command kBench{"bench", "Timings as JSON", declare, run};

} // namespace likeness::cli
