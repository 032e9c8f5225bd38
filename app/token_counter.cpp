#include "app/token_counter.h"

#include "core/request/model_folder.h"

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
    return {.used = tokenizer_->encode(prompt).token_count,
            .most = tokenizer_->max_length() - kMarks};
}

} // namespace likeness
