#pragma once

#include "core/text/clip_words.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace likeness {

// A byte-pair vocabulary in CLIP's order: 256 byte symbols, the same as ends of words, the merges,
// start and end.
struct BpeVocabulary {
    std::vector<std::string> tokens{}; // by id
    std::vector<std::pair<std::string, std::string>> merges{};

    bool operator==(const BpeVocabulary&) const = default;
};

// Learns a vocabulary of at most `vocab_size` tokens (at least 514) from texts and how often each
// occurs. Always merges the most frequent pair, of equally frequent ones the first in byte order,
// so the same texts give the same vocabulary; ends early when every word is one token.
BpeVocabulary train_bpe(const std::map<std::string, std::uint64_t>& texts, int vocab_size);

// Writes vocab.json, merges.txt, tokenizer_config.json and special_tokens_map.json as transformers'
// CLIPTokenizer and ClipTokenizer read them. The folder must exist. `max_length` counts start and
// end.
void save_clip_tokenizer(const std::filesystem::path& folder, const BpeVocabulary& vocabulary,
                         int max_length, std::string_view pad_token = kEndOfText);

} // namespace likeness
