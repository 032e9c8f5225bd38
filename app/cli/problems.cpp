#include "app/cli/problems.h"

#include <algorithm>
#include <utility>

namespace likeness::cli {

void Problems::add(std::string message, ErrorCode code) {
    found_.push_back({.message = std::move(message), .code = code});
}

void Problems::add(const Error& error) {
    found_.push_back({.message = error.what(), .code = error.code, .detail = error.detail});
}

void Problems::add(const Problems& others) {
    found_.insert(found_.end(), others.found_.begin(), others.found_.end());
}

void Problems::add(const std::string& place, const Problems& others) {
    for (Problem problem : others.found_) {
        problem.message.insert(0, place);
        found_.push_back(std::move(problem));
    }
}

void Problems::throw_if_any() const {
    if (found_.empty()) {
        return;
    }
    std::string message, detail;
    for (const Problem& problem : found_) {
        message += (message.empty() ? "" : "\n") + problem.message;
        detail += (detail.empty() || problem.detail.empty() ? "" : "\n") + problem.detail;
    }
    const bool senseless =
        std::ranges::find(found_, ErrorCode::bad_request, &Problem::code) != found_.end();
    throw Error(senseless ? ErrorCode::bad_request : found_.front().code, verbatim(message),
                detail);
}

} // namespace likeness::cli
