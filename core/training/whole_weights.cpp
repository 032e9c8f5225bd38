#include "core/training/whole_weights.h"

#include "core/adapters/lora_targets.h"
#include "core/base/check.h"
#include "core/base/error.h"
#include "core/training/lora_layers.h"
#include "core/training/lora_metadata.h"
#include "core/training/model_copy.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>

#include <cmath>
#include <set>

namespace likeness {

namespace {

constexpr std::string_view kTextPrefix = "text_model.";

// "unet" and "down_blocks.0.resnets.0.conv1.weight" of a parameter's name.
std::pair<std::string, std::string> parts_of(const std::string& parameter) {
    const auto dot = parameter.find('.');
    return {parameter.substr(0, dot), parameter.substr(dot + 1)};
}

} // namespace

WholeWeights::WholeWeights(SdModel& model, const TrainingRequest& request, int resolution)
    : model_(model), request_(request), resolution_(resolution), components_{"unet"} {
    for (const NamedLayer& layer : named_layers(model.unet)) {
        LIKENESS_CHECK(layer.weight().defined(), layer.name, " is packed");
        train("unet", layer.name + ".weight", layer.weight());
        train("unet", layer.name + ".bias", layer.bias());
    }
    if (request.train_text_encoder) {
        train_text("text_encoder", model.text.encoder, !request.as_difference);
        if (model.text_2) {
            train_text("text_encoder_2", model.text_2->encoder, !request.as_difference);
        }
    }
}

void WholeWeights::train(const std::string& component, const std::string& name,
                         const Tensor& tensor) {
    if (tensor.defined()) {
        parameters_[component + "." + name] = tensor.set_requires_grad(true);
    }
}

void WholeWeights::train_text(const std::string& component, ClipText& text, bool with_embeddings) {
    components_.push_back(component);
    for (const NamedLayer& layer : named_layers(text)) {
        train(component, layer.name + ".weight", layer.weight());
        train(component, layer.name + ".bias", layer.bias());
    }
    if (with_embeddings) {
        train(component, "text_model.embeddings.token_embedding.weight",
              text.token_embedding.weight);
        train(component, "text_model.embeddings.position_embedding.weight",
              text.position_embedding.weight);
    }
}

StepConditions WholeWeights::conditions(const std::vector<const TrainingSample*>& samples,
                                        Draws& /*draws*/) const {
    return text_conditions(model_, samples);
}

Tensor WholeWeights::base(const std::string& parameter) const {
    auto [component, name] = parts_of(parameter);
    const auto& source = model_.sources.at(component);
    if (!source->shape(name) && name.starts_with(kTextPrefix)) {
        name.erase(0, kTextPrefix.size()); // some files leave it out
    }
    return source->take(name).to(at::kFloat).view(parameters_.at(parameter).sizes());
}

TensorMap WholeWeights::initial_values() const {
    TensorMap values;
    if (model_.options.dtype != at::kFloat) {
        for (const auto& [name, parameter] : parameters_) {
            values[name] = base(name);
        }
    }
    return values;
}

std::map<std::string, double> WholeWeights::weight_changes(const TensorMap& values) const {
    const at::NoGradGuard no_grad;
    std::map<std::string, double> changes, lengths;
    for (const auto& [name, value] : values) {
        const auto [component, rest] = parts_of(name);
        const std::string group = weight_group(component, rest);
        const Tensor before = base(name).to(value.device());
        changes[group] += std::pow((value - before).norm().item<double>(), 2);
        lengths[group] += std::pow(before.norm().item<double>(), 2);
    }
    for (auto& [group, change] : changes) {
        change = std::sqrt(change / lengths.at(group));
    }
    return changes;
}

TensorMap WholeWeights::component(const std::string& name, const TensorMap& values) const {
    const at::NoGradGuard no_grad;
    const auto& source = model_.sources.at(name);
    TensorMap tensors;
    for (const std::string& own : source->names()) {
        const Tensor stored = source->take(own);
        auto found = values.find(name + "." + own);
        if (found == values.end()) {
            found = values.find(name + "." + std::string(kTextPrefix) + own);
        }
        tensors[own] = found == values.end() ? stored
                                             : found->second.detach()
                                                   .to(at::kCPU, stored.scalar_type())
                                                   .contiguous()
                                                   .view(stored.sizes());
    }
    return tensors;
}

TensorMap WholeWeights::differences(const TensorMap& values) const {
    const at::NoGradGuard no_grad;
    TensorMap file;
    for (const auto& [name, value] : values) {
        const auto [component, rest] = parts_of(name);
        const auto end = rest.rfind('.');
        const Tensor change = (value.detach().to(at::kCPU) - base(name)).to(at::kHalf).contiguous();
        file[kohya_name(component, rest.substr(0, end), model_.text_2.has_value()) +
             (rest.substr(end) == ".weight" ? ".diff" : ".diff_b")] = change;
    }
    return file;
}

void WholeWeights::save(const std::filesystem::path& path, const TensorMap& values) const {
    if (request_.as_difference) {
        save_safetensors(path, differences(values), lora_metadata(model_, request_, resolution_));
        return;
    }
    std::vector<std::string> written = components_;
    if (model_.folder.file) { // has no parts that could be copied
        written.clear();
        for (const auto& [name, source] : model_.sources) {
            written.push_back(name);
        }
    } else if (model_.folder.given_vae) {
        written.emplace_back("vae");
    }
    write_model_copy(
        model_.folder, written, [&](const std::string& name) { return component(name, values); },
        path);
}

} // namespace likeness
