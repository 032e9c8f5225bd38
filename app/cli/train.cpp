#include "core/runner/train.h"

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/train_options.h"
#include "app/cli/train_watch.h"
#include "app/cli/training_findings.h"
#include "app/cli/training_pictures.h"
#include "core/base/wording.h"
#include "core/request/check_pictures.h"
#include "core/request/training_place.h"
#include "core/runner/training_proof.h"
#include "core/tensor/device.h"

#include <fmt/format.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

constexpr int kStopped = 130; // as after Ctrl+C

// What lies there already is written over or gone on with only when that was said.
void check_places(const Arguments& arguments, const TrainingRequest& request, Problems& problems) {
    if (request.out.empty()) {
        return; // told with the other fields
    }
    std::error_code ignored;
    const bool forced = arguments.has("force");
    if (!request.makes_model() && !request.out.ends_with(".safetensors")) {
        problems.add(fmt::format("--out is {}; the file that is written ends with .safetensors.",
                                 in_quotes(request.out)));
    }
    const std::vector<Error> unfit = problems_of_place(request);
    for (const Error& problem : unfit) {
        problems.add(problem);
    }
    const bool made = fs::exists(request.out, ignored);
    const auto refuse_what_exists = [&] {
        if (made && !forced && unfit.empty()) {
            problems.add(
                fmt::format("{} exists. Give --force to write over it.", in_quotes(request.out)));
        }
    };
    if (request.take_step > 0) { // of one that was begun, whether or not it came to its end
        check_take_step(request, problems);
        refuse_what_exists();
        return;
    }
    const bool begun = std::ranges::any_of(training_checkpoints(request), [](const auto& place) {
        std::error_code none;
        return fs::exists(place, none);
    });
    if (begun && !request.resume && !forced) {
        problems.add(fmt::format("A training of {} was begun. Give --resume to go on with it, or "
                                 "--force to begin anew.",
                                 in_quotes(request.out)));
    }
    if (!begun && request.resume) {
        problems.add(made ? fmt::format("The training of {} is finished; nothing is left to do.",
                                        in_quotes(request.out))
                          : fmt::format("There is no training of {} to go on with.",
                                        in_quotes(request.out)));
    } else {
        refuse_what_exists();
    }
}

Json to_json(const TrainingProof& proof) {
    Json json = {{"weight_change", proof.weight_change}, {"weight_changes", proof.weight_changes}};
    for (const auto& [name, value] : numbers_of(proof)) {
        json[name] = value;
    }
    return json;
}

void tell(Console& console, const TrainingRequest& request, const TrainingResult& result) {
    const TrainingProof& proof = result.proof;
    console.line(fmt::format("{}: weights changed by {:.2g} of their length, pictures by {:.1f} %.",
                             in_quotes(result.weights), proof.weight_change,
                             100 * proof.picture_change));
    if (proof.likeness_before && proof.likeness_after) {
        console.line(fmt::format("Likeness to the pictures {:.3f} without, {:.3f} with it.",
                                 *proof.likeness_before, *proof.likeness_after));
    }
    if (proof.prompt_before && proof.prompt_after) {
        console.line(fmt::format("Agreement with the prompt {:.3f} without, {:.3f} with it.",
                                 *proof.prompt_before, *proof.prompt_after));
    }
    tell_fit(request, proof, console);
}

int run(TrainingMethod method, Arguments& arguments, Console& console) {
    Problems& problems = arguments.problems;
    TrainingRequest request = read_training_request(method, arguments);
    const ModelTraits traits = find_training_files(request, problems);
    if (arguments.words.size() != 1) {
        problems.add("train takes one folder of pictures.");
    } else {
        request.pictures =
            read_training_pictures(arguments.words.front(), request, traits, problems);
    }
    check_places(arguments, request, problems);
    if (!request.pictures.empty()) {
        for (const Problem& problem : validate(request)) {
            problems.add(problem.field + ": " + problem.message.text());
        }
        for (const Problem& problem : nothing_to_learn(request)) {
            problems.add(problem.field + ": " + problem.message.text());
        }
    }
    try {
        choose_placement(request.device, request.dtype);
        if (problems.empty()) {
            (void)folder_to_train(request);
        }
    } catch (const Error& error) {
        problems.add(error);
    }
    problems.throw_if_any();
    const bool begins = !request.resume && request.take_step == 0;
    if (begins) {
        std::error_code ignored;
        for (const fs::path& checkpoint : training_checkpoints(request)) {
            fs::remove(checkpoint, ignored);
        }
        remove_kept_samples(request);
    }
    std::int64_t told = 0;
    const Progress progress({}, [&console](Stepped stepped) {
        console.passing(stepped);
        check_interrupted();
    });
    for (const std::string& line : options_without_effect(arguments, request)) {
        console.line(line);
    }
    console.line(words_of_settings(request));
    if (request.take_step > 0) {
        console.line(fmt::format("taking what was learned until step {}, and comparing pictures "
                                 "without and with it",
                                 request.take_step));
    }
    if (begins) {
        console.line("looking at the pictures");
        tell_doubts(console, check_pictures(request, traits, progress));
    }
    const auto on_step = [&](const TrainingStep& step) {
        Json event = {{"event", "step"},        {"stage", "train"},
                      {"step", step.step},      {"total", step.total},
                      {"loss", step.loss},      {"learning_rate", step.learning_rate},
                      {"seconds", step.seconds}};
        if (step.validation_loss) {
            event["validation_loss"] = *step.validation_loss;
        }
        console.event(event);
        const std::int64_t tenth = 10 * step.step / step.total;
        if (tenth > told) {
            told = tenth;
            console.line(fmt::format("training {} %, loss {:.4f}, {:.0f} s", 10 * tenth, step.loss,
                                     step.seconds));
        }
        if (step.step == step.total) {
            console.line("comparing pictures without and with it");
        }
    };
    std::int64_t saved = 0;
    const auto on_save = [&](std::int64_t step) {
        saved = step;
        console.event({{"event", "checkpoint"}, {"step", step}});
    };
    TrainingResult result;
    try {
        result = train(
            request, progress,
            {.on_step = on_step,
             .on_sample =
                 [&](const TrainingSamplePicture& sample) {
                     keep_sample(request, sample, console);
                 },
             .on_checkpoint = on_save,
             .on_notice = [&](const Message& notice) { console.line(notice.text()); },
             .wish = [] { return interrupted() ? TrainingWish::stop : TrainingWish::go_on; }});
    } catch (const Cancelled&) {
        console.event({{"event", "stopped"}, {"step", saved}});
        console.line(saved > 0 ? fmt::format("Stopped after {} steps; the same command with "
                                             "--resume goes on.",
                                             saved)
                               : "Stopped.");
        tell_kept(request, console);
        return kStopped;
    }
    console.event({{"event", "finished"},
                   {"weights", result.weights},
                   {"proof", to_json(result.proof)},
                   {"peak_memory_bytes", result.peak_memory_bytes},
                   {"notices", texts(result.notices)}});
    tell(console, request, result);
    if (request.take_step > 0 || !arguments.has("kept-sample-weights")) { // it is settled
        remove_kept_samples(request);
    }
    tell_kept(request, console);
    return 0;
}

} // namespace

const Command kTrainLora{"train lora", "Learns one thing or style from a folder of pictures",
                         [](CLI::App& command) { declare_training(TrainingMethod::lora, command); },
                         [](Arguments& arguments, Console& console) {
                             return run(TrainingMethod::lora, arguments, console);
                         }};

const Command kTrainDreamBooth{
    "train dreambooth", "Teaches a whole model one thing, and keeps what it knows of its kind",
    [](CLI::App& command) { declare_training(TrainingMethod::dreambooth, command); },
    [](Arguments& arguments, Console& console) {
        return run(TrainingMethod::dreambooth, arguments, console);
    }};

const Command kTrainIpAdapter{
    "train ip-adapter", "Goes on training an image-prompt adapter on a folder of pictures",
    [](CLI::App& command) { declare_training(TrainingMethod::ip_adapter, command); },
    [](Arguments& arguments, Console& console) {
        return run(TrainingMethod::ip_adapter, arguments, console);
    }};

} // namespace likeness::cli
