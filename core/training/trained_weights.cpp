#include "core/training/trained_weights.h"

#include "core/models/named_layers.h"
#include "core/pipelines/stages.h"
#include "core/training/adapter_weights.h"
#include "core/training/lora_weights.h"
#include "core/training/whole_weights.h"

#include <ATen/ops/cat.h>

#include <type_traits>

namespace likeness {

namespace {

// What does not learn in the order of a kernel that hands gradients back, where there is one.
void pack_frozen(const std::vector<NamedLayer>& layers) {
    const WeightOptions packed{.pack = true, .gradient = Gradient::yes};
    for (const NamedLayer& named : layers) {
        std::visit(
            [&packed](auto* layer) {
                using Layer = std::remove_pointer_t<decltype(layer)>;
                if constexpr (std::is_same_v<Layer, Linear> || std::is_same_v<Layer, Conv2d>) {
                    layer->pack(packed);
                }
            },
            named.layer);
    }
}

std::unique_ptr<TrainedWeights> made(SdModel& model, const TrainingRequest& request, int resolution,
                                     const Progress& progress) {
    if (request.method == TrainingMethod::ip_adapter) {
        const auto adapter = load_adapter(model, request.ip_adapter, {}, progress);
        return std::make_unique<AdapterWeights>(
            model, *adapter, AdapterWeights::features_of(model, *adapter, request));
    }
    if (request.method == TrainingMethod::dreambooth && !request.as_lora) {
        return std::make_unique<WholeWeights>(model, request, resolution);
    }
    return std::make_unique<LoraWeights>(model, request, resolution);
}

} // namespace

std::unique_ptr<TrainedWeights> make_trained_weights(SdModel& model, const TrainingRequest& request,
                                                     int resolution, const Progress& progress) {
    auto weights = made(model, request, resolution, progress);
    pack_frozen(named_layers(model.unet));
    if (request.train_text_encoder) {
        pack_frozen(named_layers(model.text.encoder));
        if (model.text_2) {
            pack_frozen(named_layers(model.text_2->encoder));
        }
    }
    return weights;
}

StepConditions text_conditions(const SdModel& model,
                               const std::vector<const TrainingSample*>& samples) {
    std::map<std::string, Conditioning> read; // each prompt once a step
    std::vector<Tensor> embeds, pooled;
    for (const TrainingSample* sample : samples) {
        if (sample->prompt_embeds.defined()) {
            embeds.push_back(sample->prompt_embeds);
            pooled.push_back(sample->pooled_prompt_embeds);
            continue;
        }
        Conditioning& one = read[sample->caption];
        if (!one.prompt_embeds.defined()) {
            one = encode_prompt(
                model, {.prompt = sample->caption, .guided = false, .syntax = PromptSyntax::plain},
                nullptr);
        }
        embeds.push_back(one.prompt_embeds);
        pooled.push_back(one.pooled_prompt_embeds);
    }
    return {.prompt_embeds = at::cat(embeds),
            .pooled_prompt_embeds = model.text_2 ? at::cat(pooled) : Tensor()};
}

std::string weight_group(const std::string& component, const std::string& name) {
    const auto end = name.find("_block");
    return component == "unet" && end != name.npos ? component + "." + name.substr(0, end)
                                                   : component;
}

} // namespace likeness
