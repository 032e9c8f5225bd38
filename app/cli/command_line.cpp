#include "app/cli/command_line.h"

#include "app/cli/interrupt.h"

#include <algorithm>
#include <exception>
#include <map>
#include <new>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace likeness::cli {

namespace {

// "[FILE]" in the line of usage, where the library has "[FILE(0x)]".
class HelpFormatter : public CLI::Formatter {
public:
    std::string make_option_usage(const CLI::Option* option) const override {
        return "[" + make_option_name(option, true) + "]";
    }
};

// The parser and which command each of its parts stands for.
struct Parser {
    CLI::App app{"Image-prompted diffusion: pictures from words and reference pictures.",
                 "likeness"};
    std::map<const CLI::App*, const Command*> commands{};
};

CLI::App* part_of(CLI::App& app, const std::string& name, const std::string& summary) {
    const auto present =
        app.get_subcommands([&](const CLI::App* p) { return p->get_name() == name; });
    if (!present.empty()) {
        return present.front();
    }
    CLI::App* part = app.add_subcommand(name, summary);
    part->group("Commands");
    part->allow_extras();
    part->set_help_flag("-h,--help", "Shows this");
    return part;
}

void build(Parser& parser, std::span<const Command* const> commands) {
    const auto formatter = std::make_shared<HelpFormatter>();
    formatter->column_width(34);
    formatter->label("SUBCOMMAND", "COMMAND");
    parser.app.formatter(formatter);
    parser.app.set_help_flag("-h,--help", "Shows this");
    add_switch(parser.app, "version", "Shows the versions of the program and its libraries");
    parser.app.allow_extras();
    for (const Command* command : commands) {
        const std::string name = command->name;
        const auto space = name.find(' ');
        CLI::App* part = &parser.app;
        if (space != std::string::npos) {
            part = part_of(*part, name.substr(0, space),
                           name.starts_with("models ") ? "Installed models; what a file is"
                                                       : "Learns from pictures of one's own");
        }
        part = part_of(*part, name.substr(space + 1), command->summary);
        command->declare(*part);
        parser.commands[part] = command;
    }
}

// "--prompt=" gives an empty text, as "--prompt ''" does.
std::vector<std::string> words_of(int argc, char** argv) {
    std::vector<std::string> words;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.size() > 3 && word.starts_with("--") && word.find('=') == word.size() - 1) {
            words.push_back(word.substr(0, word.size() - 1));
            words.emplace_back();
        } else {
            words.push_back(word);
        }
    }
    return words;
}

// An option at the end without its value is a problem like others: the rest is parsed all the same.
void parse(Parser& parser, std::vector<std::string> words, Problems& problems) {
    try {
        std::vector<std::string> reversed(words.rbegin(), words.rend());
        parser.app.parse(std::move(reversed));
    } catch (const CLI::ArgumentMismatch&) {
        if (words.empty()) {
            throw;
        }
        problems.add(fmt::format("{} needs a value after it.", words.back()));
        words.pop_back();
        parser.app.clear();
        parse(parser, std::move(words), problems);
    }
}

int run(const CommandLine& line, Console& console) {
    Parser parser;
    build(parser, line.commands);
    Problems problems;
    try {
        parse(parser, words_of(line.argc, line.argv), problems);
    } catch (const CLI::CallForHelp& help) {
        std::ostringstream text, nothing;
        const int status = parser.app.exit(help, text, nothing);
        print(text.str());
        return status;
    } catch (const CLI::ParseError& error) {
        throw Error(ErrorCode::bad_request, verbatim(error.what()));
    }
    if (parser.app.count("--version") > 0) {
        print(line.version_words());
        return 0;
    }
    const CLI::App* part = &parser.app;
    while (!part->get_subcommands().empty()) {
        part = part->get_subcommands().front();
    }
    const auto found = parser.commands.find(part);
    if (found == parser.commands.end()) {
        const auto words = part->remaining();
        throw Error(ErrorCode::bad_request,
                    words.empty() ? message("{}Name a command.", part->help())
                                  : message("There is no command \"{}\". `likeness --help` lists "
                                            "them.",
                                            words.front()));
    }
    Arguments arguments = arguments_of(*part);
    arguments.problems.add(problems);
    return found->second->run(arguments, console);
}

// The language's, a thread's stack that could not be had, and libtorch's.
bool is_out_of_memory(const std::exception& error) {
    const auto* refused = dynamic_cast<const std::system_error*>(&error);
    return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
           (refused != nullptr && (refused->code() == std::errc::resource_unavailable_try_again ||
                                   refused->code() == std::errc::not_enough_memory)) ||
           std::string_view(error.what()).find("allocate memory") != std::string_view::npos;
}

Error error_of(const std::exception& error) {
    if (is_out_of_memory(error)) {
        return {ErrorCode::out_of_memory, message("Memory ran out. Make the picture smaller, or "
                                                  "close other programs.")};
    }
    const std::string what = error.what();
    return {ErrorCode::internal, // a backtrace may follow its first line
            message("The program made a mistake and stopped: {}", what.substr(0, what.find('\n'))),
            what};
}

} // namespace

int run_command_line(const CommandLine& line) {
    const bool json = std::any_of(line.argv, line.argv + line.argc, [](const char* word) {
        return std::string_view(word) == "--json";
    });
    Console console(json);
    try {
        watch_for_interrupts();
        check_interrupted();
        if (line.prepare) {
            line.prepare();
        }
        return run(line, console);
    } catch (const Cancelled&) {
        console.line("Stopped. Finished pictures stay.");
        return 130;
    } catch (const Error& error) {
        console.failure(error);
        return exit_status(error.code);
    } catch (const std::exception& thrown) {
        const Error error = error_of(thrown);
        console.failure(error);
        return exit_status(error.code);
    }
}

} // namespace likeness::cli
