#pragma once

#include "app/starter/bench/gates.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace likeness::starter::methods {

// By a method's name ("oracle" is one), then a score's: what each picture of a subject scored.
// A method's training counts as one score of its subject ("train_seconds").
using MethodScores = std::map<std::string, std::map<std::string, std::vector<bench::SubjectScore>>>;

// "<method>.<score>" over the subjects; "<method>.id_rescaled", ID-sim with text only at 0 and the
// oracle at 1; "<method>.leak", how much oftener than with text only a picture shows the place of a
// reference ("in_reference_place"); and what the gates ask of pairs of methods, subject by subject.
void measure_methods(const MethodScores& scores, bench::Measures& measures);

// G8 and G9 of the design.
std::span<const bench::GateRule> method_rules();

} // namespace likeness::starter::methods
