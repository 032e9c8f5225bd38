#pragma once

#include "ui/model/reference_list_model.h"

#include <QString>
#include <QStringList>

#include <string_view>
#include <vector>

namespace likeness {

// The references of the tray with how they act together, as they are kept under a name. Pictures
// and masks stay where they lie; a set names their files.
struct ReferenceSet {
    std::vector<ReferenceCard> cards{};
    double master_scale = 1;
    CombineMode combine = CombineMode::join;
};

// Sets on disk: $XDG_DATA_HOME/likeness/reference-sets/NAME.json. All but names() and nameProblem()
// are for a thread that may wait.
namespace reference_sets {

// Why a name cannot be a set's, in one sentence; empty: it can.
QString nameProblem(const QString& name);

QStringList names(); // in alphabetical order

// All or nothing; a set of that name is replaced. Throws Error.
void save(const QString& name, const ReferenceSet& set);

// Throws Error: file_missing, file_damaged, bad_request. Cards come without pictures.
ReferenceSet load(const QString& name);

// To the desktop's trash. Throws Error{write_failed}.
void remove(const QString& name);

std::string toJson(const ReferenceSet& set);
ReferenceSet fromJson(std::string_view text);

} // namespace reference_sets

} // namespace likeness
