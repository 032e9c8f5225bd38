#pragma once

#include "core/engine/runner.h"

#include <filesystem>
#include <map>
#include <string>

namespace likeness::starter::methods {

// A training that is done.
struct Trained {
    std::filesystem::path weights{};
    double seconds = 0;     // from the request to the proved result, class pictures included
    std::string settings{}; // of the request, as JSON (training_json.h)
    std::map<std::string, double> proof{};
};

// Trainings kept in a folder under the hash of all they are a function of, the model's weights
// included, so that a run that was cut goes on behind the last one that was finished.
class Trainings {
public:
    // `weights`: hash of what of the model a training reads.
    Trainings(std::filesystem::path folder, std::string weights);

    // The kept one, else trained now. Throws what train() throws; Cancelled where the program is
    // asked to stop.
    Trained get(TrainingRequest request, const std::string& label, Runner& runner);

private:
    std::filesystem::path folder_;
    std::string weights_;
};

// SHA-256 of everything that the result of a training is a function of.
std::string key(const TrainingRequest& request, const std::string& weights);

} // namespace likeness::starter::methods
