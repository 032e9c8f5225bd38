#pragma once

#include "core/request/progress.h"
#include "core/request/training_request.h"

#include <functional>

namespace likeness {

// A step of a training as it went.
struct TrainingStep {
    std::int64_t step = 0; // 1..total
    std::int64_t total = 0;
    double loss = 0;
    double learning_rate = 0;
    double seconds = 0; // since the training began or went on
};

struct TrainingResult {
    std::string weights{}; // the file
    TrainingProof proof{};
    std::uint64_t peak_memory_bytes = 0;
};

// Trains a LoRA, proves what it does to pictures of the request's seed, and writes it to
// `request.out` and nowhere before. `progress` hears the stages around the steps; `on_step` returns
// whether to go on: a stopped training leaves its checkpoint and throws Cancelled. Throws Error:
// what is wrong with the request or the model; model_mismatch for a checkpoint of other settings or
// pictures; internal where the loss is no number or the training changed nothing.
TrainingResult train_lora(const LoraTrainingRequest& request, const Progress& progress,
                          const std::function<bool(const TrainingStep&)>& on_step,
                          const std::function<void(std::int64_t)>& on_save = {});

} // namespace likeness
