// likeness: answers itself what needs neither libtorch nor OpenImageIO, whose libraries take half a
// second and 240 MB to load, and becomes likeness-engine for everything else.
#include "app/become.h"
#include "app/cli/command_line.h"
#include "app/cli/interrupt.h"
#include "core/base/wording.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace {

using namespace likeness;

constexpr const cli::Command* kCommands[] = {&cli::kModelsList, &cli::kModelsInspect,
                                             &cli::kModelsConvert};

// Whether the first words are one of those commands.
bool is_answered_here(int argc, char** argv) {
    return std::ranges::any_of(kCommands, [&](const cli::Command* command) {
        const std::string_view name(command->name);
        const auto space = name.find(' ');
        return argc > 2 && name.substr(0, space) == argv[1] && name.substr(space + 1) == argv[2];
    });
}

// Returns only where that fails.
Error become_engine(char** argv) {
    cli::hold_interrupts();
    const auto path = program_beside("likeness-engine", LIKENESS_ENGINE_IN_BUILD);
    become(path, argv);
    return Error(ErrorCode::internal,
                 message("{}, the part of this program that makes pictures, could not be started: "
                         "{}. Install the program again.",
                         in_quotes(path.string()), system_words(errno)));
}

} // namespace

int main(int argc, char** argv) {
    if (is_answered_here(argc, argv)) {
        return cli::run_command_line({.commands = kCommands, .argc = argc, .argv = argv});
    }
    const Error error = become_engine(argv);
    cli::Console(std::any_of(argv, argv + argc, [](const char* word) {
        return std::string_view(word) == "--json";
    })).failure(error);
    return exit_status(error.code);
}
