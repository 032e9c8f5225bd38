#include "app/cli/train_watch.h"

#include "core/base/atomic_file.h"
#include "core/base/wording.h"
#include "core/imageio/save.h"
#include "core/request/training_fit.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

// "mug.samples" of "mug.safetensors" and of the folder "mug".
fs::path sample_folder(const TrainingRequest& request) {
    fs::path out = request.out;
    if (out.extension() == ".safetensors") {
        out.replace_extension();
    }
    return out.string() + ".samples";
}

template <typename Parse, typename Value>
void read(Arguments& arguments, const char* option, Parse parse, const char* wanted, Value& into) {
    if (const auto text = arguments.value(option)) {
        if (const auto value = parse(*text)) {
            into = *value;
        } else {
            arguments.problems.add(
                fmt::format("--{} is {}; it is {}.", option, in_quotes(*text), wanted));
        }
    }
}

} // namespace

void declare_watching(CLI::App& command) {
    add_value(command, "validation-prompt", "TEXT",
              "Of the samples made on the way [default the instance prompt]");
    add_value(command, "validation-steps", "N",
              "Samples every so many steps" + range_words("validation_steps", "0: none"));
    add_value(command, "num-validation-images", "N",
              "Of them each time" + range_words("num_validation_images"));
    add_value(command, "kept-sample-weights", "N",
              "Keeps what was learned at so many of the newest samples, after the end too" +
                  range_words("kept_sample_weights",
                              fmt::format("{}, and none after the end", kKeptSamples)));
    add_value(command, "take-step", "N",
              "Learns nothing: what was kept at that sample of this training, paused or at its "
              "end, becomes the result");
    add_value(command, "validation-share", "V",
              "Of the pictures, held out to be measured on" +
                  range_words("validation_share", "0: none"));
}

void read_watching(Arguments& arguments, TrainingRequest& request) {
    request.validation_prompt = arguments.value("validation-prompt").value_or("");
    read(arguments, "validation-steps", parse_int, "a whole number", request.validation_steps);
    read(arguments, "num-validation-images", parse_int, "a whole number",
         request.num_validation_images);
    if (request.validation_steps > 0 && request.learns_little()) {
        request.kept_sample_weights = kKeptSamples;
    }
    read(arguments, "kept-sample-weights", parse_int, "a whole number",
         request.kept_sample_weights);
    read(arguments, "take-step", parse_int, "a whole number", request.take_step);
    if (arguments.has("take-step") && request.take_step < 1) {
        arguments.problems.add("--take-step is a step that has samples; nothing is learned at 0.");
    }
    read(arguments, "validation-share", parse_double, "a number", request.validation_share);
}

void check_take_step(const TrainingRequest& request, Problems& problems) {
    const std::vector<std::int64_t> steps = kept_sample_steps(request);
    if (std::ranges::count(steps, request.take_step) > 0 || !request.learns_little()) {
        return; // a whole model is told with the other fields
    }
    const std::string out = in_quotes(request.out);
    problems.add(
        steps.empty()
            ? fmt::format("--take-step is {}, and nothing is kept at samples of {}; a training "
                          "with --validation-steps keeps it.",
                          request.take_step, out)
            : fmt::format("--take-step is {}; of the training of {} it is one of {}.",
                          request.take_step, out, fmt::join(steps, ", ")));
}

void tell_kept(const TrainingRequest& request, Console& console) {
    if (const auto steps = kept_sample_steps(request); !steps.empty()) {
        console.line(fmt::format("What was learned at the samples of {} is kept; the same command "
                                 "with --take-step N makes one the result.",
                                 fmt::join(steps, ", ")));
    }
}

void keep_sample(const TrainingRequest& request, const TrainingSamplePicture& sample,
                 Console& console) {
    const fs::path folder = sample_folder(request);
    const fs::path path = folder / fmt::format("{:06}-{}.png", sample.step, sample.index);
    try {
        make_folder(folder);
        save_image(path, *sample.image);
    } catch (const Error& error) { // of a picture to look at: the training goes on
        console.line(error.what());
        return;
    }
    console.event({{"event", "sample"}, {"step", sample.step}, {"path", path.string()}});
}

void tell_fit(const TrainingRequest& request, const TrainingProof& proof, Console& console) {
    const TrainingFit fit = fit_of(request, proof);
    if (proof.overfit) {
        console.line(
            fmt::format("Nearer to the learned pictures than others of the subject by {:+.3f}{}.",
                        *proof.overfit,
                        fit.repeats ? ": it repeats them; fewer steps or more pictures help" : ""));
    }
    if (proof.drift && proof.spread) {
        console.line(fmt::format("Other pictures changed by {:.3f} and came nearer to the learned "
                                 "ones by {:+.3f}{}.",
                                 *proof.drift, *proof.spread,
                                 fit.spreads
                                     ? ": it shows where it is not asked for; fewer steps, a lower "
                                       "learning rate or a larger prior loss weight help"
                                     : ""));
    }
}

} // namespace likeness::cli
