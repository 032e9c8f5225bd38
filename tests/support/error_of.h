#pragma once

#include "core/base/error.h"

#include <optional>
#include <string>
#include <utility>

namespace likeness::test {

// The Error that `action` throws; nullopt when it throws none.
template <typename Action>
std::optional<Error> error_of(Action&& action) {
    try {
        std::forward<Action>(action)();
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

// The code of that Error as text, "none" when there was none: reads well in a QCOMPARE.
template <typename Action>
std::string code_of(Action&& action) {
    const std::optional<Error> error = error_of(std::forward<Action>(action));
    return error ? to_string(error->code) : "none";
}

} // namespace likeness::test
