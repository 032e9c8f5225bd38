#include "app/cli/batch_lines.h"

#include "app/cli/arguments.h"
#include "core/request/json.h"
#include "core/request/json_text.h"

#include <sstream>

#include <fmt/format.h>

namespace likeness::cli {

namespace {

constexpr std::size_t kToldLines = 20;
constexpr int kMostShards = 1'000'000;

BatchLine read_line(const std::string& text) {
    BatchLine line;
    nlohmann::json json = parse_json_text(text);
    if (json.is_object() && json.contains("out")) {
        line.out = json["out"].is_string() ? json["out"].get<std::string>() : "";
        if (line.out.empty() || line.out.find('\0') != std::string::npos) {
            throw Error(ErrorCode::bad_request, message("out is no path."));
        }
        json.erase("out");
    }
    line.request = request_from_json(json.dump());
    return line;
}

} // namespace

std::optional<Shard> parse_shard(const std::string& text) {
    const auto slash = text.find('/');
    if (slash == std::string::npos) {
        return std::nullopt;
    }
    const int index = parse_int(text.substr(0, slash)).value_or(0);
    const int count = parse_int(text.substr(slash + 1)).value_or(0);
    if (index < 1 || index > count || count > kMostShards) {
        return std::nullopt;
    }
    return Shard{.index = static_cast<std::size_t>(index),
                 .count = static_cast<std::size_t>(count)};
}

void LineProblems::add(std::size_t line, const Problems& problems) {
    if (problems.empty()) {
        return;
    }
    if (++wrong_lines_ <= kToldLines) {
        told_.add(fmt::format("Line {}: ", line), problems);
    }
}

void LineProblems::tell(Problems& problems) const {
    problems.add(told_);
    if (wrong_lines_ > kToldLines) {
        problems.add(fmt::format("And {} lines more are wrong.", wrong_lines_ - kToldLines));
    }
}

std::vector<BatchLine> read_batch_lines(const std::string& text, LineProblems& problems) {
    constexpr const char* kByteOrderMark = "\xef\xbb\xbf";
    std::vector<BatchLine> lines;
    std::istringstream all(text.starts_with(kByteOrderMark) ? text.substr(3) : text);
    std::size_t number = 0;
    for (std::string one; std::getline(all, one);) {
        ++number;
        if (one.find_first_not_of(" \t\r") == std::string::npos) {
            continue;
        }
        Problems own;
        try {
            lines.push_back(read_line(one));
            lines.back().number = number;
        } catch (const Error& error) {
            own.add(error);
        }
        problems.add(number, own);
    }
    return lines;
}

} // namespace likeness::cli
