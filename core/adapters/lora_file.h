#pragma once

#include "core/weights/safetensors.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace likeness {

// How a module's difference is written down: down and up projections (LoRA, LoCon), the product of
// two such (LoHa), a Kronecker product (LoKr), or the difference itself.
enum class LoraKind { lora, loha, lokr, full };

const char* to_string(LoraKind kind); // "LoRA", "LoHa", ...

// What one layer gets from a file.
struct LoraModule {
    std::string name{}; // the layer as the file spells it
    LoraKind kind = LoraKind::lora;
    // By what they are for: down, up, mid, bias, alpha, magnitude, dora_scale, diff, diff_b, set,
    // w1, w1_a, w1_b, w2, w2_a, w2_b, t1, t2.
    std::map<std::string, TensorEntry, std::less<>> parts{};

    bool has(std::string_view part) const { return parts.contains(part); }

    // The size of that part's dimension; 0 where there is none.
    int64_t size(std::string_view part, std::size_t dimension) const;

    // The inner width of its products; 0 where it has none.
    int64_t rank() const;

    // Values a layer of this module reads, for one position of its kernel; 0: not told.
    int64_t in_width() const;

    bool is_dora() const { return has("magnitude") || has("dora_scale"); }
};

// What a file's header says of its LoRA.
struct LoraLayout {
    std::vector<LoraModule> modules{};
    std::vector<std::string> strangers{}; // tensors that are of no module, or of half a one

    bool empty() const { return modules.empty(); }

    // Values the cross-attention of its base model reads (768: SD 1.5, 1024: SD 2, 2048: SDXL); 0:
    // not told.
    int64_t cross_attention_dim() const;
};

LoraLayout lora_layout(const std::map<std::string, TensorEntry>& entries);

// Whether a file with these names is one: nearly all of its tensors are parts of modules.
bool looks_like_lora(const LoraLayout& layout);

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
