#pragma once

#include "core/checkpoint/safetensors_header.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
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

} // namespace likeness
