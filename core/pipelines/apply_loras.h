#pragma once

#include "core/adapters/lora_file.h"
#include "core/adapters/textual_inversion.h"
#include "core/pipelines/sd_model.h"
#include "core/request/generation_request.h"

#include <memory>
#include <vector>

namespace likeness {

struct ActiveLora {
    std::shared_ptr<const LoraFile> file{};
    double scale = 1;
    std::map<std::string, double> block_scales{};
};

struct ChangedModel {
    std::shared_ptr<const SdModel> model{};
    std::vector<Message> notices{}; // what of the files is not used, counted and named
};

// The model with those LoRAs merged: a model of its own that shares every tensor they do not touch
// with `base`, which stays as it is, bit for bit. A LoRA of scale 0 changes nothing. Throws
// Error{model_mismatch} for a file of another family or of which nothing fits, {bad_request} for a
// block that the UNet does not have. Checks for a stop between layers.
ChangedModel apply_loras(const std::shared_ptr<const SdModel>& base,
                         const std::vector<ActiveLora>& loras, const Progress& progress);

// The model whose prompts may hold these words; shares every tensor with `base`. Throws
// Error{model_mismatch} for vectors of another width, {bad_request} for two of one name.
std::shared_ptr<const SdModel> apply_words(const std::shared_ptr<const SdModel>& base,
                                           const std::vector<LearnedWord>& words);

} // namespace likeness
