#include "core/adapters/lora_file.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/request/json_text.h"

#include <ATen/ops/aminmax.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace likeness {

namespace fs = std::filesystem;

namespace {

constexpr int64_t kMaxRank = 4096;
constexpr std::size_t kMaxTensors = 20'000; // published ones have up to 6,000
constexpr double kMaxScale = 1e6;           // alpha / rank; published ones are up to 1
constexpr std::uint64_t kMaxConfigBytes = 1U << 20U;

bool all_finite(const Tensor& tensor) {
    if (tensor.numel() == 0) {
        return true;
    }
    const auto [least, most] = at::aminmax(tensor.to(at::kFloat)); // a NaN is both
    return std::isfinite(least.item<double>()) && std::isfinite(most.item<double>());
}

[[noreturn]] void refuse(ErrorCode code, const std::string& name, const Message& why) {
    throw Error(code, message("The LoRA {} was not used: {}", in_quotes(name), why));
}

// peft keeps it in a file beside.
std::string adapter_config(const fs::path& path) {
    const fs::path beside = path.parent_path() / "adapter_config.json";
    std::error_code ignored;
    if (path.filename() != "adapter_model.safetensors" || !fs::is_regular_file(beside, ignored)) {
        return {};
    }
    return read_text_file(beside, kMaxConfigBytes);
}

} // namespace

LoraAlphas::LoraAlphas(const std::string& json) {
    nlohmann::json all;
    try {
        all = json.empty() ? nlohmann::json() : parse_json_text(json);
    } catch (const Error&) {
        return; // not to be read: the rule for files without it holds
    }
    if (!all.is_object()) {
        return;
    }
    for (const char* prefix : {"unet.", "text_encoder.", "text_encoder_2.", ""}) {
        const auto at = [&](const char* key) -> const nlohmann::json* {
            const auto found = all.find(std::string(prefix) + key);
            return found == all.end() ? nullptr : &*found;
        };
        const auto* alpha = at("lora_alpha") != nullptr ? at("lora_alpha") : at("alpha");
        if (alpha == nullptr || !alpha->is_number()) {
            continue;
        }
        Rule rule{.prefix = prefix, .alpha = alpha->get<double>()};
        const auto* root = at("use_rslora");
        rule.by_root = root != nullptr && root->is_boolean() && root->get<bool>();
        if (const auto* patterns = at("alpha_pattern"); patterns && patterns->is_object()) {
            for (const auto& [key, value] : patterns->items()) {
                if (value.is_number()) {
                    rule.patterns[key] = value.get<double>();
                }
            }
        }
        rules_.push_back(std::move(rule));
    }
}

std::optional<double> LoraAlphas::scale(const LoraModule& module) const {
    const std::string_view name = module.name;
    const auto rank = static_cast<double>(module.rank());
    for (const Rule& rule : rules_) {
        if (!name.starts_with(rule.prefix) || rank < 1) {
            continue;
        }
        double alpha = rule.alpha;
        for (const auto& [key, value] : rule.patterns) {
            if (name == key || name.ends_with("." + key)) {
                alpha = value;
            }
        }
        return alpha / (rule.by_root ? std::sqrt(rank) : rank);
    }
    return std::nullopt;
}

const Tensor& LoraFile::part(const LoraModule& module, std::string_view part) const {
    return tensors.at(module.parts.find(part)->second.name);
}

double LoraFile::scale(const LoraModule& module) const {
    const auto rank = static_cast<double>(module.rank());
    if (rank < 1) {
        return 1;
    }
    if (module.has("alpha")) {
        const auto alpha = part(module, "alpha").flatten()[0].item<double>();
        return alpha == 0 ? 1 : alpha / rank;
    }
    return alphas.scale(module).value_or(1);
}

std::shared_ptr<const LoraFile> load_lora(const fs::path& path) {
    const auto source = SafetensorsFile::open(path);
    auto file = std::make_shared<LoraFile>();
    file->name = path.filename().string();
    if (source->entries().size() > kMaxTensors) {
        refuse(
            ErrorCode::file_too_large, file->name,
            message("it holds {} tensors; the most is {}.", source->entries().size(), kMaxTensors));
    }
    file->layout = lora_layout(source->entries());
    file->metadata = source->metadata();
    if (!looks_like_lora(file->layout)) {
        refuse(ErrorCode::not_a_checkpoint, file->name,
               message("{} of its {} tensors are none of a LoRA ({}). `likeness models inspect` "
                       "tells what it is.",
                       file->layout.strangers.size(), source->entries().size(),
                       file->layout.strangers.empty() ? "it is empty"
                                                      : file->layout.strangers.front()));
    }
    for (const LoraModule& module : file->layout.modules) {
        if (module.rank() > kMaxRank) {
            refuse(ErrorCode::file_damaged, file->name,
                   message("{} has the rank {}; the most is {}. Download the file again.",
                           module.name, module.rank(), kMaxRank));
        }
        for (const auto& [part, entry] : module.parts) {
            if (part == "alpha" &&
                std::ranges::any_of(entry.shape, [](int64_t n) { return n != 1; })) {
                refuse(ErrorCode::file_damaged, file->name,
                       message("{} is no single number. Download the file again.", entry.name));
            }
            Tensor tensor = source->take(entry.name);
            if (!all_finite(tensor)) {
                refuse(ErrorCode::file_damaged, file->name,
                       message("{} holds values that are infinite or not numbers. Download the "
                               "file again, or train it again.",
                               entry.name));
            }
            file->tensors.emplace(entry.name, std::move(tensor));
        }
    }
    std::string alphas = adapter_config(path);
    if (const auto told = file->metadata.find("lora_adapter_metadata");
        told != file->metadata.end()) {
        alphas = told->second;
    }
    file->alphas = LoraAlphas(alphas);
    for (const LoraModule& module : file->layout.modules) {
        if (const double scale = file->scale(module); !(std::abs(scale) <= kMaxScale)) {
            refuse(ErrorCode::file_damaged, file->name,
                   message("the alpha of {} makes it {} times as strong; the most is {}. Download "
                           "the file again.",
                           module.name, scale, kMaxScale));
        }
    }
    return file;
}

} // namespace likeness
