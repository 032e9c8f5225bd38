#include "core/text/bpe_trainer.h"

#include "core/base/atomic_file.h"
#include "core/base/check.h"
#include "core/text/unicode.h"

#include <set>

#include <nlohmann/json.hpp>

namespace likeness {

namespace {

using Pair = std::pair<std::string, std::string>;

struct Word {
    std::vector<std::string> symbols{};
    std::uint64_t count = 0;
};

std::vector<Word> words_of(const std::map<std::string, std::uint64_t>& texts) {
    std::map<std::string, std::uint64_t> counts;
    for (const auto& [text, count] : texts) {
        for (const std::string& word : clip_words(clip_normalized(decode_utf8(text)))) {
            counts[word] += count;
        }
    }
    std::vector<Word> words;
    for (const auto& [text, count] : counts) {
        Word& word = words.emplace_back(Word{.count = count});
        for (const char c : text) {
            word.symbols.push_back(byte_symbols()[static_cast<unsigned char>(c)]);
        }
        word.symbols.back() += kEndOfWord;
    }
    return words;
}

// The most frequent pair of neighbours that makes a token which is not known yet, the first in byte
// order of several; empty where there is none.
Pair most_frequent(const std::vector<Word>& words, const std::set<std::string>& known) {
    std::map<Pair, std::uint64_t> counts;
    for (const Word& word : words) {
        for (std::size_t i = 0; i + 1 < word.symbols.size(); ++i) {
            counts[{word.symbols[i], word.symbols[i + 1]}] += word.count;
        }
    }
    Pair best;
    std::uint64_t most = 0;
    for (const auto& [pair, count] : counts) {
        if (count > most && !known.contains(pair.first + pair.second)) {
            best = pair;
            most = count;
        }
    }
    return best;
}

void merge(Word& word, const Pair& pair) {
    std::vector<std::string> merged;
    for (std::size_t i = 0; i < word.symbols.size(); ++i) {
        const bool here = i + 1 < word.symbols.size() && word.symbols[i] == pair.first &&
                          word.symbols[i + 1] == pair.second;
        merged.push_back(here ? pair.first + pair.second : word.symbols[i]);
        i += here ? 1 : 0;
    }
    word.symbols = std::move(merged);
}

} // namespace

BpeVocabulary train_bpe(const std::map<std::string, std::uint64_t>& texts, int vocab_size) {
    LIKENESS_CHECK(vocab_size >= 514, vocab_size);
    BpeVocabulary vocabulary;
    for (const std::string_view end : {std::string_view{}, kEndOfWord}) {
        for (const unsigned char byte : byte_order()) {
            vocabulary.tokens.push_back(byte_symbols()[byte] + std::string(end));
        }
    }
    std::set<std::string> known(vocabulary.tokens.begin(), vocabulary.tokens.end());
    std::vector<Word> words = words_of(texts);
    while (vocabulary.tokens.size() + 2 < static_cast<std::size_t>(vocab_size)) {
        const Pair pair = most_frequent(words, known);
        if (pair.first.empty()) {
            break;
        }
        for (Word& word : words) {
            merge(word, pair);
        }
        vocabulary.tokens.push_back(pair.first + pair.second);
        known.insert(vocabulary.tokens.back());
        vocabulary.merges.push_back(pair);
    }
    vocabulary.tokens.emplace_back(kStartOfText);
    vocabulary.tokens.emplace_back(kEndOfText);
    return vocabulary;
}

void save_clip_tokenizer(const std::filesystem::path& folder, const BpeVocabulary& vocabulary,
                         int max_length, std::string_view pad_token) {
    nlohmann::ordered_json ids = nlohmann::ordered_json::object();
    for (std::size_t id = 0; id < vocabulary.tokens.size(); ++id) {
        ids[vocabulary.tokens[id]] = id;
    }
    std::string merges = "#version: 0.2\n";
    for (const auto& [left, right] : vocabulary.merges) {
        merges += left + " " + right + "\n";
    }
    const auto special = [](std::string_view content) {
        return nlohmann::ordered_json{{"content", content},
                                      {"lstrip", false},
                                      {"normalized", true},
                                      {"rstrip", false},
                                      {"single_word", false}};
    };
    const nlohmann::ordered_json specials = {{"bos_token", special(kStartOfText)},
                                             {"eos_token", special(kEndOfText)},
                                             {"pad_token", pad_token},
                                             {"unk_token", special(kEndOfText)}};
    nlohmann::ordered_json config = {{"add_prefix_space", false},
                                     {"do_lower_case", true},
                                     {"errors", "replace"},
                                     {"model_max_length", max_length},
                                     {"tokenizer_class", "CLIPTokenizer"}};
    for (const auto& [key, value] : specials.items()) {
        config[key] = value;
        if (value.is_object()) {
            config[key]["__type"] = "AddedToken";
        }
    }
    write_file_atomically(folder / "vocab.json", ids.dump());
    write_file_atomically(folder / "merges.txt", merges);
    write_file_atomically(folder / "tokenizer_config.json", config.dump(2) + "\n");
    write_file_atomically(folder / "special_tokens_map.json", specials.dump(2) + "\n");
}

} // namespace likeness
