#pragma once

#include "core/training/diffusion_objective.h"
#include "core/training/fine_tuning.h"

#include <cstddef>
#include <cstdint>
#include <set>

namespace likeness {

// Which of the request's pictures are held out to be measured on: its validation_share of them,
// chosen by its seed; at least one where any are wanted, and never the last one to learn from.
std::set<std::size_t> held_out_pictures(const TrainingRequest& request);

// Whether held-out pictures are looked at after that step: at each tenth of the way, and where
// samples are made.
bool is_validated(const TrainingRequest& request, std::int64_t step);

inline constexpr std::int64_t kValidationDraws = 8;

// The mean loss of what is held out, over the same noise and timesteps each time, so that the
// numbers of a run compare. Draws nothing that the steps draw.
double validation_loss(const SdModel& model, const TrainedWeights& weights,
                       const TrainingSamples& samples, const TrainingRequest& request);

} // namespace likeness
