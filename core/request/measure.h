#pragma once

#include "core/request/generation_request.h"

#include <optional>
#include <vector>

namespace likeness {

// Pictures to be measured against what was asked for: the request's references and its prompt, by
// the encoders of the request's model.
struct MeasureRequest {
    GenerationRequest request{};
    std::vector<ImagePtr> images{};
    // Instead of measuring: makes the request's picture once more and tells where each reference
    // acted (Result::influences).
    bool influence = false;
};

// Cosines, -1..1. The same encoder reads both sides, so they compare pictures of one model; they
// say nothing across models.
struct Measurement {
    std::vector<double> similarity{};  // to each reference: image embedding with image embedding
    std::optional<double> agreement{}; // with the prompt: text embedding with image embedding

    bool operator==(const Measurement&) const = default;
};

} // namespace likeness
