#include "core/training/lora_layers.h"

#include "core/base/check.h"
#include "core/tensor/noise.h"
#include "core/training/trained_weights.h"
#include "core/training/trainer.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/TensorOperators.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

namespace likeness {

namespace {

bool ends_with_one_of(const std::string& name, std::initializer_list<const char*> endings) {
    return std::ranges::any_of(endings, [&name](const char* end) { return name.ends_with(end); });
}

bool is_covered(const LoraTarget& target, const LoraLayersOptions& options) {
    const std::string& name = target.layer.name;
    if (target.component != LoraComponent::unet) {
        return options.text_encoder &&
               ends_with_one_of(name, {".q_proj", ".k_proj", ".v_proj", ".out_proj"});
    }
    if (ends_with_one_of(name, {".to_q", ".to_k", ".to_v", ".to_out.0"})) {
        return true;
    }
    return options.coverage == LoraCoverage::all &&
           ends_with_one_of(name,
                            {".proj_in", ".proj_out", ".ff.net.0.proj", ".ff.net.2", ".conv1",
                             ".conv2", ".conv_shortcut", "samplers.0.conv", ".time_emb_proj"});
}

Tensor kaiming_uniform(const std::vector<int64_t>& shape, std::uint64_t seed) {
    int64_t fan_in = 1;
    for (std::size_t i = 1; i < shape.size(); ++i) {
        fan_in *= shape[i];
    }
    const double bound = 1 / std::sqrt(static_cast<double>(fan_in)); // of a = sqrt(5)
    return at::empty(shape, at::kFloat)
        .uniform_(-bound, bound, at::detail::createCPUGenerator(seed));
}

// [out, in * k * k]
Tensor product(const Tensor& up, const Tensor& down) {
    return at::matmul(up.flatten(1), down.flatten(1));
}

} // namespace

std::string kohya_name(const std::string& component, std::string layer, bool two_encoders) {
    std::ranges::replace(layer, '.', '_');
    if (component == "unet") {
        return "lora_unet_" + layer;
    }
    if (component == "text_encoder_2") {
        return "lora_te2_" + layer;
    }
    return (two_encoders ? "lora_te1_" : "lora_te_") + layer;
}

LoraLayers::LoraLayers(UNet2DCondition& unet, ClipText& text, ClipText* text_2,
                       const LoraLayersOptions& options)
    : options_(options) {
    const LoraTargets targets(unet, text, text_2);
    for (const LoraTarget& target : targets.all()) {
        if (is_covered(target, options)) {
            add(target, to_string(target.component));
        }
    }
    LIKENESS_CHECK(!layers_.empty(), "no layer is trained");
}

void LoraLayers::add(LoraTarget target, const std::string& component) {
    const at::NoGradGuard no_grad;
    const Tensor& weight = target.layer.weight();
    LIKENESS_CHECK(weight.defined(), target.layer.name, " is packed");
    const auto sizes = weight.sizes().vec();
    const int64_t rank = options_.rank;
    std::vector<int64_t> down_shape = sizes, up_shape(sizes.size(), 1);
    down_shape[0] = rank;
    up_shape[0] = sizes[0];
    up_shape[1] = rank;
    const auto trained = [&](const Tensor& value) {
        return value.to(weight.device()).set_requires_grad(true);
    };
    const LowRank low_rank{
        .down = trained(kaiming_uniform(down_shape, step_seed(options_.seed, layers_.size()))),
        .up = trained(at::zeros(up_shape, at::kFloat)),
        .scale = options_.alpha / static_cast<double>(rank)};
    std::visit(
        [&low_rank](auto* layer) {
            if constexpr (requires { layer->low_rank; }) {
                layer->low_rank = low_rank;
            }
        },
        target.layer.layer);
    const std::string name = component + "." + target.layer.name;
    // It will be packed, in another order or form.
    const double weight_square = std::pow(weight.to(at::kFloat).norm().item<double>(), 2);
    parameters_[name + ".lora_A.weight"] = low_rank.down;
    parameters_[name + ".lora_B.weight"] = low_rank.up;
    layers_.push_back({.name = name,
                       .group = weight_group(component, target.layer.name),
                       .target = std::move(target),
                       .weight_square = weight_square});
}

TensorMap LoraLayers::file_tensors(LoraFormat format, const TensorMap& values) const {
    const at::NoGradGuard no_grad;
    const bool two_encoders = std::ranges::any_of(layers_, [](const Layer& layer) {
        return layer.target.component == LoraComponent::text_encoder_2;
    });
    TensorMap file;
    for (const Layer& layer : layers_) {
        const auto half = [&](const char* part) {
            return values.at(layer.name + part).detach().to(at::kCPU, at::kHalf).contiguous();
        };
        if (format == LoraFormat::diffusers) {
            file[layer.name + ".lora_A.weight"] = half(".lora_A.weight");
            file[layer.name + ".lora_B.weight"] = half(".lora_B.weight");
            continue;
        }
        const std::string name =
            kohya_name(to_string(layer.target.component), layer.target.layer.name, two_encoders);
        file[name + ".lora_down.weight"] = half(".lora_A.weight");
        file[name + ".lora_up.weight"] = half(".lora_B.weight");
        file[name + ".alpha"] = at::scalar_tensor(options_.alpha, at::kHalf);
    }
    return file;
}

std::map<std::string, double> LoraLayers::weight_changes(const TensorMap& values) const {
    const at::NoGradGuard no_grad;
    std::map<std::string, double> changes, weights;
    for (const Layer& layer : layers_) {
        const Tensor delta = product(values.at(layer.name + ".lora_B.weight"),
                                     values.at(layer.name + ".lora_A.weight"));
        const double scale = options_.alpha / static_cast<double>(options_.rank);
        changes[layer.group] += std::pow(scale * delta.norm().item<double>(), 2);
        weights[layer.group] += layer.weight_square;
    }
    for (auto& [group, change] : changes) {
        change = std::sqrt(change / weights.at(group));
    }
    return changes;
}

} // namespace likeness
