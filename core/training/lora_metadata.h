#pragma once

#include "core/pipelines/sd_model.h"
#include "core/request/training_request.h"

#include <map>
#include <string>

namespace likeness {

// What a LoRA file, or one of differences, says of its training, as other programs read it: kohya's
// `ss_*` and modelspec's keys; for diffusers' spelling the rank and alpha in
// `lora_adapter_metadata` (checkpoints.md 9.2).
std::map<std::string, std::string> lora_metadata(const SdModel& model,
                                                 const TrainingRequest& request, int resolution);

// SHA-256 of everything a training is a function of beside the model's weights: settings, captions
// and pixels. A run goes on only from a checkpoint of the same.
std::string fingerprint(const TrainingRequest& request);

} // namespace likeness
