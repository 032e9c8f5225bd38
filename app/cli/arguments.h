#pragma once

#include "app/cli/problems.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/App.hpp>

namespace likeness::cli {

// One option as it stood on the command line; `value` is empty for a switch.
struct Given {
    std::string name{}; // without dashes
    std::string value{};
};

// A parsed command line: options in the order they were given (a mask belongs to the reference
// before it), then the plain words. What did not make sense is in `problems`, so that it can be
// told together with what the command itself finds.
struct Arguments {
    std::vector<Given> options{};
    std::vector<std::string> words{};
    Problems problems{};

    bool has(std::string_view name) const;
    // The last one of that name.
    std::optional<std::string> value(std::string_view name) const;
};

// Declares `--name VALUE`, and `--name`, and plain words.
void add_value(CLI::App& command, const std::string& name, const std::string& value,
               const std::string& help);
void add_switch(CLI::App& command, const std::string& name, const std::string& help);
void add_words(CLI::App& command, const std::string& name, const std::string& help);

// " [32..4096; default 512]" of that row of the limits table; `default_words` in place of its
// number where given.
std::string range_words(std::string_view field, const std::string& default_words = {});

// What was given to that command. Unknown options are problems, with the nearest known one named.
Arguments arguments_of(const CLI::App& command);

// Whole texts as numbers; nullopt where they are not.
std::optional<int> parse_int(const std::string& text);
std::optional<std::uint64_t> parse_seed(const std::string& text);
std::optional<double> parse_double(const std::string& text);

// The numbers of "0,1,4"; a problem, and nothing, where one is none.
std::vector<double> parse_list(const Given& option, Problems& problems);

} // namespace likeness::cli
