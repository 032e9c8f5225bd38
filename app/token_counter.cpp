#include "app/token_counter.h"

#include "core/request/model_folder.h"
#include "core/text/prompt_pieces.h"

namespace likeness {

TokenCount TokenCounter::operator()(const std::string& model, const std::string& prompt) {
    if (!tokenizer_ || model != model_) {
        const auto path = find_model(model);
        tokenizer_ = std::make_shared<const ClipTokenizer>(
            std::filesystem::is_directory(path)
                ? ClipTokenizer::load(path / "tokenizer")
                : ClipTokenizer::load_merges(vocabulary_file(), "<|endoftext|>"));
        model_ = model;
    }
    constexpr int kMarks = 2; // start and end
    const PromptPieces read = prompt_pieces(*tokenizer_, prompt);
    return {.used = read.token_count,
            .most = tokenizer_->max_length() - kMarks,
            .pieces = static_cast<int>(read.pieces.size()),
            .unread = read.cut_count};
}

} // namespace likeness
