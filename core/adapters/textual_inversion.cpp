#include "core/adapters/textual_inversion.h"

#include "core/base/error.h"
#include "core/base/wording.h"

#include <ATen/ops/isfinite.h>

namespace likeness {

namespace {

constexpr int64_t kMaxVectors = 75; // more do not fit into a prompt
constexpr int64_t kMaxWidth = 1 << 14;

// One vector, or a row of them, of floating-point numbers.
bool is_embedding(const TensorEntry& entry) {
    const auto& shape = entry.shape;
    const bool sized = (shape.size() == 1 || shape.size() == 2) && shape.front() > 0 &&
                       shape.back() > 0 && shape.back() <= kMaxWidth;
    return sized && entry.dtype.find('F') != std::string::npos;
}

[[noreturn]] void refuse(ErrorCode code, const std::filesystem::path& path, const Message& why) {
    throw Error(code, message("The textual inversion {} was not used: {}",
                              in_quotes(path.filename().string()), why));
}

} // namespace

LearnedWordLayout learned_word_layout(const std::map<std::string, TensorEntry>& entries,
                                      const std::filesystem::path& path) {
    LearnedWordLayout layout{.token = path.stem().string()};
    for (const auto& [name, entry] : entries) {
        if (!is_embedding(entry)) {
            return {};
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

LearnedWord load_textual_inversion(const std::filesystem::path& path, const std::string& token) {
    const auto file = SafetensorsFile::open(path);
    const LearnedWordLayout layout = learned_word_layout(file->entries(), path);
    if (layout.embeddings.empty()) {
        refuse(ErrorCode::not_a_checkpoint, path,
               message("it holds {} tensors; a word has one of [vectors, width] named by the word "
                       "or emb_params, for SDXL two named clip_l and clip_g.",
                       file->entries().size()));
    }
    LearnedWord word{.file = path.filename().string(),
                     .token = token.empty() ? layout.token : token};
    if (word.token.find_first_not_of(" \t\r\n") == std::string::npos) {
        refuse(ErrorCode::file_damaged, path, message("its word is empty. Give it one."));
    }
    for (const auto& [encoder, entry] : layout.embeddings) {
        const Tensor embedding = file->take(entry.name).to(at::kFloat);
        const Tensor rows = embedding.view({-1, embedding.size(-1)});
        if (rows.size(0) > kMaxVectors) {
            refuse(ErrorCode::file_damaged, path,
                   message("{} has {} vectors; a prompt takes {}.", entry.name, rows.size(0),
                           kMaxVectors));
        }
        if (!at::isfinite(rows).all().item<bool>()) {
            refuse(ErrorCode::file_damaged, path,
                   message("{} holds values that are infinite or not numbers. Download the file "
                           "again.",
                           entry.name));
        }
        word.embeddings[encoder] = rows;
    }
    return word;
}

} // namespace likeness
