#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/train_options.h"
#include "app/cli/training_findings.h"
#include "app/cli/training_pictures.h"
#include "core/base/wording.h"
#include "core/runner/check_training.h"

#include <optional>
#include <set>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

void declare(CLI::App& command) {
    add_value(command, "method", "lora|dreambooth|ip-adapter", "What is meant [default lora]");
    declare_training(TrainingMethod::dreambooth, command); // and a LoRA's options among them
    add_value(command, "ip-adapter", "NAME|PATH",
              "The adapter that is trained on [default the model's own]");
}

std::optional<TrainingMethod> method_of(Arguments& arguments) {
    const std::string name = arguments.value("method").value_or("lora");
    if (name == "lora") {
        return TrainingMethod::lora;
    }
    if (name == "dreambooth") {
        return TrainingMethod::dreambooth;
    }
    if (name == "ip-adapter") {
        return TrainingMethod::ip_adapter;
    }
    arguments.problems.add(
        fmt::format("--method is {}; it is one of lora, dreambooth, ip-adapter.", in_quotes(name)));
    return std::nullopt;
}

int run(Arguments& arguments, Console& console) {
    Problems& problems = arguments.problems;
    TrainingRequest request =
        read_training_request(method_of(arguments).value_or(TrainingMethod::lora), arguments);
    const ModelTraits traits = find_training_files(request, problems);
    if (arguments.words.size() != 1) {
        problems.add("train check takes one folder of pictures.");
    } else {
        request.pictures =
            look_for_training_pictures(arguments.words.front(), request, traits, problems);
    }
    // These are asked for when it is trained; here they are findings, or not needed.
    const std::set<std::string> later{"out", "instance_prompt", "pictures"};
    for (const Problem& problem : validate(request)) {
        if (!later.contains(problem.field)) {
            problems.add(problem.field + ": " + problem.message.text());
        }
    }
    problems.throw_if_any();
    const Progress progress({}, [&console](Stepped stepped) {
        console.passing(stepped);
        check_interrupted();
    });
    console.line("looking at the pictures, and trying ten steps");
    const TrainingCheck check = check_training(request, progress);
    console.event(to_json(check, request));
    if (!console.json()) {
        print(words_of(check, request));
    }
    return 0;
}

} // namespace

const Command kTrainCheck{"train check",
                          "Looks at the pictures, and tells what a training of them takes here",
                          declare, run};

} // namespace likeness::cli
