#include "core/runner/train.h"

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/imageio/file_kind.h"
#include "core/imageio/load.h"
#include "core/request/limits.h"
#include "core/request/model_folder.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostCaptionBytes = 64 * 1024;
constexpr int kStopped = 130; // as after Ctrl+C

void declare(CLI::App& command) {
    add_words(
        command, "FOLDER",
        "Pictures of one thing, each with NAME.txt (its caption) and NAME.mask.png if wanted");
    add_value(command, "out", "PATH", "The LoRA's .safetensors");
    add_value(command, "model", "NAME|PATH", "What it is for [default starter]");
    add_value(command, "instance-prompt", "TEXT",
              "Caption of pictures that have none: \"a photo of sks mug\"");
    add_value(command, "resolution", "N",
              "Side of the square whose area pictures get" +
                  range_words("resolution", "the model's own"));
    add_value(command, "train-batch-size", "N",
              "Pictures a pass" + range_words("train_batch_size"));
    add_value(command, "gradient-accumulation-steps", "N",
              "Passes a step" + range_words("gradient_accumulation_steps"));
    add_value(command, "max-train-steps", "N", "" + range_words("max_train_steps"));
    add_value(command, "learning-rate", "V", "" + range_words("learning_rate"));
    add_value(command, "lr-scheduler", "constant|cosine|linear", "[default constant]");
    add_value(command, "lr-warmup-steps", "N", "" + range_words("lr_warmup_steps"));
    add_value(command, "snr-gamma", "V",
              "Weighs steps by their noise (min-SNR); 5 is usual" +
                  range_words("snr_gamma", "0: off"));
    add_value(command, "rank", "N", "" + range_words("rank"));
    add_value(command, "network-alpha", "V",
              "What is added counts alpha / rank" + range_words("network_alpha", "the rank"));
    add_value(command, "targets", "attention|all", "Trained layers [default attention]");
    add_switch(command, "train-text-encoder", "The text encoder's attention too");
    add_value(command, "format", "kohya|diffusers",
              "How the file spells its names [default kohya]");
    add_value(command, "checkpointing-minutes", "V", "" + range_words("checkpointing_minutes"));
    add_switch(command, "resume", "Goes on from the checkpoint beside --out");
    add_value(command, "device", "cpu|cuda|cuda:N", "[default best present]");
    add_value(command, "dtype", "float32|bfloat16|float16",
              "Of the model; what is trained is float32 [default best for the device]");
    add_value(command, "threads", "N",
              "Of the processor" + range_words("threads", "0: as many as it has"));
    add_value(command, "seed", "N", "" + range_words("seed"));
    add_switch(command, "json", "Events as JSON lines");
    add_switch(command, "force", "Writes over an existing file and begins anew");
}

// Numbers of options; what is none is a problem, and the field keeps its value.
class Numbers {
public:
    explicit Numbers(Arguments& arguments) : arguments_(arguments) {}

    void whole(const char* option, int& into) { read(option, parse_int, "a whole number", into); }

    void real(const char* option, double& into) { read(option, parse_double, "a number", into); }

    void whole(const char* option, std::optional<int>& into) {
        read(option, parse_int, "a whole number", into);
    }

    void real(const char* option, std::optional<double>& into) {
        read(option, parse_double, "a number", into);
    }

    void seed(std::uint64_t& into) { read("seed", parse_seed, "a whole number", into); }

private:
    template <typename Parse, typename Value>
    void read(const char* option, Parse parse, const char* wanted, Value& into) {
        if (const auto text = arguments_.value(option)) {
            if (const auto value = parse(*text)) {
                into = *value;
            } else {
                arguments_.problems.add(
                    fmt::format("--{} is {}; it is {}.", option, in_quotes(*text), wanted));
            }
        }
    }

    Arguments& arguments_;
};

template <typename Value>
void choose(Arguments& arguments, const char* option,
            const std::vector<std::pair<const char*, Value>>& choices, Value& into) {
    const auto text = arguments.value(option);
    if (!text) {
        return;
    }
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) {
        if (*text == name) {
            into = value;
            return;
        }
        names.emplace_back(name);
    }
    arguments.problems.add(fmt::format("--{} is {}; it is one of {}.", option, in_quotes(*text),
                                       fmt::join(names, ", ")));
}

std::string caption_beside(const fs::path& picture) {
    const fs::path path = fs::path(picture).replace_extension(".txt");
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        return {};
    }
    std::string text = read_text_file(path, kMostCaptionBytes);
    const auto end = text.find_last_not_of(" \t\r\n");
    text.erase(end == text.npos ? 0 : end + 1);
    return text;
}

bool is_picture(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::array<char, 64> start{};
    file.read(start.data(), start.size());
    return picture_kind(std::as_bytes(std::span(start).first(
               static_cast<std::size_t>(file.gcount())))) != PictureKind::none;
}

bool is_mask(const fs::path& path) {
    return path.stem().extension() == ".mask";
}

// Every picture of the folder, by name; what cannot be read is a problem of its own.
std::vector<TrainingPicture> read_pictures(const fs::path& folder, Problems& problems) {
    std::error_code failed;
    std::set<fs::path> files;
    for (auto entry = fs::directory_iterator(folder, failed); !failed && entry != end(entry);
         entry.increment(failed)) {
        if (entry->is_regular_file(failed) && !is_mask(entry->path()) &&
            is_picture(entry->path())) {
            files.insert(entry->path());
        }
    }
    if (failed) {
        problems.add(
            Error(ErrorCode::file_missing, message("The folder {} could not be read: {}.",
                                                   in_quotes(folder.string()), failed.message())));
        return {};
    }
    std::vector<TrainingPicture> pictures;
    for (const fs::path& file : files) {
        check_interrupted();
        try {
            TrainingPicture picture{.image = std::make_shared<const Image>(load_image(file)),
                                    .path = file.string(),
                                    .caption = caption_beside(file)};
            const fs::path mask = fs::path(file).replace_extension(".mask.png");
            if (fs::exists(mask, failed)) {
                picture.mask = std::make_shared<const Image>(load_image(mask));
            }
            pictures.push_back(std::move(picture));
        } catch (const Error& error) {
            problems.add(error);
        }
    }
    if (pictures.empty() && problems.empty()) {
        problems.add(Error(ErrorCode::file_missing,
                           message("There is no picture in {}.", in_quotes(folder.string()))));
    }
    return pictures;
}

TrainingRequest read_request(Arguments& arguments) {
    TrainingRequest request;
    Numbers numbers(arguments);
    numbers.whole("resolution", request.resolution);
    numbers.whole("train-batch-size", request.train_batch_size);
    numbers.whole("gradient-accumulation-steps", request.gradient_accumulation_steps);
    numbers.whole("max-train-steps", request.max_train_steps);
    numbers.real("learning-rate", request.learning_rate);
    numbers.whole("lr-warmup-steps", request.lr_warmup_steps);
    numbers.real("snr-gamma", request.snr_gamma);
    numbers.whole("rank", request.rank);
    numbers.real("network-alpha", request.network_alpha);
    numbers.real("checkpointing-minutes", request.checkpointing_minutes);
    numbers.whole("threads", request.threads);
    numbers.seed(request.seed);
    choose<LearningRateSchedule>(arguments, "lr-scheduler",
                                 {{"constant", LearningRateSchedule::constant},
                                  {"cosine", LearningRateSchedule::cosine},
                                  {"linear", LearningRateSchedule::linear}},
                                 request.lr_scheduler);
    choose<TrainedLayers>(arguments, "targets",
                          {{"attention", TrainedLayers::attention}, {"all", TrainedLayers::all}},
                          request.targets);
    choose<LoraSpelling>(arguments, "format",
                         {{"kohya", LoraSpelling::kohya}, {"diffusers", LoraSpelling::diffusers}},
                         request.format);
    request.model = arguments.value("model").value_or(request.model);
    request.instance_prompt = arguments.value("instance-prompt").value_or("");
    request.train_text_encoder = arguments.has("train-text-encoder");
    request.device = arguments.value("device").value_or("");
    request.dtype = arguments.value("dtype").value_or("");
    request.out = arguments.value("out").value_or("");
    request.resume = arguments.has("resume");
    return request;
}

// What lies there already is written over or gone on with only when that was said.
void check_places(const Arguments& arguments, const TrainingRequest& request, Problems& problems) {
    if (request.out.empty()) {
        return; // told with the other fields
    }
    std::error_code ignored;
    const bool forced = arguments.has("force");
    if (!request.out.ends_with(".safetensors")) {
        problems.add(fmt::format("--out is {}; a LoRA's file ends with .safetensors.",
                                 in_quotes(request.out)));
    }
    if (fs::exists(request.out, ignored) && !forced) {
        problems.add(
            fmt::format("{} exists. Give --force to write over it.", in_quotes(request.out)));
    }
    const bool begun = fs::exists(training_checkpoint(request), ignored);
    if (begun && !request.resume && !forced) {
        problems.add(fmt::format("A training of {} was begun. Give --resume to go on with it, or "
                                 "--force to begin anew.",
                                 in_quotes(request.out)));
    }
    if (!begun && request.resume) {
        problems.add(
            fmt::format("There is no training of {} to go on with.", in_quotes(request.out)));
    }
}

Json to_json(const TrainingProof& proof) {
    Json json = {{"weight_change", proof.weight_change},
                 {"weight_changes", proof.weight_changes},
                 {"picture_change", proof.picture_change}};
    const auto add = [&json](const char* name, const std::optional<double>& value) {
        if (value) {
            json[name] = *value;
        }
    };
    add("likeness_before", proof.likeness_before);
    add("likeness_after", proof.likeness_after);
    add("prompt_before", proof.prompt_before);
    add("prompt_after", proof.prompt_after);
    return json;
}

void tell(Console& console, const TrainingResult& result) {
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
}

int run(Arguments& arguments, Console& console) {
    Problems& problems = arguments.problems;
    TrainingRequest request = read_request(arguments);
    if (arguments.words.size() != 1) {
        problems.add("train lora takes one folder of pictures.");
    } else {
        request.pictures = read_pictures(arguments.words.front(), problems);
    }
    check_places(arguments, request, problems);
    if (!request.pictures.empty()) {
        for (const Problem& problem : validate(request)) {
            problems.add(problem.field + ": " + problem.message.text());
        }
    }
    try {
        request.model = find_model(request.model).string();
    } catch (const Error& error) {
        problems.add(error);
    }
    problems.throw_if_any();
    if (!request.resume) {
        std::error_code ignored;
        fs::remove(training_checkpoint(request), ignored);
    }
    std::int64_t told = 0;
    const Progress progress({}, [&console](Stepped stepped) {
        console.progress("", stepped);
        check_interrupted();
    });
    const auto on_step = [&](const TrainingStep& step) {
        console.event({{"event", "step"},
                       {"stage", "train"},
                       {"step", step.step},
                       {"total", step.total},
                       {"loss", step.loss},
                       {"learning_rate", step.learning_rate},
                       {"seconds", step.seconds}});
        const std::int64_t tenth = 10 * step.step / step.total;
        if (tenth > told) {
            told = tenth;
            console.line(fmt::format("training {} %, loss {:.4f}, {:.0f} s", 10 * tenth, step.loss,
                                     step.seconds));
        }
    };
    std::int64_t saved = 0;
    const auto on_save = [&](std::int64_t step) {
        saved = step;
        console.event({{"event", "checkpoint"}, {"step", step}});
    };
    TrainingResult result;
    try {
        result = train(request, progress,
                       {.on_step = on_step, .on_checkpoint = on_save, .wish = [] {
                            return interrupted() ? TrainingWish::stop : TrainingWish::go_on;
                        }});
    } catch (const Cancelled&) {
        console.event({{"event", "stopped"}, {"step", saved}});
        console.line(saved > 0 ? fmt::format("Stopped after {} steps; the same command with "
                                             "--resume goes on.",
                                             saved)
                               : "Stopped.");
        return kStopped;
    }
    console.event({{"event", "finished"},
                   {"weights", result.weights},
                   {"proof", to_json(result.proof)},
                   {"peak_memory_bytes", result.peak_memory_bytes}});
    tell(console, result);
    return 0;
}

} // namespace

const Command kTrainLora{"train lora", "Learns one thing or style from a folder of pictures",
                         declare, run};

} // namespace likeness::cli
