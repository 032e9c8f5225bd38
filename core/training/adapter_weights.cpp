#include "core/training/adapter_weights.h"

#include "core/checkpoint/adapter_file.h"
#include "core/checkpoint/safetensors_header.h"
#include "core/pipelines/stages.h"
#include "core/weights/placed_source.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>

#include <cmath>

namespace likeness {

namespace {

TensorMap published_tensors(const std::filesystem::path& path) {
    PlacedSource source(SafetensorsFile::open(path), adapter_places(load_safetensors_header(path)));
    TensorMap tensors;
    for (const std::string& name : source.names()) {
        tensors[name] = source.take(name);
    }
    return tensors;
}

TensorMap parameters_of(const TensorMap& base, const WeightOptions& options) {
    TensorMap parameters;
    for (const auto& [name, tensor] : base) {
        parameters[name] =
            tensor.to(options.device, options.dtype, false, /*copy=*/true).set_requires_grad(true);
    }
    return parameters;
}

// An adapter whose layers hold those very tensors.
std::shared_ptr<const LoadedAdapter> adapter_of(const TensorMap& parameters,
                                                const LoadedAdapter& base, const SdModel& model) {
    return std::make_shared<const LoadedAdapter>(
        LoadedAdapter{.name = base.name,
                      .path = base.path,
                      .image_encoder = base.image_encoder,
                      .image_tower = base.image_tower,
                      .adapter = IpAdapter({std::make_shared<MapSource>(parameters), model.options},
                                           model.unet, base.image_tower->encoder.config)});
}

TrainingSample without_text(const SdModel& model) {
    const at::NoGradGuard no_grad;
    const Conditioning read =
        encode_prompt(model, {.guided = false, .syntax = PromptSyntax::plain}, nullptr);
    return {.prompt_embeds = read.prompt_embeds, .pooled_prompt_embeds = read.pooled_prompt_embeds};
}

} // namespace

AdapterWeights::AdapterWeights(const SdModel& model, const LoadedAdapter& adapter,
                               Features features)
    : model_(model), features_(std::move(features)), base_(published_tensors(adapter.path)),
      parameters_(parameters_of(base_, model.options)),
      learning_(adapter_of(parameters_, adapter, model)), no_text_(without_text(model)) {}

AdapterWeights::Features AdapterWeights::features_of(const SdModel& model,
                                                     const LoadedAdapter& adapter,
                                                     const std::vector<TrainingPicture>& pictures) {
    const at::NoGradGuard no_grad;
    const EncoderView whole;
    std::vector<SeenPicture> seen;
    for (const TrainingPicture& picture : pictures) {
        seen.push_back({*picture.image, whole});
    }
    Features features{.nothing = encode_unconditional(adapter, model.options).image_embeds};
    for (const EncodedReference& one : encode_references(adapter, seen, model.options)) {
        features.pictures.push_back(one.image_embeds);
    }
    return features;
}

TensorMap AdapterWeights::initial_values() const {
    TensorMap values;
    for (const auto& [name, parameter] : parameters_) {
        if (parameter.scalar_type() != at::kFloat) {
            values[name] = base_.at(name).to(at::kFloat);
        }
    }
    return values;
}

StepConditions AdapterWeights::conditions(const std::vector<const TrainingSample*>& samples,
                                          Draws& draws) const {
    std::vector<const TrainingSample*> told;
    std::vector<Tensor> seen;
    const auto count = static_cast<std::int64_t>(features_.pictures.size());
    for (const TrainingSample* sample : samples) {
        std::size_t shown = sample->picture;
        if (count > 1) { // any other
            shown = (shown + 1 + static_cast<std::size_t>(draws.below(count - 1))) %
                    features_.pictures.size();
        }
        const Dropped dropped = dropped_conditions(draws.share(), {});
        told.push_back(dropped.text ? &no_text_ : sample);
        seen.push_back(dropped.image ? features_.nothing : features_.pictures[shown]);
    }
    StepConditions read = text_conditions(model_, told);
    const IpAdapter& adapter = learning_->adapter;
    read.references = {{.layers = adapter.key_values(adapter.project(at::cat(seen)))}};
    return read;
}

std::map<std::string, double> AdapterWeights::weight_changes(const TensorMap& values) const {
    const at::NoGradGuard no_grad;
    std::map<std::string, double> changes, lengths;
    for (const auto& [name, value] : values) {
        const std::string group = name.substr(0, name.find('.')); // "image_proj", "ip_adapter"
        const Tensor before = base_.at(name).to(value.device(), at::kFloat);
        changes[group] += std::pow((value - before).norm().item<double>(), 2);
        lengths[group] += std::pow(before.norm().item<double>(), 2);
    }
    for (auto& [group, change] : changes) {
        change = std::sqrt(change / lengths.at(group));
    }
    return changes;
}

void AdapterWeights::save(const std::filesystem::path& path, const TensorMap& values) const {
    TensorMap file;
    for (const auto& [name, value] : values) {
        file[name] = value.detach().to(at::kCPU, base_.at(name).scalar_type()).contiguous();
    }
    save_safetensors(path, file, {{"format", "pt"}});
}

} // namespace likeness
