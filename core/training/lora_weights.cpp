#include "core/training/lora_weights.h"

#include "core/training/lora_metadata.h"

namespace likeness {

namespace {

LoraLayersOptions layers_options(const TrainingRequest& request) {
    return {.rank = request.rank,
            .alpha = request.network_alpha.value_or(request.rank),
            .coverage =
                request.targets == TrainedLayers::all ? LoraCoverage::all : LoraCoverage::attention,
            .text_encoder = request.train_text_encoder,
            .seed = request.seed};
}

} // namespace

LoraWeights::LoraWeights(SdModel& model, const TrainingRequest& request, int resolution)
    : model_(model), request_(request), resolution_(resolution),
      layers_(model.unet, model.text.encoder, model.text_2 ? &model.text_2->encoder : nullptr,
              layers_options(request)) {}

StepConditions LoraWeights::conditions(const std::vector<const TrainingSample*>& samples,
                                       Draws& /*draws*/) const {
    return text_conditions(model_, samples);
}

std::map<std::string, double> LoraWeights::weight_changes(const TensorMap& values) const {
    return layers_.weight_changes(values);
}

void LoraWeights::save(const std::filesystem::path& path, const TensorMap& values) const {
    const LoraFormat format =
        request_.format == LoraSpelling::kohya ? LoraFormat::kohya : LoraFormat::diffusers;
    const TensorMap file = layers_.file_tensors(format, values);
    auto told = lora_metadata(model_, request_, resolution_);
    if (format == LoraFormat::diffusers) {
        std::vector<std::string> names;
        for (const auto& [name, tensor] : file) {
            names.push_back(name);
        }
        told["lora_adapter_metadata"] =
            peft_config(names, request_.rank, request_.network_alpha.value_or(request_.rank));
    }
    save_safetensors(path, file, told);
}

} // namespace likeness
