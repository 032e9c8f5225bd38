#pragma once

#include "core/base/error.h"

#include <string>
#include <vector>

namespace likeness::cli {

// Everything that is wrong with a command, gathered so that it can be told at once.
class Problems {
public:
    // `message` is a whole sentence or begins with a field's name.
    void add(std::string message, ErrorCode code = ErrorCode::bad_request);
    void add(const Error& error);
    void add(const Problems& others);
    // Those with `place` before each, e.g. "Line 3: ".
    void add(const std::string& place, const Problems& others);

    bool empty() const { return found_.empty(); }

    // Throws one Error that names all of them, a line each. Its code is bad_request where one of
    // them is, else that of the first.
    void throw_if_any() const;

private:
    struct Problem {
        std::string message{};
        ErrorCode code = ErrorCode::bad_request;
        std::string detail{};
    };

    std::vector<Problem> found_;
};

} // namespace likeness::cli
