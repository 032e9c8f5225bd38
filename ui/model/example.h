#pragma once

#include "core/request/generation_request.h"
#include "ui/model/reference_list_model.h"

#include <QString>

#include <filesystem>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace likeness {

// A whole request to begin with: words, references with their roles and strengths, how they act
// together. What size, how many steps and which seed is not its affair.
struct Example {
    QString title{};
    QString about{};                    // one line; may be empty
    GenerationRequest request{};        // without references: those are the cards
    std::vector<ReferenceCard> cards{}; // without pictures: each names its file
};

// Reads the request's own keys beside `title` and `about` (texts by language: {"en": ..}) and
// `cards` (for each reference what only a card has: `role`, `muted`). References are files under
// `folder`. Throws Error{bad_request}: a key that is none, a value that cannot be, a file outside.
Example exampleFromJson(const nlohmann::json& json, const std::filesystem::path& folder);

// The cards with the numbers of their roles in a model with these blocks; numbers of a card's own
// stay.
std::vector<ReferenceCard> inRoles(std::vector<ReferenceCard> cards, const BlockNames& blocks);

} // namespace likeness
