#include "core/text/clip_words.h"

#include "core/text/unicode.h"

namespace likeness {

namespace {

constexpr std::u32string_view kContractions[] = {U"'s", U"'t",  U"'re", U"'ve",
                                                 U"'m", U"'ll", U"'d"};
constexpr std::u32string_view kMarkers[] = {U"<|startoftext|>", U"<|endoftext|>"};

bool is_printable(int byte) {
    return (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
}

bool is_other(char32_t c) {
    return !is_space(c) && !is_letter(c) && !is_number(c);
}

// How many characters from the beginning are of that kind.
template <typename Predicate>
std::size_t run(std::u32string_view text, Predicate is_kind) {
    std::size_t count = 0;
    while (count < text.size() && is_kind(text[count])) {
        ++count;
    }
    return count;
}

} // namespace

std::u32string clip_normalized(std::u32string_view text) {
    std::u32string spaced;
    bool in_space = false;
    for (const char32_t c : compose(text)) {
        const bool space = is_space(c);
        if (!space) {
            spaced += c;
        } else if (!in_space) {
            spaced += U' ';
        }
        in_space = space;
    }
    return lower_case(spaced);
}

std::vector<std::string> clip_words(std::u32string_view text) {
    std::vector<std::string> words;
    const auto take = [&](std::size_t count) {
        words.push_back(encode_utf8(text.substr(0, count)));
        text.remove_prefix(count);
    };
    const auto take_first = [&](const auto& candidates) {
        for (const std::u32string_view candidate : candidates) {
            if (text.starts_with(candidate)) {
                take(candidate.size());
                return true;
            }
        }
        return false;
    };
    while (!text.empty()) {
        if (is_space(text.front())) {
            text.remove_prefix(1);
        } else if (text.starts_with(kMarkers[0]) || text.starts_with(kMarkers[1])) {
            // As a word of its own it would be a special token; as text its three parts stand
            // alone.
            take(2);
            take(run(text, is_letter));
            take(2);
        } else if (take_first(kContractions)) {
            continue;
        } else if (is_number(text.front())) {
            take(1);
        } else {
            take(is_letter(text.front()) ? run(text, is_letter) : run(text, is_other));
        }
    }
    return words;
}

const std::array<std::string, 256>& byte_symbols() {
    static const auto symbols = [] {
        std::array<std::string, 256> made;
        char32_t next = 0x100;
        for (int byte = 0; byte < 256; ++byte) {
            const char32_t c = is_printable(byte) ? static_cast<char32_t>(byte) : next++;
            made[static_cast<std::size_t>(byte)] = encode_utf8(std::u32string_view(&c, 1));
        }
        return made;
    }();
    return symbols;
}

const std::array<unsigned char, 256>& byte_order() {
    static const auto order = [] {
        std::array<unsigned char, 256> made{};
        std::size_t count = 0;
        for (const bool printable : {true, false}) {
            for (int byte = 0; byte < 256; ++byte) {
                if (is_printable(byte) == printable) {
                    made[count++] = static_cast<unsigned char>(byte);
                }
            }
        }
        return made;
    }();
    return order;
}

} // namespace likeness
