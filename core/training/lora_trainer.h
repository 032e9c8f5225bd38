#pragma once

#include "core/request/training_result.h"
#include "core/training/diffusion_objective.h"
#include "core/training/lora_layers.h"
#include "core/training/trainer.h"
#include "core/training/training_set.h"

#include <map>
#include <string>
#include <vector>

namespace likeness {

// The loss of one draw: as many samples as the batch, of one size, with their noise and timesteps
// drawn, a function of the run's seed and the draw's number alone.
Tensor training_loss(const SdModel& model, const DiffusionObjective& objective,
                     const std::vector<TrainingSample>& samples, int batch, std::uint64_t seed,
                     std::int64_t draw);

struct LoraOutcome {
    TensorMap file{}; // what is saved
    std::map<std::string, double> weight_changes{};
    std::int64_t steps = 0;  // taken
    bool is_stopped = false; // before its last step; its checkpoint is written
};

// Trains a LoRA over that model, which must be of this run alone, not packed and made outside of
// inference mode. Goes on from the request's checkpoint where there is one.
LoraOutcome train_lora(SdModel& model, const TrainingRequest& request,
                       const std::vector<TrainingSample>& samples,
                       const TrainingListener& listener);

} // namespace likeness
