#include "app/token_counter.h"

#include "core/request/model_folder.h"

namespace likeness {

TokenCount TokenCounter::operator()(const std::string& model, const std::string& prompt) {
    if (!tokenizer_ || model != model_) {
        tokenizer_ = std::make_shared<const ClipTokenizer>(
            ClipTokenizer::load(find_model(model) / "tokenizer"));
        model_ = model;
    }
    constexpr int kMarks = 2; // start and end
    return {.used = tokenizer_->encode(prompt).token_count,
            .most = tokenizer_->max_length() - kMarks};
}

} // namespace likeness
