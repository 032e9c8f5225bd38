#pragma once

#include "core/base/error.h"
#include "core/request/validate.h"

#include <vector>

namespace likeness {

// Throws Error{bad_request} that names all of them, a line each; nothing where there are none.
inline void throw_problems(const std::vector<Problem>& problems) {
    if (problems.empty()) {
        return;
    }
    std::vector<Message> lines;
    for (const Problem& problem : problems) {
        lines.push_back(joined(std::vector{verbatim(problem.field), problem.message}, ": "));
    }
    throw Error(ErrorCode::bad_request, joined(lines, "\n"));
}

} // namespace likeness
