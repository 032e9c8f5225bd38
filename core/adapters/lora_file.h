#pragma once

#include "core/checkpoint/lora_layout.h"
#include "core/weights/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// Alphas that are told beside the tensors: diffusers' `lora_adapter_metadata`, peft's
// adapter_config.json. Nothing in them is trusted but plain numbers.
class LoraAlphas {
public:
    LoraAlphas() = default;
    // `json`: the text of either; what is not to be read counts as not there.
    explicit LoraAlphas(const std::string& json);

    // alpha / rank for that module; nullopt: not told.
    std::optional<double> scale(const LoraModule& module) const;

private:
    struct Rule {
        std::string prefix{}; // "unet.", or empty
        double alpha = 0;
        bool by_root = false; // alpha / sqrt(rank)
        std::map<std::string, double> patterns{};
    };

    std::vector<Rule> rules_;
};

// A LoRA file in memory, as it lies on disk.
struct LoraFile {
    std::string name{}; // the file's
    LoraLayout layout{};
    TensorMap tensors{};
    std::map<std::string, std::string> metadata{};
    LoraAlphas alphas{};

    const Tensor& part(const LoraModule& module, std::string_view part) const;

    // alpha / rank; 1 where the file has no alpha, or 0.
    double scale(const LoraModule& module) const;
};

// Reads it whole. Throws Error: what the file is instead, a rank past 4096, values that are
// infinite or not numbers.
std::shared_ptr<const LoraFile> load_lora(const std::filesystem::path& path);

} // namespace likeness
