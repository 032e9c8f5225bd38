#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/output_paths.h"
#include "core/base/wording.h"
#include "core/pickle/conversion.h"

#include <fmt/format.h>

namespace likeness::cli {

namespace {

namespace fs = std::filesystem;

void declare(CLI::App& command) {
    add_words(command, "FILE OUT",
              "An old pickle (.ckpt, .bin, .pt), and the .safetensors it becomes");
    add_switch(command, "force", "Write over an existing file");
    add_switch(command, "json", "One JSON object");
}

// Everything that is wrong with the two names.
void check(const fs::path& file, const fs::path& out, bool force, Problems& problems) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        problems.add(fmt::format("There is no file {}.", in_quotes(file.string())),
                     ErrorCode::file_missing);
    } else if (!fs::is_regular_file(file, ignored)) {
        problems.add(fmt::format("{} is no file. `models convert` takes one file at a time.",
                                 in_quotes(file.string())),
                     ErrorCode::file_unreadable);
    } else if (!is_pickle_file(file)) {
        problems.add(fmt::format("{} is no pickle, so there is nothing to convert. `likeness "
                                 "models inspect` tells what it is.",
                                 in_quotes(file.string())),
                     ErrorCode::file_unsupported);
    }
    if (out.extension() != ".safetensors") {
        problems.add(fmt::format("{} does not end in .safetensors, which is what is written.",
                                 in_quotes(out.string())));
    } else if (fs::equivalent(file, out, ignored)) {
        problems.add(
            fmt::format("{} cannot become itself; choose another name.", in_quotes(file.string())));
    } else {
        check_writable(out, force, problems);
    }
}

int run(Arguments& arguments, Console& console) {
    if (arguments.words.size() != 2) {
        arguments.problems.add(
            "models convert takes two names: the pickle, and the file it becomes.");
        arguments.problems.throw_if_any();
    }
    const fs::path file = arguments.words[0], out = arguments.words[1];
    check(file, out, arguments.has("force"), arguments.problems);
    arguments.problems.throw_if_any();
    const ConverterAnswer written = convert_pickle(file, out, check_interrupted);
    if (console.json()) {
        print(
            to_line(
                {{"path", out.string()}, {"tensors", written.tensors}, {"bytes", written.bytes}}) +
            "\n");
    } else {
        print(fmt::format("{}: {} tensors, {}.\n", in_quotes(out.string()), written.tensors,
                          byte_words(written.bytes).text()));
    }
    return 0;
}

} // namespace

const Command kModelsConvert{"models convert", "An old pickle to safetensors, running none of it",
                             declare, run};

} // namespace likeness::cli
