#pragma once

#include "core/request/model_folder.h"
#include "core/request/progress.h"
#include "core/request/training_request.h"
#include "core/request/training_result.h"

#include <filesystem>
#include <utility>
#include <vector>

namespace likeness {

// What a picture of a training's prompt is asked for without what it made: by the base model, and
// with the adapter that is trained on by that one, looking at the first picture. Of the size that
// was trained where one was asked for.
GenerationRequest request_without(const TrainingRequest& request);

// What a training made, where it lies until it is proved.
struct Made {
    std::filesystem::path path{};
    std::filesystem::path image_encoder{}; // that an adapter was trained with; else empty
};

// The same with what it made.
GenerationRequest request_with(const TrainingRequest& request, const Made& made);

// The same seeds without and with what it made, by a runner that opens it as any does, and
// what the base model's encoders say of both. The weights' part stays as it is.
void prove(TrainingProof& proof, const TrainingRequest& request, const ModelFolder& folder,
           const Made& made, const Progress& progress);

// What prove() does of the base model alone, which is half of its work. Returns the seconds a
// picture took once the model was loaded.
double rehearse_proof(const TrainingRequest& request, const ModelFolder& folder,
                      const Progress& progress);

// Every number there is in it, by its name in the events (spec/cli.md 5), the groups' apart.
std::vector<std::pair<const char*, double>> numbers_of(const TrainingProof& proof);

} // namespace likeness
