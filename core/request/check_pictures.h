#pragma once

#include "core/request/progress.h"
#include "core/request/training_check.h"
#include "core/request/training_request.h"
#include "core/request/validate.h"

#include <string>
#include <vector>

namespace likeness {

// What the pictures of a training are like, from their pixels and words alone: how many, how large
// and how sharp where they are trained, copies among them, captions, masks. A picture without an
// image is one that could not be read. Checks for a stop between pictures.
TrainingCheck check_pictures(const TrainingRequest& request, const ModelTraits& traits,
                             const Progress& progress);

// Why nothing could be learned from them at all: none that could be read, or all the same.
std::vector<Problem> nothing_to_learn(const TrainingRequest& request);

// "mug_1.jpg", or "picture 3" of one without a path.
Message picture_name(const TrainingRequest& request, std::size_t picture);

// The names of those pictures, the first few of many: "a.jpg, b.jpg, c.jpg and 4 more".
Message picture_names(const TrainingRequest& request, const std::vector<std::size_t>& pictures);

} // namespace likeness
