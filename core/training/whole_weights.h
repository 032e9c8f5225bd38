#pragma once

#include "core/training/trained_weights.h"

namespace likeness {

// The whole UNet, and its text encoders where the request says so (DreamBooth, arXiv 2208.12242):
// every tensor of them, in the model's own numbers. Where the result is a file of differences, the
// text encoders' embeddings stay: such a file has no name for them.
class WholeWeights : public TrainedWeights {
public:
    WholeWeights(SdModel& model, const TrainingRequest& request, int resolution);

    const TensorMap& parameters() const override { return parameters_; }

    TensorMap initial_values() const override;
    StepConditions conditions(const std::vector<const TrainingSample*>& samples,
                              Draws& draws) const override;
    std::map<std::string, double> weight_changes(const TensorMap& values) const override;

    // A copy of the model as a folder, with the trained parts in the places of the old ones, in the
    // numbers that the old ones are stored in; or one file of differences in LoCon's `diff` form,
    // float16.
    void save(const std::filesystem::path& path, const TensorMap& values) const override;

private:
    void train(const std::string& component, const std::string& name, const Tensor& tensor);
    void train_text(const std::string& component, ClipText& text, bool with_embeddings);

    // As the model's files have it; undefined: they do not.
    Tensor base(const std::string& parameter) const;
    TensorMap differences(const TensorMap& values) const;
    // A component as its file has it, with the trained values.
    TensorMap component(const std::string& name, const TensorMap& values) const;

    const SdModel& model_;
    TrainingRequest request_;
    int resolution_;
    TensorMap parameters_;
    std::vector<std::string> components_;
};

} // namespace likeness
