#include "app/starter/options.h"

#include "core/base/atomic_file.h"
#include "core/base/error.h"

#include <charconv>
#include <fstream>
#include <iostream>
#include <span>
#include <sstream>
#include <string_view>

#include <fmt/format.h>

namespace likeness::starter {

namespace {

template <typename Number>
Number number(std::string_view option, std::string_view word) {
    Number value{};
    const auto* end = word.data() + word.size();
    const auto result = std::from_chars(word.data(), end, value);
    if (result.ec != std::errc() || result.ptr != end || value < Number{}) {
        throw Error(ErrorCode::bad_request,
                    message("{} wants a number that is not negative, not \"{}\".", option, word));
    }
    return value;
}

} // namespace

Options parse_options(int count, const char* const* words) {
    Options options;
    const std::span<const char* const> rest(words + 1, static_cast<std::size_t>(count - 1));
    if (rest.empty()) {
        throw Error(ErrorCode::bad_request, message("No stage was named."));
    }
    options.stage = rest[0];
    for (std::size_t i = 1; i < rest.size(); i += 2) {
        const std::string_view option = rest[i];
        if (i + 1 == rest.size()) {
            throw Error(ErrorCode::bad_request, message("{} has no value.", option));
        }
        const std::string_view word = rest[i + 1];
        if (option == "--data") {
            options.data = word;
        } else if (option == "--out") {
            options.out = word;
        } else if (option == "--profile") {
            options.profile = word;
        } else if (option == "--folder") {
            options.folder = word;
        } else if (option == "--evaluators") {
            options.evaluators = word;
        } else if (option == "--adapters") {
            options.adapters = word;
        } else if (option == "--suite") {
            options.suite = word;
        } else if (option == "--degrade") {
            options.degrade = word;
        } else if (option == "--device") {
            options.device = word;
        } else if (option == "--work") {
            options.work = word;
        } else if (option == "--methods") {
            options.methods = word;
        } else if (option == "--captions") {
            options.captions = word;
        } else if (option == "--text-encoder") {
            options.text_encoder = word;
        } else if (option == "--learning-rate") {
            options.learning_rate = number<double>(option, word);
        } else if (option == "--minutes") {
            options.minutes = number<double>(option, word);
        } else if (option == "--steps") {
            options.steps = number<std::int64_t>(option, word);
        } else if (option == "--first") {
            options.first = number<std::int64_t>(option, word);
        } else if (option == "--count") {
            options.count = number<std::int64_t>(option, word);
        } else if (option == "--threads") {
            options.threads = number<int>(option, word);
        } else if (option == "--seed") {
            options.seed = number<std::uint64_t>(option, word);
        } else {
            throw Error(ErrorCode::bad_request, message("There is no option {}.", option));
        }
    }
    if (options.out.empty()) {
        throw Error(ErrorCode::bad_request, message("--out is missing: the folder of this run."));
    }
    return options;
}

std::vector<std::string> split(const std::string& words) {
    std::vector<std::string> parts;
    std::istringstream stream(words);
    for (std::string part; std::getline(stream, part, ',');) {
        parts.push_back(part);
    }
    return parts;
}

nlohmann::json read_profile(const Options& options) {
    const auto kept = options.out / "profile.json";
    const auto path = options.profile.empty() ? kept : options.profile;
    std::ifstream file(path);
    if (!file) {
        throw Error(ErrorCode::file_missing,
                    message("{} cannot be read; --profile names the run's sizes.", path.string()));
    }
    const auto profile = nlohmann::json::parse(file);
    if (!options.profile.empty()) {
        std::filesystem::create_directories(options.out);
        write_file_atomically(kept, profile.dump(2) + "\n");
    }
    return profile;
}

void log_line(const nlohmann::json& line) {
    std::cout << line.dump() << std::endl;
}

std::atomic<bool>& stop_requested() {
    static std::atomic<bool> flag{false};
    return flag;
}

nlohmann::json stage_profile(const nlohmann::json& profile, const Options& options) {
    auto stage = profile.at("stages").at(options.stage);
    if (options.minutes > 0 || !stage.contains("minutes")) {
        stage["minutes"] = options.minutes > 0 ? options.minutes : 60.0;
    }
    if (options.steps > 0) {
        stage["steps"] = options.steps;
    }
    return stage;
}

} // namespace likeness::starter
