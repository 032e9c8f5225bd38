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
    };

    AdapterWeights(const SdModel& model, const LoadedAdapter& adapter, Features features);

    // The pictures as the adapter's encoder sees them, as for a picture that is made.
    static Features features_of(const SdModel& model, const LoadedAdapter& adapter,
                                const std::vector<TrainingPicture>& pictures);

    const TensorMap& parameters() const override { return parameters_; }

    TensorMap initial_values() const override;
    StepConditions conditions(const std::vector<const TrainingSample*>& samples,
                              Draws& draws) const override;
    std::map<std::string, double> weight_changes(const TensorMap& values) const override;

    // In the published layout and the file's own numbers.
    void save(const std::filesystem::path& path, const TensorMap& values) const override;

    std::shared_ptr<const LoadedAdapter> adapter() const override { return learning_; }

private:
    const SdModel& model_;
    Features features_;
    TensorMap base_; // as the file has them
    TensorMap parameters_;
    std::shared_ptr<const LoadedAdapter> learning_; // over the parameters
    TrainingSample no_text_;
};

} // namespace likeness
