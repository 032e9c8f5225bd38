#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace likeness {

struct BpeVocabulary;

// A prompt as the text encoder reads it.
struct TokenizedPrompt {
    std::vector<std::int64_t> ids{}; // [max_length]: start, tokens, end, padding
    int token_count = 0;             // of the whole prompt, start and end not counted
    int cut_count = 0;               // how many of them did not fit

    bool operator==(const TokenizedPrompt&) const = default;
};

// SDXL's second tokenizer pads with "!". transformers takes every "!" of a prompt for padding then;
// OpenCLIP, which trained the model, does not.
enum class PadInPrompt { is_text, is_padding };

// A word that is not of the vocabulary, and what it is read as.
struct AddedWord {
    std::string word{};
    std::vector<std::int64_t> ids{}; // at least one
};

// CLIP's byte-level BPE, token for token what transformers' CLIPTokenizer gives. A value: reads its
// files once, is never changed, may be used from any thread.
class ClipTokenizer {
public:
    // A diffusers tokenizer folder: vocab.json and merges.txt, or tokenizer.json, and, where they
    // are, tokenizer_config.json and special_tokens_map.json. Throws Error naming the file that is
    // missing, too large or damaged.
    static ClipTokenizer load(const std::filesystem::path& folder);

    // From OpenAI's list of merges, plain or packed with gzip (bpe_simple_vocab_16e6.txt.gz): the
    // tokenizer of every published SD and SDXL model but for its padding.
    static ClipTokenizer load_merges(const std::filesystem::path& file, std::string_view pad_token);

    // That list's vocabulary, to be written as a folder.
    static BpeVocabulary load_vocabulary(const std::filesystem::path& file);

    // What is not UTF-8 counts as U+FFFD.
    TokenizedPrompt encode(std::string_view text, PadInPrompt pad = PadInPrompt::is_text) const;

    // This tokenizer, that reads these words too: in any case of letters and wherever they stand,
    // as transformers' added tokens; but one that begins or ends with a letter or digit not within
    // a longer word. Of words that begin at the same place the longest counts.
    ClipTokenizer with_words(std::vector<AddedWord> words) const;

    // The tokens alone, all of them, without start, end and padding.
    std::vector<std::int64_t> tokenize(std::string_view text,
                                       PadInPrompt pad = PadInPrompt::is_text) const;

    int max_length() const { return max_length_; }

    std::int64_t vocab_size() const { return vocab_size_; }

    std::int64_t start_id() const { return start_.id; }

    std::int64_t end_id() const { return end_.id; }

    std::int64_t pad_id() const { return pad_.id; }

private:
    struct Special {
        std::string content{};
        std::int64_t id = 0;
        bool normalized = false; // is looked for in the normalised text, not in the raw one
    };

    struct Merge {
        std::uint32_t rank = 0;
        std::int32_t id = 0;
    };

    struct Pieces;
    struct FolderReader;

    ClipTokenizer() = default;
    void append_word(const std::string& word, std::vector<std::int64_t>& ids) const;

    std::array<std::int32_t, 256> symbol_ids_{};        // of a byte within a word
    std::array<std::int32_t, 256> last_symbol_ids_{};   // of the last byte of a word
    std::unordered_map<std::uint64_t, Merge> merges_{}; // (left id, right id) -> what they become
    Special start_{}, end_{}, unknown_{}, pad_{};
    std::vector<AddedWord> added_words_{};
    std::int64_t vocab_size_ = 0;
    int max_length_ = 77;
};

} // namespace likeness
