#include "app/starter/stage.h"

#include "core/base/error.h"
#include "core/weights/safetensors.h"

#include <ATen/autocast_mode.h>

#include <fmt/format.h>

namespace likeness::starter {

WeightOptions placement(const Options& options, const nlohmann::json& stage) {
    const auto device = device_of(options);
    const bool lower = device.is_cuda() && stage.value("bfloat16", false);
    return {.dtype = lower ? at::kBFloat16 : at::kFloat, .device = device};
}

WeightOptions placement_of_frozen(const Options& options, const nlohmann::json& stage) {
    auto frozen = placement(options, stage);
    if (frozen.device.is_cpu() && stage.value("bfloat16", false)) {
        frozen.dtype = at::kBFloat16;
        frozen.pack = true;
        frozen.gradient = Gradient::yes;
    }
    return frozen;
}

std::filesystem::path checkpoint_path(const Options& options, const std::string& stage) {
    return options.out / (stage + ".safetensors");
}

std::filesystem::path imported_path(const Options& options, const std::string& stage) {
    return options.out / "imported" / (stage + ".safetensors");
}

TensorMap imported_weights(const Options& options, const std::string& stage) {
    const auto path = imported_path(options, stage);
    return std::filesystem::exists(path) ? load_safetensors(path) : TensorMap{};
}

TensorMap stage_weights(const Options& options, const std::string& stage) {
    const auto path = checkpoint_path(options, stage);
    if (std::filesystem::exists(path)) {
        return load_average(path);
    }
    auto imported = imported_weights(options, stage);
    if (imported.empty()) {
        throw Error(ErrorCode::file_missing,
                    message("{} is not there: stage {} has to run first, or import.", path.string(),
                            stage));
    }
    return imported;
}

TrainerOptions trainer_options(const nlohmann::json& profile, const Options& options) {
    const auto stage = stage_profile(profile, options);
    TrainerOptions trainer{.name = options.stage,
                           .checkpoint = checkpoint_path(options, options.stage),
                           .planned_steps = stage.at("steps"),
                           .batch = stage.at("batch"),
                           .learning_rate = stage.at("learning_rate"),
                           .warmup_steps = stage.at("warmup_steps")};
    trainer.adamw.weight_decay = stage.value("weight_decay", trainer.adamw.weight_decay);
    return trainer;
}

Trainer::End run_slice(Trainer& trainer, const Options& options, const nlohmann::json& stage,
                       const std::function<Tensor(std::int64_t)>& loss) {
    const auto end = trainer.run(loss, stage.at("minutes"), stop_requested(), log_line);
    const char* const ends[] = {"planned", "time", "stopped"};
    log_line(
        {{"stage", options.stage}, {"step", trainer.step()}, {"end", ends[static_cast<int>(end)]}});
    return end;
}

TensorMap with_prefix(const TensorMap& tensors, const std::string& prefix) {
    TensorMap named;
    for (const auto& [name, tensor] : tensors) {
        named[prefix + name] = tensor;
    }
    return named;
}

TensorMap without_prefix(const TensorMap& tensors, const std::string& prefix) {
    TensorMap named;
    for (const auto& [name, tensor] : tensors) {
        if (name.starts_with(prefix)) {
            named[name.substr(prefix.size())] = tensor;
        }
    }
    return named;
}

Weights averaged(const Options& options, const std::string& stage, const std::string& prefix,
                 const WeightOptions& wanted) {
    return {std::make_shared<MapSource>(without_prefix(stage_weights(options, stage), prefix)),
            wanted};
}

std::vector<std::int64_t> draw_indices(Draw& draw, std::int64_t batch, std::int64_t count) {
    std::vector<std::int64_t> indices(static_cast<std::size_t>(batch));
    for (auto& index : indices) {
        index = draw.below(count);
    }
    return indices;
}

std::vector<std::int64_t> draw_pairs(Draw& draw, const PictureSet& set, std::int64_t batch,
                                     std::int64_t count) {
    const std::int64_t scenes = set.recipe().scenes_per_subject;
    std::vector<std::int64_t> indices;
    for (std::int64_t i = 0; i < batch / 2; ++i) {
        const auto subject = draw.below(count / scenes);
        const auto first = draw.below(scenes);
        const auto second = (first + 1 + draw.below(scenes - 1)) % scenes;
        indices.push_back(subject * scenes + first);
        indices.push_back(subject * scenes + second);
    }
    return indices;
}

std::vector<Pictured> told(const PictureSet& set, const std::vector<std::int64_t>& indices) {
    std::vector<Pictured> all;
    all.reserve(indices.size());
    for (const auto index : indices) {
        all.push_back(set.told(index));
    }
    return all;
}

nlohmann::json accuracy(const AttributeHeads& heads, const Tensor& features,
                        const std::vector<Pictured>& pictures) {
    nlohmann::json shares;
    const auto readings = heads.read(features);
    for (std::size_t a = 0; a < heads.attributes.size(); ++a) {
        const auto& attribute = heads.attributes[a];
        double right = 0, shown = 0;
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            const double value = attribute.value(pictures[i]);
            if (value >= 0) {
                ++shown;
                right += is_right(attribute, readings[a][i], value) ? 1 : 0;
            }
        }
        shares[attribute.name] = shown > 0 ? right / shown : 0.0;
    }
    return shares;
}

void write_half(const std::filesystem::path& path, const TensorMap& tensors) {
    constexpr double kLargest = 100.0;
    TensorMap halves;
    for (const auto& [name, tensor] : tensors) {
        if (!(tensor.abs().max().item<double>() < kLargest)) {
            throw Error(ErrorCode::internal,
                        message("{}: {} holds values past {}.", path.string(), name, kLargest));
        }
        halves[name] = tensor.to(at::kHalf).contiguous();
    }
    std::filesystem::create_directories(path.parent_path());
    save_safetensors(path, halves, {{"format", "pt"}});
}

Autocast::Autocast(bool wanted) : before_(at::autocast::is_autocast_enabled(at::kCPU)) {
    at::autocast::increment_nesting();
    at::autocast::set_autocast_enabled(at::kCPU, wanted);
    at::autocast::set_autocast_dtype(at::kCPU, at::kBFloat16);
}

Autocast::~Autocast() {
    if (at::autocast::decrement_nesting() == 0) {
        at::autocast::clear_cache();
    }
    at::autocast::set_autocast_enabled(at::kCPU, before_);
}

} // namespace likeness::starter
