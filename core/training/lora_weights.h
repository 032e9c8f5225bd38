#pragma once

#include "core/training/lora_layers.h"
#include "core/training/trained_weights.h"

namespace likeness {

// A LoRA, of one subject or in DreamBooth's way.
class LoraWeights : public TrainedWeights {
public:
    LoraWeights(SdModel& model, const TrainingRequest& request, int resolution);

    const TensorMap& parameters() const override { return layers_.parameters(); }

    StepConditions conditions(const std::vector<const TrainingSample*>& samples,
                              Draws& draws) const override;
    std::map<std::string, double> weight_changes(const TensorMap& values) const override;
    void save(const std::filesystem::path& path, const TensorMap& values) const override;

private:
    const SdModel& model_;
    TrainingRequest request_;
    int resolution_;
    LoraLayers layers_;
};

} // namespace likeness
