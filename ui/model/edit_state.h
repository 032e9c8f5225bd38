#pragma once

#include "core/request/generation_request.h"
#include "ui/model/reference_list_model.h"
#include "ui/model/training_draft.h"

#include <QString>

#include <vector>

namespace likeness {

// Everything an artist edits, as one value. Pixels are shared, so a copy is cheap.
struct EditState {
    GenerationRequest request{}; // without references: those are the cards
    std::vector<ReferenceCard> cards{};
    bool seed_locked = false;
    TrainingDraft training{};

    bool operator==(const EditState&) const = default;
};

// What an edit is called in the menu, and what it goes together with.
struct EditName {
    QString text{};
    QString merges_as{};   // edits of the same become one step while they follow; empty: never
    bool is_given = false; // by who made the edit, not found out from what it changed
};

// The name of the edit that lies between two states.
EditName nameOfEdit(const EditState& before, const EditState& after);

} // namespace likeness
