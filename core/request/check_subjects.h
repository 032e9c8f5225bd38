#pragma once

#include "core/request/training_check.h"
#include "core/request/training_request.h"

#include <cstddef>
#include <vector>

namespace likeness {

// Which of these pictures show something else than most, from their embeddings by the model's image
// encoder [pictures][dim]: those that no chain of likeness links to the largest group. What counts
// as alike is taken from the set itself, since encoders differ: pictures of a style, all of
// different things, are none of them strangers. Fewer than four say nothing.
std::vector<std::size_t> strangers_among(const std::vector<std::vector<float>>& embeds);

// What that says of the request's pictures that have an image; `embeds` are theirs, in order.
TrainingFinding check_subjects(const TrainingRequest& request,
                               const std::vector<std::vector<float>>& embeds);

} // namespace likeness
