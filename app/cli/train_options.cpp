#include "app/cli/train_options.h"

#include "app/cli/named_files.h"
#include "app/cli/train_watch.h"
#include "core/base/wording.h"
#include "core/request/given_vae.h"
#include "core/request/proposed_training.h"
#include "core/request/training_place.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace likeness::cli {

namespace {

void declare_lora(CLI::App& command, const std::string& only) {
    add_value(command, "rank", "N", only + range_words("rank"));
    add_value(command, "network-alpha", "V",
              only + "What is added counts alpha / rank" +
                  range_words("network_alpha", "the rank"));
    add_value(command, "targets", "attention|all", only + "Trained layers [default attention]");
    add_value(command, "format", "kohya|diffusers",
              only + "How the file spells its names [default kohya]");
}

void declare_dreambooth(CLI::App& command) {
    add_value(command, "class-prompt", "TEXT",
              "What the thing is one of, \"a photo of a mug\": the model's own pictures of it are "
              "kept as they are");
    add_value(command, "num-class-images", "N", "Of them" + range_words("num_class_images"));
    add_value(command, "prior-loss-weight", "V",
              "How much keeping counts beside learning" +
                  range_words("prior_loss_weight", "by model, else 1"));
    add_switch(command, "lora", "Trains a LoRA instead of the whole");
    add_switch(command, "difference",
               "Writes one file of differences, used as a LoRA is, instead of a model's folder");
    declare_lora(command, "With --lora: ");
}

const char* words_of_out(TrainingMethod method) {
    switch (method) {
    case TrainingMethod::lora:
        return "The LoRA's .safetensors";
    case TrainingMethod::dreambooth:
        return "The folder of the new model; with --lora or --difference a .safetensors";
    case TrainingMethod::ip_adapter:
        return "The adapter's .safetensors";
    }
    return "";
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

// A switch and its opposite, and what holds where neither was given.
bool switched(Arguments& arguments, const std::string& name, bool proposed) {
    const bool on = arguments.has(name), off = arguments.has("no-" + name);
    if (on && off) {
        arguments.problems.add(fmt::format("Give --{0} or --no-{0}, not both.", name));
    }
    return on || (proposed && !off);
}

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

} // namespace

void declare_training(TrainingMethod method, CLI::App& command) {
    add_words(
        command, "FOLDER",
        "Pictures of one thing, each with NAME.txt (its caption) and NAME.mask.png if wanted");
    add_value(command, "out", "PATH", words_of_out(method));
    add_value(command, "model", "NAME|PATH", "What it is for [default starter]");
    add_value(command, "vae", "NAME|PATH",
              "Another VAE: a file, or a folder with one [default the model's own]");
    add_value(command, "instance-prompt", "TEXT",
              "Caption of pictures that have none: \"a photo of sks mug\"");
    if (method == TrainingMethod::lora) {
        declare_lora(command, "");
    } else if (method == TrainingMethod::dreambooth) {
        declare_dreambooth(command);
    } else {
        add_value(command, "ip-adapter", "NAME|PATH",
                  "The adapter that is trained on [default the model's own]");
    }
    add_value(command, "resolution", "N",
              "Side of the square whose area pictures get" +
                  range_words("resolution", "the model's own"));
    add_value(command, "train-batch-size", "N",
              "Pictures a pass" + range_words("train_batch_size", "by model, else 1"));
    add_value(command, "gradient-accumulation-steps", "N",
              "Passes a step" + range_words("gradient_accumulation_steps"));
    add_value(command, "max-train-steps", "N", "" + range_words("max_train_steps"));
    add_value(command, "learning-rate", "V", range_words("learning_rate", "by model and method"));
    if (method != TrainingMethod::ip_adapter) {
        add_switch(command, "train-text-encoder", "The text encoder too [default by model]");
        add_switch(command, "no-train-text-encoder", "It stays as it is");
        add_value(command, "text-encoder-learning-rate", "V",
                  "Of that" + range_words("text_encoder_learning_rate", "by model, else the same"));
    }
    add_value(command, "lr-scheduler", "constant|cosine|linear",
              "[default by model, else constant]");
    add_value(command, "lr-warmup-steps", "N", "" + range_words("lr_warmup_steps"));
    add_value(command, "snr-gamma", "V",
              "Weighs steps by their noise (min-SNR); 5 is usual" +
                  range_words("snr_gamma", "by model, else 0: off"));
    add_value(command, "noise-offset", "V",
              "Shifts the noise of a whole channel, for darker and lighter pictures; 0.1 is usual" +
                  range_words("noise_offset", "0: off"));
    add_switch(command, "gradient-checkpointing", "Less memory, about a third more time");
    add_switch(command, "use-ema",
               "Keeps the average of the last steps instead of the last one [default by model]");
    add_switch(command, "no-use-ema", "Keeps the last step");
    add_switch(command, "random-flip", "Mirrors half of the pictures; text in them would suffer");
    declare_watching(command);
    add_value(command, "checkpointing-minutes", "V", "" + range_words("checkpointing_minutes"));
    add_switch(command, "resume", "Goes on from the checkpoint beside --out");
    add_value(command, "device", "cpu|cuda|cuda:N", "[default best present]");
    add_value(command, "dtype", "float32|bfloat16|float16",
              "Of the model; what is trained has float32 beside it [default best for the device]");
    add_value(command, "threads", "N",
              "Of the processor" + range_words("threads", "0: as many as it has"));
    add_value(command, "seed", "N", "" + range_words("seed"));
    add_switch(command, "json", "Events as JSON lines");
    add_switch(command, "force", "Writes over what is there and begins anew");
}

TrainingRequest read_training_request(TrainingMethod method, Arguments& arguments) {
    std::string model = arguments.value("model").value_or(TrainingRequest{}.model);
    try {
        model = find_installed(model).string();
    } catch (const Error&) { // find_training_files() tells it
    }
    TrainingRequest request = proposed_training(method, model, arguments.has("lora"));
    Numbers numbers(arguments);
    numbers.whole("resolution", request.resolution);
    numbers.whole("train-batch-size", request.train_batch_size);
    numbers.whole("gradient-accumulation-steps", request.gradient_accumulation_steps);
    numbers.whole("max-train-steps", request.max_train_steps);
    numbers.real("learning-rate", request.learning_rate);
    request.lr_warmup_steps = // the model's, for steps of its own
        std::min(request.lr_warmup_steps, std::max(request.max_train_steps, 0));
    numbers.whole("lr-warmup-steps", request.lr_warmup_steps);
    numbers.real("snr-gamma", request.snr_gamma);
    numbers.real("text-encoder-learning-rate", request.text_encoder_learning_rate);
    numbers.real("noise-offset", request.noise_offset);
    numbers.whole("num-class-images", request.num_class_images);
    numbers.real("prior-loss-weight", request.prior_loss_weight);
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
    request.instance_prompt = arguments.value("instance-prompt").value_or("");
    request.vae = arguments.value("vae").value_or("");
    request.class_prompt = arguments.value("class-prompt").value_or("");
    request.ip_adapter = arguments.value("ip-adapter").value_or("");
    request.as_difference = arguments.has("difference");
    request.gradient_checkpointing = arguments.has("gradient-checkpointing");
    request.use_ema = switched(arguments, "use-ema", request.use_ema);
    request.random_flip = arguments.has("random-flip");
    request.train_text_encoder =
        switched(arguments, "train-text-encoder", request.train_text_encoder);
    if (!request.train_text_encoder && !arguments.has("text-encoder-learning-rate")) {
        request.text_encoder_learning_rate.reset();
    }
    request.device = arguments.value("device").value_or("");
    request.dtype = arguments.value("dtype").value_or("");
    request.out = without_trailing_slashes(arguments.value("out").value_or(""));
    request.resume = arguments.has("resume");
    read_watching(arguments, request);
    return request;
}

ModelTraits find_training_files(TrainingRequest& request, Problems& problems) {
    try {
        request.model = find_installed(request.model).string();
        find_named_vae(request.vae, problems);
        const ModelFolder folder = model_of({.model = request.model, .vae = request.vae});
        find_named_adapter(request.ip_adapter, folder, problems);
        return folder.traits;
    } catch (const Error& error) {
        problems.add(error);
        return {};
    }
}

std::vector<std::string> options_without_effect(const Arguments& arguments,
                                                const TrainingRequest& request) {
    std::vector<std::string> lines;
    const auto tell = [&](std::initializer_list<const char*> options, const char* wanted) {
        for (const char* option : options) {
            if (arguments.has(option)) {
                lines.push_back(fmt::format("--{} changes nothing without {}.", option, wanted));
            }
        }
    };
    if (request.method == TrainingMethod::dreambooth && !request.as_lora) {
        tell({"rank", "network-alpha", "targets", "format"}, "--lora");
    }
    if (request.method == TrainingMethod::dreambooth && !request.keeps_class()) {
        tell({"num-class-images", "prior-loss-weight"}, "--class-prompt");
    }
    return lines;
}

} // namespace likeness::cli
