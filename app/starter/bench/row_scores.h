#pragma once

#include "app/starter/bench/measure.h"

namespace likeness::starter::bench {

// By a score's name, what each picture of a row scored: "attr_i", "attr_i.hue", "attr_t", "joint",
// "place", "id_sim", "recall", ...
using Scores = std::map<std::string, std::vector<SubjectScore>>;

// Every score of the row's pictures that are in `wanted` (empty: all of them).
Scores row_scores(const Row& row, const Judges& judges, const Faces& faces,
                  const std::set<Shot>& wanted = {});

// The similarity of a picture's embedding [D] to those of a product's real renders [R, D].
double similarity(const Tensor& embed, const Tensor& real);

// The mean distance between the rows of [N, F], each with each.
double mean_distance(const Tensor& features);

} // namespace likeness::starter::bench
