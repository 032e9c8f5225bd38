#pragma once

#include "core/request/validate.h"

#include <string>

namespace likeness {

// What validate() says of that field; "none" where it has nothing to say.
inline std::string problem_text(const GenerationRequest& request, const std::string& field,
                                const ModelTraits& traits) {
    for (const Problem& problem : validate(request, traits)) {
        if (problem.field == field) {
            return problem.message.text();
        }
    }
    return "none";
}

} // namespace likeness
