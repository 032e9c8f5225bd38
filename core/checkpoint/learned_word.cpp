#include "core/checkpoint/learned_word.h"

namespace likeness {

namespace {

constexpr int64_t kMaxWidth = 1 << 14;

// One vector, or a row of them, of floating-point numbers.
bool is_embedding(const TensorEntry& entry) {
    const auto& shape = entry.shape;
    const bool sized = (shape.size() == 1 || shape.size() == 2) && shape.front() > 0 &&
                       shape.back() > 0 && shape.back() <= kMaxWidth;
    return sized && entry.dtype.find('F') != std::string::npos;
}

} // namespace

LearnedWordLayout learned_word_layout(const std::map<std::string, TensorEntry>& entries,
                                      const std::filesystem::path& path) {
    LearnedWordLayout layout{.token = path.stem().string()};
    for (const auto& [name, entry] : entries) {
        if (!is_embedding(entry) || name.ends_with(".weight") || name.ends_with(".bias")) {
            return {}; // a layer's, alone in its file
        }
        const bool sdxl = name == "clip_l" || name == "clip_g";
        layout.embeddings[sdxl ? name : ""] = entry;
        const bool unnamed =
            sdxl || name == "emb_params" || name == "*" || name.starts_with("string_to_param");
        if (!unnamed) {
            layout.token = name;
        }
    }
    // Of a single encoder there is one tensor; two for SDXL.
    return layout.embeddings.size() == entries.size() ? layout : LearnedWordLayout{};
}

} // namespace likeness
