#pragma once

#include "core/pipelines/sd_model.h"
#include "core/request/training_request.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace likeness {

// What a LoRA file, or one of differences, says of its training, as other programs read it: kohya's
// `ss_*` and modelspec's keys.
std::map<std::string, std::string> lora_metadata(const SdModel& model,
                                                 const TrainingRequest& request, int resolution);

// `lora_adapter_metadata` of a file with diffusers' names (checkpoints.md 9.2): rank, alpha and, as
// peft reads no config without them, the layers; of each component that has some.
std::string peft_config(const std::vector<std::string>& names, std::int64_t rank, double alpha);

// SHA-256 of everything a training is a function of beside the model's weights: settings (but for
// the learning rates), captions and pixels. A run goes on only from a checkpoint of the same.
std::string fingerprint(const TrainingRequest& request);

} // namespace likeness
