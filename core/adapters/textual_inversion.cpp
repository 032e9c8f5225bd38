#include "core/adapters/textual_inversion.h"

#include "core/base/error.h"
#include "core/base/wording.h"

#include <ATen/ops/isfinite.h>

namespace likeness {

namespace {

constexpr int64_t kMaxVectors = 75; // more do not fit into a prompt

[[noreturn]] void refuse(ErrorCode code, const std::filesystem::path& path, const Message& why) {
    throw Error(code, message("The textual inversion {} was not used: {}",
                              in_quotes(path.filename().string()), why));
}

} // namespace

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
