#pragma once

#include "core/request/limits.h"
#include "core/request/validate.h"

#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace likeness {

// What validate() gathers.
class Findings {
public:
    void add(std::string field, Message words) {
        problems.push_back({std::move(field), std::move(words)});
    }

    // A number against its row of the limits table.
    void check(const std::string& field, double value, const Limit& row) {
        if (!std::isfinite(value)) {
            add(field, message("is not a number; it goes from {} to {}", row.minimum, row.maximum));
        } else if (value < row.minimum || value > row.maximum) {
            add(field, message("is {}; it goes from {} to {}", value, row.minimum, row.maximum));
        }
    }

    void check(const char* field, double value) { check(field, value, limit(field)); }

    template <typename Value>
    void check(const char* field, const std::optional<Value>& value) {
        if (value) {
            check(field, static_cast<double>(*value));
        }
    }

    std::vector<Problem> problems{};
};

} // namespace likeness
