#pragma once

#include "core/text/clip_tokenizer.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace likeness {

// What a text encoder reads at once: as many tokens as it has positions.
struct PromptPiece {
    std::vector<std::int64_t> ids{}; // [max_length]: start, tokens, end, padding
    std::vector<float> weights{};    // one for each, 1 where nothing is said
};

struct PromptPieces {
    std::vector<PromptPiece> pieces{}; // at least one
    int token_count = 0;               // of the whole prompt, start and end not counted
    int cut_count = 0;                 // how many of them are not read
    bool is_weighted = false;          // whether any weight is not 1
};

inline constexpr int kMostPromptPieces = 20;

// A prompt with the marks of prompt_syntax.h, in pieces of 75 tokens where the model has 77
// positions. A piece that would end within the last words of a comma list ends at the comma: up to
// 20 tokens behind it begin the next piece, as AUTOMATIC1111's web UI does it. Past
// kMostPromptPieces nothing is read. A prompt without marks that fits one piece is what
// tokenizer.encode() gives.
PromptPieces prompt_pieces(const ClipTokenizer& tokenizer, std::string_view text);

// A prompt that is read word by word as it stands: one piece, what does not fit is cut.
PromptPieces plain_prompt(const ClipTokenizer& tokenizer, std::string_view text);

// Fills up with pieces of no words.
void extend_to(PromptPieces& prompt, std::size_t count, const ClipTokenizer& tokenizer);

} // namespace likeness
