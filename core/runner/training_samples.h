#pragma once

#include "core/pipelines/sd_model.h"
#include "core/request/training_request.h"
#include "core/request/training_result.h"

#include <cstdint>
#include <functional>
#include <memory>

namespace likeness {

// Makes the pictures by which a training is watched: the validation prompt (or the instance prompt,
// or the first caption) on the request's seed and those after it, by the model as it is at that
// step. Changes nothing in it and draws nothing that its steps draw.
class TrainingSampler {
public:
    // `model` is the one in training; `adapter` the one that is trained on, or null.
    TrainingSampler(const SdModel& model, const TrainingRequest& request,
                    const TrainingListener& listener,
                    std::shared_ptr<const LoadedAdapter> adapter = nullptr);

    // Whether samples are made after that step; before the first one, 0.
    bool is_due(std::int64_t step) const;

    // Tells the listener each picture. Where memory runs out it tells that, and no more are made.
    void make(std::int64_t step, const Progress& progress);

private:
    const SdModel& model_;
    const TrainingRequest& request_;
    const TrainingListener& listener_;
    std::shared_ptr<const LoadedAdapter> adapter_;
    bool has_room_ = true;
};

} // namespace likeness
