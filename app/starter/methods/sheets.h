#pragma once

#include "app/starter/bench/rows.h"
#include "app/starter/methods/compare.h"

#include <utility>
#include <vector>

namespace likeness::starter::methods {

// What was made with one method.
struct Filmed {
    bench::Row row{};
    std::vector<std::pair<int, ImagePtr>> class_pictures{}; // with their subject
    std::vector<bench::SubjectScore> seconds{};             // a picture
    std::vector<bench::SubjectScore> train_seconds{};
};

// Pictures to be looked at, into `order.sheets`: methods.png (subjects by methods, the first prompt
// on one seed, after a reference), and class.png (pictures of the class's own prompt).
void write_sheets(const Order& order, const std::vector<std::vector<ImagePtr>>& references,
                  const std::vector<Filmed>& filmed, int size);

} // namespace likeness::starter::methods
