#pragma once

#include "core/request/model_folder.h"
#include "core/request/progress.h"
#include "core/request/training_request.h"

#include <vector>

namespace likeness {

// What DreamBooth keeps of the class (prior preservation, arXiv 2208.12242): num_class_images
// pictures of the class prompt, of the request's seed and those after it, as the model makes them
// before it learns. They stay in the user's cache, each for itself, and are found again there by
// model, prompt, size and steps: a training that goes on, or another one, makes none twice.
std::vector<TrainingPicture> class_pictures(const TrainingRequest& request,
                                            const ModelFolder& folder, const Progress& progress);

// How many of them are not found there, and are made yet.
int missing_class_pictures(const TrainingRequest& request, const ModelFolder& folder,
                           const Progress& progress);

} // namespace likeness
