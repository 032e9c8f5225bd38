#include "core/training/adapter_weights.h"

#include "core/checkpoint/adapter_file.h"
#include "core/checkpoint/safetensors_header.h"
#include "core/pipelines/stages.h"
#include "core/training/validation.h"
#include "core/weights/placed_source.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>

#include <algorithm>
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
                                                     const TrainingRequest& request) {
    const at::NoGradGuard no_grad;
    const EncoderView whole;
    std::vector<SeenPicture> seen;
    for (const TrainingPicture& picture : request.pictures) {
        seen.push_back({*picture.image, whole});
    }
    Features features{.nothing = encode_unconditional(adapter, model.options).image_embeds};
    for (const EncodedReference& one : encode_references(adapter, seen, model.options)) {
        features.pictures.push_back(one.image_embeds);
    }
    const auto held_out = held_out_pictures(request);
    for (std::size_t i = 0; i < features.pictures.size(); ++i) {
        if (!held_out.contains(i)) {
            features.shown.push_back(i);
        }
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

const Tensor& AdapterWeights::reference_for(std::size_t picture, Draws& draws) const {
    const std::vector<std::size_t>& shown = features_.shown;
    const auto own = std::ranges::find(shown, picture);
    if (own == shown.end()) { // held out
        return features_.pictures[draws.one_of(shown)];
    }
    if (shown.size() == 1) {
        return features_.pictures[picture];
    }
    const auto others = static_cast<std::int64_t>(shown.size()) - 1;
    const std::int64_t next = (own - shown.begin()) + 1 + draws.below(others);
    return features_.pictures[shown[static_cast<std::size_t>(next) % shown.size()]];
}

StepConditions AdapterWeights::conditions(const std::vector<const TrainingSample*>& samples,
                                          Draws& draws) const {
    std::vector<const TrainingSample*> told;
    std::vector<Tensor> seen;
    for (const TrainingSample* sample : samples) {
        const Tensor& reference = reference_for(sample->picture, draws);
        const Dropped dropped = dropped_conditions(draws.share(), {});
        told.push_back(dropped.text ? &no_text_ : sample);
        seen.push_back(dropped.image ? features_.nothing : reference);
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
