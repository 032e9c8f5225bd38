#include "app/cli/arguments.h"

#include "core/base/wording.h"
#include "core/request/limits.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <ranges>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

// How many letters must be added, dropped or changed to make one word of the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) {
        row[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

// " Did you mean --prompt?" where one is near enough.
std::string suggestion(const CLI::App& command, const std::string& word) {
    std::string best;
    std::size_t nearest = 4;
    for (const CLI::Option* option : command.get_options()) {
        for (const std::string& name : option->get_lnames()) {
            const std::size_t away = distance("--" + name, word);
            if (away < nearest && away * 2 < word.size()) {
                nearest = away;
                best = "--" + name;
            }
        }
    }
    return best.empty() ? "" : " Did you mean " + best + "?";
}

void tell_extras(const CLI::App& command, Problems& problems) {
    const auto extras = command.remaining();
    bool value_may_follow = false;
    for (const std::string& word : extras) {
        const bool option = word.size() > 1 && word.front() == '-';
        if (option) {
            const std::string name = word.substr(0, word.find('='));
            problems.add(fmt::format("There is no option {} here.{}", in_quotes(name),
                                     suggestion(command, name)));
        } else if (!value_may_follow) {
            problems.add(fmt::format("{} belongs to no option.", in_quotes(word)));
        }
        value_may_follow = option && word.find('=') == std::string::npos;
    }
}

template <typename Number>
std::optional<Number> parse_number(const std::string& text) {
    Number value{};
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    return problem == std::errc() && stop == end && !text.empty() ? std::optional(value)
                                                                  : std::nullopt;
}

} // namespace

bool Arguments::has(std::string_view name) const {
    return std::ranges::find(options, name, &Given::name) != options.end();
}

std::optional<std::string> Arguments::value(std::string_view name) const {
    for (const Given& option : std::views::reverse(options)) {
        if (option.name == name) {
            return option.value;
        }
    }
    return std::nullopt;
}

void add_value(CLI::App& command, const std::string& name, const std::string& value,
               const std::string& help) {
    command.add_option("--" + name)
        ->description(help)
        ->type_name(value)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
        ->allow_extra_args(false);
}

void add_switch(CLI::App& command, const std::string& name, const std::string& help) {
    command.add_flag("--" + name)
        ->description(help)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_words(CLI::App& command, const std::string& name, const std::string& help) {
    command.add_option(name)
        ->description(help)
        ->type_name("")
        ->expected(0, 1 << 20)
        ->allow_extra_args(true);
}

std::string range_words(std::string_view field, const std::string& default_words) {
    const Limit& row = limit(field);
    const auto shown = [](double value) {
        return value < 1e15 ? fmt::format("{}", value)
                            : fmt::format("{}", static_cast<std::uint64_t>(-1));
    };
    return fmt::format(" [{}..{}; default {}]", shown(row.minimum), shown(row.maximum),
                       default_words.empty() ? shown(row.default_value) : default_words);
}

Arguments arguments_of(const CLI::App& command) {
    Arguments arguments;
    std::map<const CLI::Option*, std::size_t> used;
    for (const CLI::Option* option : command.parse_order()) {
        const auto results = option->results();
        const std::size_t index = used[option]++;
        if (index >= results.size()) {
            continue; // parse_order names an `--option=value` twice
        }
        if (option->get_positional()) {
            arguments.words.push_back(results[index]);
        } else {
            const bool is_switch = option->get_expected_max() == 0;
            arguments.options.push_back(
                {.name = option->get_lnames().at(0), .value = is_switch ? "" : results[index]});
        }
    }
    tell_extras(command, arguments.problems);
    return arguments;
}

std::optional<int> parse_int(const std::string& text) {
    return parse_number<int>(text);
}

std::optional<std::uint64_t> parse_seed(const std::string& text) {
    return parse_number<std::uint64_t>(text);
}

std::optional<double> parse_double(const std::string& text) {
    const auto value = parse_number<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

std::vector<double> parse_list(const Given& option, Problems& problems) {
    std::vector<double> numbers;
    for (const auto part : std::views::split(option.value, ',')) {
        const std::string word(part.begin(), part.end());
        const auto number = parse_double(word);
        if (!number) {
            problems.add(fmt::format("--{}: {} is not a number; give them as 0,0.5,1.", option.name,
                                     in_quotes(word)));
            return {};
        }
        numbers.push_back(*number);
    }
    if (numbers.empty()) {
        problems.add(fmt::format("--{} is empty; give numbers as 0,0.5,1.", option.name));
    }
    return numbers;
}

} // namespace likeness::cli
