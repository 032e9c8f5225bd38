// likeness: answers itself what needs neither libtorch nor OpenImageIO, whose libraries take half a
// second and 240 MB to load, and becomes likeness-engine for everything else.
#include "app/cli/command_line.h"
#include "app/patient_threads.h"
#include "core/base/wording.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <unistd.h>

namespace {

using namespace likeness;
namespace fs = std::filesystem;

constexpr const char* kEngine = "likeness-engine";
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

// Beside the program; in the build folder for a loader that was given our program as its argument.
fs::path engine() {
    std::error_code ignored;
    const fs::path beside = fs::read_symlink("/proc/self/exe", ignored).parent_path() / kEngine;
    return fs::exists(beside, ignored) ? beside : fs::path(LIKENESS_ENGINE_IN_BUILD);
}

// Returns only where that fails.
Error become_engine(char** argv) {
    if (std::getenv("OMP_WAIT_POLICY") == nullptr && std::getenv("GOMP_SPINCOUNT") == nullptr) {
        static auto wish = std::to_array(kPatientThreads);
        ::putenv(wish.data()); // or it would start itself once more
    }
    const fs::path path = engine();
    ::execv(path.c_str(), argv);
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
