#pragma once

#include "core/request/validate.h"

#include <functional>

namespace likeness {

// The request with every empty field filled from the model's own defaults and without what is
// muted: what runs, and what a picture carries.
GenerationRequest resolve(GenerationRequest request, const ModelTraits& traits);

// The request without the LoRAs and learned words that are muted.
GenerationRequest without_muted(GenerationRequest request);

// The request that makes picture `index` of these alone.
GenerationRequest single(const GenerationRequest& request, int index);

// The step that a picture begins at when only that share of the steps changes it (diffusers'
// get_timesteps).
int first_step(double strength, int num_inference_steps);

// The request with each of its references changed, and with those of the pictures it branches from
// changed too. `change` gets the reference and what messages call it: "Reference 2".
using ReferenceChange = std::function<void(ReferenceImage& reference, const Message& name)>;
GenerationRequest with_references(GenerationRequest request, const ReferenceChange& change);

// And with the pictures that it and those begin from changed: "The picture to begin from".
using InputChange = std::function<void(InputImage& input, const Message& name)>;
GenerationRequest with_inputs(GenerationRequest request, const InputChange& change);

// That the file of a picture of that name is not what the request was made with.
Message is_another_picture(const Message& name, const std::string& path);

// The request as it is kept on disk: pictures by their paths, without pixels.
GenerationRequest without_pixels(GenerationRequest request);

} // namespace likeness
