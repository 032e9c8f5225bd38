#pragma once

#include "core/request/training_result.h"
#include "core/training/diffusion_objective.h"
#include "core/training/trained_weights.h"
#include "core/training/trainer.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace likeness {

// What a training learns from.
struct TrainingSamples {
    std::string base{}; // content_of_model() of what encoded them; a checkpoint of another is none
    std::vector<TrainingSample> instance{}; // of the one thing
    std::vector<TrainingSample>
        class_samples{};                    // of its kind, as the base model makes them; or none
    std::vector<TrainingSample> held_out{}; // measured on, and never learned
};

// The loss of one draw: as many samples as the request's batch, of one size, with their noise and
// timesteps drawn, a function of the request's seed and the draw's number alone. With class samples
// as many of them beside, their mean times prior_loss_weight (arXiv 2208.12242).
Tensor training_loss(const SdModel& model, const TrainedWeights& weights,
                     const DiffusionObjective& objective, const TrainingSamples& samples,
                     const TrainingRequest& request, std::int64_t draw);

struct TrainingOutcome {
    TensorMap values{};      // of the parameters, float32; their average where that was wanted
    std::int64_t steps = 0;  // taken
    bool is_stopped = false; // before its last step; its checkpoint is written
};

// Sees the parameters' float32 values, or their average, after each step and before the listener
// hears of it; they stay where they are until the next step.
using SeeValues = std::function<void(const TensorMap& values)>;

// The steps of a training, whatever it trains. Goes on from the request's checkpoint where there is
// one. Between two steps `model` makes pictures of what is learned so far, as any model does.
TrainingOutcome fine_tune(const SdModel& model, const TrainedWeights& weights,
                          const TrainingSamples& samples, const TrainingRequest& request,
                          const TrainingListener& listener, const SeeValues& see_values = {});

} // namespace likeness
