#pragma once

#include "core/text/clip_tokenizer.h"
#include "ui/model/token_count.h"

#include <memory>
#include <string>

namespace likeness {

// Counts a prompt's tokens as that model's own tokenizer splits it; the last model's is kept. One
// call at a time. Throws Error for a model without a readable tokenizer.
class TokenCounter {
public:
    TokenCount operator()(const std::string& model, const std::string& prompt);

private:
    std::string model_{};
    std::shared_ptr<const ClipTokenizer> tokenizer_{};
};

} // namespace likeness
