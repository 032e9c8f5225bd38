#pragma once

#include "core/base/message.h"
#include "core/request/training_request.h"
#include "core/weights/weights.h"

#include <cstdint>
#include <optional>
#include <string>

namespace likeness {

// What a training has learned at its samples, a file each beside its checkpoint, so that one of
// them can be made the result. The request says of how many; the oldest go, and those that are
// more than a gigabyte together. `base` is content_of_model() of what is trained over.
class SampleWeights {
public:
    // Nothing is kept where the request wants none, or the whole model is trained.
    SampleWeights(const TrainingRequest& request, std::string base);

    bool are_kept() const;

    // The values that the parameters have after that step. A message where that did not work, told
    // once; the training goes on without.
    std::optional<Message> keep(std::int64_t step, const TensorMap& values);

    // Throws Error{file_missing, file_damaged, model_mismatch} where none of this training are
    // kept at that step.
    TensorMap load(std::int64_t step) const;

private:
    void drop_oldest() const;

    const TrainingRequest& request_;
    std::string base_;
    bool has_failed_ = false;
};

} // namespace likeness
