#pragma once

#include "core/models/attention_context.h"
#include "core/request/training_request.h"
#include "core/training/draws.h"
#include "core/training/training_set.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace likeness {

// What the UNet reads beside the noisy samples of a step.
struct StepConditions {
    Tensor prompt_embeds{};        // [B, T, D]
    Tensor pooled_prompt_embeds{}; // [B, D2], SDXL
    std::vector<ReferenceKeyValues> references{};
};

// What a training changes of a model, in place: parameters that require gradients, what their steps
// read, and what becomes of them. `values` below are the parameters' float32 values by the same
// names, or their average.
class TrainedWeights {
public:
    virtual ~TrainedWeights() = default;

    virtual const TensorMap& parameters() const = 0;

    // The float32 values that a new run begins with, where the parameters hold less.
    virtual TensorMap initial_values() const { return {}; }

    // Of these samples; the text alone where nothing else is said.
    virtual StepConditions conditions(const std::vector<const TrainingSample*>& samples,
                                      Draws& draws) const = 0;

    // |change| / |weights| over the layers of each group: "unet.down", "unet.mid", "unet.up",
    // "text_encoder", ...
    virtual std::map<std::string, double> weight_changes(const TensorMap& values) const = 0;

    // The adapter that pictures between steps are made with; null: it is none that learns.
    virtual std::shared_ptr<const LoadedAdapter> adapter() const { return nullptr; }

    // Writes what opens again: a file, or a folder that is not there yet.
    virtual void save(const std::filesystem::path& path, const TensorMap& values) const = 0;
};

// What that request trains of the model, which must be of this run alone, not packed, made outside
// of inference mode and stay where it is. `resolution` is told in files. An adapter and its encoder
// are loaded, and the request's pictures looked at.
std::unique_ptr<TrainedWeights> make_trained_weights(SdModel& model, const TrainingRequest& request,
                                                     int resolution, const Progress& progress);

// The prompts of samples through the model's text encoders, or as they were read beforehand.
StepConditions text_conditions(const SdModel& model,
                               const std::vector<const TrainingSample*>& samples);

// "unet.down", "unet.mid", "unet.up", "unet" of a UNet's tensors; of others their component.
std::string weight_group(const std::string& component, const std::string& name);

} // namespace likeness
