#pragma once

#include "app/cli/problems.h"
#include "core/request/training_request.h"

#include <filesystem>
#include <vector>

namespace likeness::cli {

// Every picture of the folder, by name, with NAME.txt as its caption and NAME.mask.png as its mask.
// Large ones are kept smaller, as that training allows. What cannot be read is a problem of its
// own.
std::vector<TrainingPicture> read_training_pictures(const std::filesystem::path& folder,
                                                    const TrainingRequest& request,
                                                    const ModelTraits& traits, Problems& problems);

// The same, where what cannot be read is a picture without an image.
std::vector<TrainingPicture> look_for_training_pictures(const std::filesystem::path& folder,
                                                        const TrainingRequest& request,
                                                        const ModelTraits& traits,
                                                        Problems& problems);

} // namespace likeness::cli
