#include "core/text/clip_tokenizer.h"

#include "core/base/error.h"
#include "core/base/read_file.h"
#include "core/base/wording.h"
#include "core/text/bpe_trainer.h"
#include "core/text/clip_words.h"
#include "core/text/unicode.h"

#include <queue>

#include <algorithm>
#include <memory>
#include <set>

#include <nlohmann/json.hpp>
#include <zlib.h>

namespace likeness {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMaxFileBytes = 8U << 20U; // twice CLIP's largest
constexpr std::size_t kMaxTokens = 200'000;
constexpr std::size_t kMaxValues = 300'000; // of a JSON file: tokens, and merges as pairs
constexpr int kMaxLength = 4'096;
constexpr int kPublicMerges = 49'152 - 256 - 2; // that CLIP uses of OpenAI's list
constexpr int kSpecialTokens = 2; // start and end stand behind the merges in the vocabulary

[[noreturn]] void damaged(const std::filesystem::path& path, const Message& why) {
    throw Error(ErrorCode::file_damaged,
                message("{} could not be opened: {}.\nDownload the model again.",
                        in_quotes((path.parent_path().filename() / path.filename()).string()), why),
                path.string());
}

// A JSON object of at most `depth` levels in which no key stands twice.
Json load_object(const std::filesystem::path& path, int depth) {
    const std::string text = read_text_file(path, kMaxFileBytes);
    std::vector<std::set<std::string>> keys;
    std::size_t values = 0;
    const auto watch = [&](int level, Json::parse_event_t event, Json& parsed) {
        if (level >= depth && (event == Json::parse_event_t::object_start ||
                               event == Json::parse_event_t::array_start)) {
            damaged(path, message("it is nested too deeply"));
        }
        const bool begins = event == Json::parse_event_t::object_start ||
                            event == Json::parse_event_t::array_start ||
                            event == Json::parse_event_t::value;
        if (begins && ++values > kMaxValues) {
            damaged(path, message("it holds more than {} values, more than any vocabulary of CLIP",
                                  kMaxValues));
        }
        if (event == Json::parse_event_t::object_start) {
            keys.emplace_back();
        } else if (event == Json::parse_event_t::object_end) {
            keys.pop_back();
        } else if (event == Json::parse_event_t::key &&
                   !keys.back().insert(parsed.get_ref<const std::string&>()).second) {
            damaged(path, message("it has the key {} twice", in_quotes(parsed.get<std::string>())));
        }
        return true;
    };
    if (text.find('\0') != std::string::npos) {
        damaged(path, message("it is not valid JSON"));
    }
    Json json;
    try {
        json = Json::parse(text, watch);
    } catch (const Json::exception& error) {
        damaged(path, message("it is not valid JSON"));
    }
    if (!json.is_object()) {
        damaged(path, message("it is not a JSON object"));
    }
    return json;
}

// The text of a file, unpacked where it is packed.
std::string unpacked(const std::filesystem::path& path) {
    const auto file =
        std::unique_ptr<gzFile_s, int (*)(gzFile)>(gzopen(path.c_str(), "rb"), gzclose);
    if (!file) {
        throw Error(ErrorCode::file_unreadable,
                    message("{} could not be opened.", in_quotes(path.string())));
    }
    std::string text;
    std::vector<char> piece(1U << 18U);
    while (true) {
        const int got = gzread(file.get(), piece.data(), static_cast<unsigned>(piece.size()));
        int ending = Z_OK; // Z_BUF_ERROR at the end of what is cut
        gzerror(file.get(), &ending);
        if (got < 0 || (got == 0 && ending != Z_OK)) {
            damaged(path, message("it is not a whole gzip file"));
        }
        if (got == 0) {
            return text;
        }
        text.append(piece.data(), static_cast<std::size_t>(got));
        if (text.size() > kMaxFileBytes) {
            damaged(path, message("it is larger than any vocabulary"));
        }
    }
}

std::uint64_t pair_key(std::int32_t left, std::int32_t right) {
    return static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32U |
           static_cast<std::uint32_t>(right);
}

// Where `token` first stands in `text`, or npos; the longest of those that begin there first.
struct Found {
    std::size_t at = std::u32string_view::npos;
    std::size_t length = 0;
    std::int64_t id = 0;
};

bool is_word_character(char32_t c) {
    return is_letter(c) || is_number(c);
}

// Whether those characters are no part of a longer word.
bool stands_alone(std::u32string_view text, std::size_t at, std::size_t length) {
    const std::size_t end = at + length;
    return (at == 0 || !is_word_character(text[at]) || !is_word_character(text[at - 1])) &&
           (end == text.size() || !is_word_character(text[end - 1]) ||
            !is_word_character(text[end]));
}

} // namespace

// A text cut at its special tokens.
struct ClipTokenizer::Pieces {
    struct Piece {
        std::u32string text{};
        std::int64_t id = -1; // of a special token; -1: text
    };

    // A token to cut at.
    struct Token {
        std::u32string content{};
        std::int64_t id = 0;
        bool alone = false; // not within a longer word
    };

    std::vector<Piece> pieces{};

    // Cuts every piece of text at those tokens.
    void cut(const std::vector<Token>& tokens) {
        std::vector<Piece> cut_pieces;
        for (Piece& piece : pieces) {
            if (piece.id >= 0) {
                cut_pieces.push_back(std::move(piece));
                continue;
            }
            std::u32string_view rest = piece.text;
            for (Found next = first_of(rest, tokens); next.at != rest.npos;
                 next = first_of(rest, tokens)) {
                cut_pieces.push_back({std::u32string(rest.substr(0, next.at))});
                cut_pieces.push_back({{}, next.id});
                rest.remove_prefix(next.at + next.length);
            }
            cut_pieces.push_back({std::u32string(rest)});
        }
        pieces = std::move(cut_pieces);
    }

private:
    static Found first_of(std::u32string_view text, const std::vector<Token>& tokens) {
        Found first;
        for (const auto& [token, id, alone] : tokens) {
            std::size_t at = text.find(token);
            while (alone && at != text.npos && !stands_alone(text, at, token.size())) {
                at = text.find(token, at + 1);
            }
            if (at < first.at ||
                (at == first.at && at != text.npos && token.size() > first.length)) {
                first = {at, token.size(), id};
            }
        }
        return first;
    }
};

// Reads the files of one folder into a tokenizer.
struct ClipTokenizer::FolderReader {
    const std::filesystem::path& folder;
    ClipTokenizer result{};
    std::unordered_map<std::string, std::int32_t> ids{};
    std::filesystem::path vocabulary_path{};

    // The two classic files, or the one that transformers writes from 5.0 on.
    void read_tokens() {
        const auto whole = folder / "tokenizer.json";
        if (!is_there(folder / "vocab.json") && is_there(whole)) {
            read_tokenizer_json(whole);
        } else {
            const auto path = folder / "vocab.json";
            read_vocabulary(path, load_object(path, 1));
            const auto merges = folder / "merges.txt";
            read_merges(merges, read_text_file(merges, kMaxFileBytes));
        }
    }

    void read_tokenizer_json(const std::filesystem::path& path) {
        const Json json = load_object(path, 16);
        const auto model = json.find("model");
        if (model == json.end() || !model->is_object() || model->value("type", Json()) != "BPE" ||
            model->value("end_of_word_suffix", Json()) != std::string(kEndOfWord)) {
            damaged(path, message("it is no byte-pair vocabulary of CLIP's kind"));
        }
        const auto vocabulary = model->find("vocab"), merges = model->find("merges");
        if (vocabulary == model->end() || !vocabulary->is_object() || merges == model->end() ||
            !merges->is_array()) {
            damaged(path, message("it lacks its vocabulary or its merges"));
        }
        read_vocabulary(path, *vocabulary);
        std::uint32_t rank = 0;
        for (const Json& merge : *merges) {
            const bool pair = merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
                              merge[1].is_string();
            if (!pair && !merge.is_string()) {
                damaged(path, message("its merge {} is not a pair of tokens", rank + 1));
            }
            const std::string row =
                pair ? merge[0].get<std::string>() + " " + merge[1].get<std::string>()
                     : merge.get<std::string>();
            add_merge(path, row, static_cast<int>(rank) + 1, rank);
            ++rank;
        }
    }

    void read_vocabulary(const std::filesystem::path& path, const Json& vocabulary) {
        vocabulary_path = path;
        if (vocabulary.empty() || vocabulary.size() > kMaxTokens) {
            damaged(path,
                    message("it has {} tokens, 1 to {} can be", vocabulary.size(), kMaxTokens));
        }
        std::vector<bool> seen(vocabulary.size());
        for (const auto& [token, id] : vocabulary.items()) {
            if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= vocabulary.size()) {
                damaged(path,
                        message("the token {} has no id within the vocabulary", in_quotes(token)));
            }
            const auto number = id.get<std::size_t>();
            if (seen[number]) {
                damaged(path, message("two tokens have the id {}", number));
            }
            seen[number] = true;
            ids.emplace(token, static_cast<std::int32_t>(number));
        }
        result.vocab_size_ = static_cast<std::int64_t>(vocabulary.size());
        for (std::size_t byte = 0; byte < 256; ++byte) {
            result.symbol_ids_[byte] = id_of(byte_symbols()[byte]);
            result.last_symbol_ids_[byte] = id_of(byte_symbols()[byte] + std::string(kEndOfWord));
        }
    }

    std::int32_t id_of(const std::string& token) const {
        const auto found = ids.find(token);
        return found == ids.end() ? -1 : found->second;
    }

    // OpenAI's list holds the merges alone: the vocabulary is the bytes, the bytes at a word's end
    // and what the merges make, in this order.
    void read_public_merges(const std::filesystem::path& path) {
        std::string text = unpacked(path);
        std::size_t end = text.find('\n'); // its first line is a heading
        text.erase(0, end == std::string::npos ? text.size() : end + 1);
        Json vocabulary = Json::object();
        for (const char* word_end : {"", kEndOfWord.data()}) {
            for (const unsigned char byte : byte_order()) {
                vocabulary.emplace(byte_symbols()[byte] + word_end, vocabulary.size());
            }
        }
        std::size_t start = 0;
        for (int left = kPublicMerges; left > 0 && start < text.size(); --left) {
            end = std::min(text.find('\n', start), text.size());
            std::string token = text.substr(start, end - start);
            std::erase(token, ' ');
            vocabulary.emplace(token, vocabulary.size());
            start = end + 1;
        }
        text.resize(std::min(start, text.size()));
        for (const std::string_view special : {kStartOfText, kEndOfText}) {
            vocabulary.emplace(std::string(special), vocabulary.size());
        }
        read_vocabulary(path, vocabulary);
        read_merges(path, text);
        if (result.merges_.empty()) {
            damaged(path, message("it holds no merges of tokens"));
        }
    }

    void read_merges(const std::filesystem::path& path, const std::string& text) {
        // Published files may hold more merges than the vocabulary has room for.
        const auto most = std::max<std::int64_t>(0, result.vocab_size_ - 512 - kSpecialTokens);
        std::size_t start = 0;
        for (int line = 1; start < text.size(); ++line) {
            const std::size_t end = std::min(text.find('\n', start), text.size());
            std::string_view row = std::string_view(text).substr(start, end - start);
            start = end + 1;
            if (row.ends_with('\r')) {
                row.remove_suffix(1);
            }
            if (row.empty() || (line == 1 && row.starts_with("#version"))) {
                continue;
            }
            const auto rank = static_cast<std::uint32_t>(result.merges_.size());
            if (static_cast<std::int64_t>(rank) >= most) {
                break;
            }
            add_merge(path, row, line, rank);
        }
    }

    void add_merge(const std::filesystem::path& path, std::string_view row, int line,
                   std::uint32_t rank) {
        const auto space = row.find(' ');
        if (space == std::string_view::npos || row.find(' ', space + 1) != std::string_view::npos) {
            damaged(path, message("its line {} is not a pair of tokens", line));
        }
        const std::string left(row.substr(0, space));
        const std::string right(row.substr(space + 1));
        const std::int32_t left_id = id_of(left);
        const std::int32_t right_id = id_of(right);
        const std::int32_t merged_id = id_of(left + right);
        if (left_id < 0 || right_id < 0 || merged_id < 0) {
            damaged(path,
                    message("its line {} uses a token that the vocabulary does not have", line));
        }
        if (!result.merges_.emplace(pair_key(left_id, right_id), Merge{rank, merged_id}).second) {
            damaged(path, message("its line {} repeats an earlier one", line));
        }
    }

    void read_special_tokens() {
        Json config = Json::object();
        const auto config_path = folder / "tokenizer_config.json";
        if (is_there(config_path)) {
            config = load_object(config_path, 8);
        }
        const auto map_path = folder / "special_tokens_map.json";
        if (!config.contains("added_tokens_decoder") && is_there(map_path)) {
            config.update(load_object(map_path, 8));
        }
        set_special_tokens(config);
    }

    void set_special_tokens(const Json& config) {
        result.start_ = special(config, "bos_token", kStartOfText);
        result.end_ = special(config, "eos_token", kEndOfText);
        result.unknown_ = special(config, "unk_token", kEndOfText);
        result.pad_ = special(config, "pad_token", kEndOfText);
        if (const auto length = config.find("model_max_length");
            length != config.end() && length->is_number() && length->get<double>() >= 3 &&
            length->get<double>() <= kMaxLength) {
            result.max_length_ = static_cast<int>(length->get<double>());
        }
    }

    Special special(const Json& config, const char* key, std::string_view otherwise) const {
        Special token{.content = std::string(otherwise)};
        const auto value = config.find(key);
        if (value != config.end() && value->is_string()) {
            token.content = value->get<std::string>();
            token.normalized = normalized_in_decoder(config, token.content);
        } else if (value != config.end() && value->is_object() && value->contains("content") &&
                   (*value)["content"].is_string()) {
            token.content = (*value)["content"].get<std::string>();
            token.normalized = value->contains("normalized") && (*value)["normalized"] == true;
        }
        token.id = id_of(token.content);
        if (token.id < 0) {
            damaged(vocabulary_path, message("it lacks the {} {}", key, in_quotes(token.content)));
        }
        return token;
    }

    static bool normalized_in_decoder(const Json& config, const std::string& content) {
        const auto decoder = config.find("added_tokens_decoder");
        if (decoder == config.end() || !decoder->is_object()) {
            return false;
        }
        return std::ranges::any_of(decoder->items(), [&](const auto& item) {
            const Json& token = item.value();
            return token.is_object() && token.contains("content") && token["content"] == content &&
                   token.contains("normalized") && token["normalized"] == true;
        });
    }
};

ClipTokenizer ClipTokenizer::load(const std::filesystem::path& folder) {
    FolderReader reader{folder, ClipTokenizer()};
    reader.read_tokens();
    reader.read_special_tokens();
    return std::move(reader.result);
}

ClipTokenizer ClipTokenizer::load_merges(const std::filesystem::path& file,
                                         std::string_view pad_token) {
    FolderReader reader{file, ClipTokenizer()};
    reader.read_public_merges(file);
    reader.set_special_tokens({{"pad_token", std::string(pad_token)}});
    return std::move(reader.result);
}

BpeVocabulary ClipTokenizer::load_vocabulary(const std::filesystem::path& file) {
    FolderReader reader{file, ClipTokenizer()};
    reader.read_public_merges(file);
    BpeVocabulary vocabulary{.tokens = std::vector<std::string>(reader.ids.size())};
    for (const auto& [token, id] : reader.ids) {
        vocabulary.tokens[static_cast<std::size_t>(id)] = token;
    }
    vocabulary.merges.resize(reader.result.merges_.size());
    for (const auto& [pair, merge] : reader.result.merges_) {
        vocabulary.merges[merge.rank] = {vocabulary.tokens[pair >> 32U],
                                         vocabulary.tokens[pair & 0xFFFF'FFFFU]};
    }
    return vocabulary;
}

ClipTokenizer ClipTokenizer::with_words(std::vector<AddedWord> words) const {
    ClipTokenizer more = *this;
    for (AddedWord& added : words) {
        std::u32string content = clip_normalized(decode_utf8(added.word));
        while (content.ends_with(U' ')) {
            content.pop_back();
        }
        content.erase(0, std::min(content.find_first_not_of(U' '), content.size()));
        if (!content.empty() && !added.ids.empty()) {
            more.added_words_.push_back({encode_utf8(content), std::move(added.ids)});
        }
    }
    return more;
}

std::vector<std::int64_t> ClipTokenizer::tokenize(std::string_view text, PadInPrompt pad) const {
    // Of two kinds of the same token the later one counts, as in transformers.
    std::vector<Special> specials = {start_, end_, unknown_};
    const bool pad_is_own =
        std::ranges::find(specials, pad_.content, &Special::content) == specials.end();
    if (!pad_is_own || pad == PadInPrompt::is_padding) {
        specials.push_back(pad_);
    }
    std::vector<Pieces::Token> raw;
    std::vector<Pieces::Token> normalized;
    for (auto token = specials.rbegin(); token != specials.rend(); ++token) {
        const bool repeated = std::find_if(specials.rbegin(), token, [&](const Special& later) {
                                  return later.content == token->content;
                              }) != token;
        if (repeated || token->content.empty()) {
            continue;
        }
        const std::u32string content = decode_utf8(token->content);
        token->normalized ? normalized.push_back({clip_normalized(content), token->id})
                          : raw.push_back({content, token->id});
    }
    for (const AddedWord& added : added_words_) {
        normalized.push_back({decode_utf8(added.word), added.ids.front(), true});
    }

    Pieces cut{{{decode_utf8(text)}}};
    cut.cut(raw);
    for (auto& piece : cut.pieces) {
        piece.text = clip_normalized(piece.text);
    }
    cut.cut(normalized);
    std::vector<std::int64_t> ids;
    for (const auto& piece : cut.pieces) {
        const auto added = std::ranges::find(
            added_words_, piece.id, [](const AddedWord& word) { return word.ids.front(); });
        if (added != added_words_.end()) {
            ids.insert(ids.end(), added->ids.begin(), added->ids.end());
        } else if (piece.id >= 0) {
            ids.push_back(piece.id);
        }
        for (const std::string& word : clip_words(piece.text)) {
            append_word(word, ids);
        }
    }
    return ids;
}

TokenizedPrompt ClipTokenizer::encode(std::string_view text, PadInPrompt pad) const {
    std::vector<std::int64_t> ids = tokenize(text, pad);
    TokenizedPrompt prompt{.token_count = static_cast<int>(ids.size())};
    const auto room = static_cast<std::size_t>(max_length_ - kSpecialTokens);
    prompt.cut_count = static_cast<int>(ids.size() - std::min(ids.size(), room));
    ids.resize(std::min(ids.size(), room));
    prompt.ids.push_back(start_.id);
    prompt.ids.insert(prompt.ids.end(), ids.begin(), ids.end());
    prompt.ids.push_back(end_.id);
    prompt.ids.resize(static_cast<std::size_t>(max_length_), pad_.id);
    return prompt;
}

// Merges the pair of lowest rank, leftmost first, until none is left. The candidates wait in a
// heap, so that a word of a hundred thousand letters takes no longer than its length times a
// logarithm.
void ClipTokenizer::append_word(const std::string& word, std::vector<std::int64_t>& ids) const {
    struct Symbol {
        std::int32_t id = 0; // below 0: not in the vocabulary, or merged into the one before
        int previous = -1;
        int next = -1;
        bool gone = false;
    };

    struct Candidate {
        std::uint32_t rank = 0;
        int at = 0; // the left symbol
        std::int32_t left = 0;
        std::int32_t right = 0;
        std::int32_t merged = 0;

        bool operator>(const Candidate& other) const {
            return rank != other.rank ? rank > other.rank : at > other.at;
        }
    };

    const int count = static_cast<int>(word.size());
    std::vector<Symbol> symbols;
    for (int i = 0; i < count; ++i) {
        const auto byte = static_cast<unsigned char>(word[static_cast<std::size_t>(i)]);
        symbols.push_back({.id = i + 1 == count ? last_symbol_ids_[byte] : symbol_ids_[byte],
                           .previous = i - 1,
                           .next = i + 1 == count ? -1 : i + 1});
    }
    const auto symbol = [&](int at) -> Symbol& { return symbols[static_cast<std::size_t>(at)]; };
    std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> candidates;
    const auto consider = [&](int at) {
        if (at < 0 || symbol(at).next < 0) {
            return;
        }
        const std::int32_t left = symbol(at).id;
        const std::int32_t right = symbol(symbol(at).next).id;
        const auto merge =
            left < 0 || right < 0 ? merges_.end() : merges_.find(pair_key(left, right));
        if (merge != merges_.end()) {
            candidates.push({merge->second.rank, at, left, right, merge->second.id});
        }
    };
    for (int i = 0; i < count; ++i) {
        consider(i);
    }
    while (!candidates.empty()) {
        const Candidate best = candidates.top();
        candidates.pop();
        Symbol& left = symbol(best.at);
        if (left.gone || left.id != best.left || left.next < 0 ||
            symbol(left.next).id != best.right) {
            continue; // one of the two has become something else meanwhile
        }
        Symbol& right = symbol(left.next);
        left.id = best.merged;
        right.gone = true;
        left.next = right.next;
        if (left.next >= 0) {
            symbol(left.next).previous = best.at;
        }
        consider(left.previous);
        consider(best.at);
    }
    for (const Symbol& each : symbols) {
        if (!each.gone) {
            ids.push_back(each.id < 0 ? unknown_.id : each.id);
        }
    }
}

} // namespace likeness
