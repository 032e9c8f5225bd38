#pragma once

#include "core/training/dropped_conditions.h"
#include "core/training/trained_weights.h"

namespace likeness {

// An image-prompt adapter's projection and its keys and values, over a model that stays as it is
// (checkpoints.md 8.10). A sample's reference is another picture of the set where there is one, so
// that the subject is learned and not the picture; some samples go without text, image or both.
class AdapterWeights : public TrainedWeights {
public:
    // What the projector reads: of each picture, by its place, and where the image is dropped.
    struct Features {
        std::vector<Tensor> pictures{};
        Tensor nothing{};
        std::vector<std::size_t> shown{}; // places of those that are references, ascending
    };

    AdapterWeights(const SdModel& model, const LoadedAdapter& adapter, Features features);

    // The request's pictures as the adapter's encoder sees them, as for a picture that is made.
    // What is held out is no reference.
    static Features features_of(const SdModel& model, const LoadedAdapter& adapter,
                                const TrainingRequest& request);

    const TensorMap& parameters() const override { return parameters_; }

    TensorMap initial_values() const override;
    StepConditions conditions(const std::vector<const TrainingSample*>& samples,
                              Draws& draws) const override;
    std::map<std::string, double> weight_changes(const TensorMap& values) const override;

    // In the published layout and the file's own numbers.
    void save(const std::filesystem::path& path, const TensorMap& values) const override;

    std::shared_ptr<const LoadedAdapter> adapter() const override { return learning_; }

private:
    // The reference of the sample of that picture.
    const Tensor& reference_for(std::size_t picture, Draws& draws) const;

    const SdModel& model_;
    Features features_;
    TensorMap base_; // as the file has them
    TensorMap parameters_;
    std::shared_ptr<const LoadedAdapter> learning_; // over the parameters
    TrainingSample no_text_;
};

} // namespace likeness
