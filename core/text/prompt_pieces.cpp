#include "core/text/prompt_pieces.h"

#include "core/text/prompt_syntax.h"

#include <algorithm>
#include <utility>

namespace likeness {

namespace {

constexpr std::ptrdiff_t kMostCarried = 20; // tokens that move on rather than be torn apart

struct Token {
    std::int64_t id = 0;
    float weight = 1;
};

class Cutter {
public:
    explicit Cutter(const ClipTokenizer& tokenizer) : tokenizer_(tokenizer) {
        const auto comma = tokenizer.tokenize(",");
        comma_ = comma.size() == 1 ? comma.front() : -1;
        room_ = static_cast<std::size_t>(tokenizer.max_length()) - 2; // beside start and end
    }

    void add(Token token) {
        ++result_.token_count;
        result_.is_weighted = result_.is_weighted || token.weight != 1.0F;
        if (tokens_.size() == room_) {
            const auto behind = tokens_.end() - after_comma();
            const bool carries =
                token.id != comma_ && after_comma() != tokens_.begin() && behind < kMostCarried;
            std::vector<Token> carried(carries ? after_comma() : tokens_.end(), tokens_.end());
            tokens_.resize(tokens_.size() - carried.size());
            end_piece();
            tokens_ = std::move(carried);
        }
        tokens_.push_back(token);
    }

    void end_piece() {
        if (result_.pieces.size() == kMostPromptPieces) {
            result_.cut_count += static_cast<int>(tokens_.size());
        } else {
            result_.pieces.push_back(piece(tokens_));
        }
        tokens_.clear();
    }

    PromptPieces finish() {
        if (!tokens_.empty() || result_.pieces.empty()) {
            end_piece();
        }
        return std::move(result_);
    }

    PromptPiece piece(const std::vector<Token>& tokens) const {
        PromptPiece made{.ids = {tokenizer_.start_id()}, .weights = {1}};
        for (const Token& token : tokens) {
            made.ids.push_back(token.id);
            made.weights.push_back(token.weight);
        }
        made.ids.push_back(tokenizer_.end_id());
        made.ids.resize(room_ + 2, tokenizer_.pad_id());
        made.weights.resize(room_ + 2, 1.0F);
        return made;
    }

private:
    // Behind the last comma; the beginning where there is none.
    std::vector<Token>::iterator after_comma() {
        const auto last = std::find_if(tokens_.rbegin(), tokens_.rend(),
                                       [this](const Token& token) { return token.id == comma_; });
        return last.base();
    }

    const ClipTokenizer& tokenizer_;
    std::int64_t comma_ = -1;
    std::size_t room_ = 75;
    std::vector<Token> tokens_{}; // of the piece that is being filled
    PromptPieces result_{};
};

} // namespace

PromptPieces prompt_pieces(const ClipTokenizer& tokenizer, std::string_view text) {
    Cutter cutter(tokenizer);
    for (const PromptSegment& segment : read_prompt_syntax(text)) {
        if (segment.breaks) {
            cutter.end_piece();
            continue;
        }
        for (const std::int64_t id : tokenizer.tokenize(segment.text)) {
            cutter.add({id, static_cast<float>(segment.weight)});
        }
    }
    return cutter.finish();
}

PromptPieces plain_prompt(const ClipTokenizer& tokenizer, std::string_view text) {
    TokenizedPrompt tokens = tokenizer.encode(text);
    PromptPiece piece{.ids = std::move(tokens.ids)};
    piece.weights.resize(piece.ids.size(), 1.0F);
    return {.pieces = {std::move(piece)},
            .token_count = tokens.token_count,
            .cut_count = tokens.cut_count};
}

void extend_to(PromptPieces& prompt, std::size_t count, const ClipTokenizer& tokenizer) {
    while (prompt.pieces.size() < count) {
        prompt.pieces.push_back(Cutter(tokenizer).piece({}));
    }
}

} // namespace likeness
