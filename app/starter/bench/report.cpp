#include "app/starter/bench/report.h"

#include "core/base/hash.h"
#include "core/base/read_file.h"

#include <cmath>
#include <set>
#include <vector>

#include <fmt/format.h>

namespace likeness::starter::bench {

namespace {

namespace fs = std::filesystem;

double rounded(double x) {
    return std::round(x * 1e4) / 1e4;
}

nlohmann::json to_json(const Estimate& estimate) {
    return {{"value", rounded(estimate.value)},
            {"standard_error", rounded(estimate.standard_error)},
            {"subjects", estimate.subjects}};
}

const char* sign(Bound bound) {
    return bound == Bound::at_least ? ">=" : "<=";
}

std::string wanted(const GateRule& rule) {
    return fmt::format("{} {:g}", sign(rule.bound), rule.wanted);
}

// The columns of the table of rows: a score and what stands above it.
constexpr Column kColumns[] = {
    {"attr_t", "Attr-T"},        {"joint", "Joint"},    {"attr_i", "Attr-I"},
    {"attr_i.shape", "shape"},   {"attr_i.hue", "hue"}, {"attr_i.pattern", "pattern"},
    {"attr_i.decal", "decal"},   {"place", "place"},    {"id_sim", "ID-sim"},
    {"id_rescaled", "rescaled"}, {"recall", "R@1"},     {"div", "Div"},
    {"drift", "Drift"},          {"leak", "Leak"}};

std::vector<std::string> rows_of(const Measures& measures) {
    std::set<std::string> rows;
    const std::string end = ".attr_i";
    for (const auto& [name, estimate] : measures.values()) {
        if (name.ends_with(end) && name.find(".ladder.") == std::string::npos) {
            rows.insert(name.substr(0, name.size() - end.size()));
        }
    }
    return {rows.begin(), rows.end()};
}

// "passed by 0.12".
std::string verdict(const GateResult& result) {
    if (!result.reached) {
        return std::string(to_string(result.verdict)) + ": " + result.reason;
    }
    return fmt::format("{} by {:.4g}", to_string(result.verdict),
                       std::abs(result.reached->value - result.rule.wanted));
}

} // namespace

nlohmann::json file_hashes(const fs::path& folder) {
    constexpr std::uint64_t kLargest = std::uint64_t{1} << 30;
    nlohmann::json json = nlohmann::json::object();
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().extension() == ".safetensors") {
            json[fs::relative(entry.path(), folder).generic_string()] =
                sha256(read_file(entry.path(), kLargest));
        }
    }
    return json;
}

nlohmann::json numbers(const Measures& measures, std::span<const GateResult> results) {
    nlohmann::json json;
    for (const auto& [name, estimate] : measures.values()) {
        json["measures"][name] = to_json(estimate);
    }
    for (const auto& [beginning, reason] : measures.reasons()) {
        json["not_measured"][beginning] = reason;
    }
    for (const auto& result : results) {
        nlohmann::json row{{"gate", result.rule.gate},
                           {"what", result.rule.what},
                           {"measure", result.rule.measure},
                           {"wanted", wanted(result.rule)},
                           {"verdict", to_string(result.verdict)}};
        if (result.reached) {
            row["reached"] = rounded(result.reached->value);
            row["standard_error"] = rounded(result.reached->standard_error);
        } else {
            row["reason"] = result.reason;
        }
        json["gate_rows"].push_back(row);
    }
    for (const auto& [gate, verdict] : by_gate(results)) {
        json["gates"][gate] = to_string(verdict);
    }
    return json;
}

std::string row_table(const Measures& measures, std::span<const std::string> rows,
                      std::span<const Column> columns) {
    std::string text = fmt::format("{:22}", "");
    for (const auto& [score, title] : columns) {
        text += fmt::format("{:>15}", title);
    }
    for (const auto& row : rows) {
        text += fmt::format("\n{:22}", row);
        for (const auto& [score, title] : columns) {
            const auto found = measures.find(row + "." + score);
            text += fmt::format(
                "{:>15}",
                found ? fmt::format("{:.3f} +-{:.3f}", found->value, found->standard_error) : "");
        }
    }
    return text + "\n";
}

std::string gate_table(std::span<const GateResult> results) {
    std::string text;
    for (const auto& result : results) {
        const auto reached = result.reached
                                 ? fmt::format("{:>9.4f} +-{:.4f}", result.reached->value,
                                               result.reached->standard_error)
                                 : fmt::format("{:>18}", "-");
        text += fmt::format("{:9} {:66} {:>9} {:18}  {}\n", result.rule.gate, result.rule.what,
                            wanted(result.rule), reached, verdict(result));
    }
    text += "\n";
    for (const auto& [gate, verdict] : by_gate(results)) {
        text += fmt::format("{:9} {}\n", gate, to_string(verdict));
    }
    return text;
}

std::string table(const Measures& measures, std::span<const GateResult> results) {
    return row_table(measures, rows_of(measures), kColumns) + "\n" + gate_table(results);
}

} // namespace likeness::starter::bench
