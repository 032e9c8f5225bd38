#pragma once

#include "core/request/model_folder.h"
#include "core/request/progress.h"
#include "core/request/training_request.h"

#include <optional>
#include <vector>

namespace likeness {

using Embeddings = std::vector<std::vector<float>>; // one a picture

// The mean, over those of `pictures`, of the cosine to the nearest of `others`.
double mean_nearest(const Embeddings& pictures, const Embeddings& others);

// TrainingProof::overfit: how near the made pictures are to the nearest learned one, less how near
// pictures of the same thing that were not learned are; where none were held out, less how near
// each learned one is to the nearest of the others. nullopt where neither can be told.
std::optional<double> overfit_of(const Embeddings& made, const Embeddings& learned,
                                 const Embeddings& held_out);

// TrainingProof::drift: the mean of 1 - cosine between each picture and the one in its place, 0..1.
double drift_of(const Embeddings& without, const Embeddings& with);

// What the base model's image encoder says of a training.
struct LearnedTooWell {
    std::optional<double> overfit{}, drift{}, spread{}; // as TrainingProof's
};

// `made` are pictures of the request's prompt, the others of a prompt without its subject, without
// and with what was trained; they may be none. Nothing is told where the model has no encoder.
LearnedTooWell learned_too_well(const TrainingRequest& request, const ModelFolder& folder,
                                const std::vector<ImagePtr>& made,
                                const std::vector<ImagePtr>& without,
                                const std::vector<ImagePtr>& with, const Progress& progress);

} // namespace likeness
