#pragma once

#include "app/cli/command.h"

#include <functional>
#include <span>
#include <string>

namespace likeness::cli {

// What a program was called with, and the commands it answers.
struct CommandLine {
    std::span<const Command* const> commands{};
    std::function<void()> prepare{}; // runs first, where it is given
    std::function<std::string()> version_words{};
    int argc = 0;
    char** argv = nullptr;
};

// Finds the command, runs it and returns the exit status; what it throws is told on standard error
// (and as the `failed` event) and becomes one.
int run_command_line(const CommandLine& line);

} // namespace likeness::cli
