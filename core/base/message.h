#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace likeness {

// The English of a message, a literal with `Places` times "{}"; checked by the compiler.
template <std::size_t Places>
class MessageWords {
public:
    consteval MessageWords(const char* literal) : text_(literal) {
        std::size_t found = 0;
        for (const char* c = literal; *c != '\0'; ++c) {
            if (c[0] == '{' && c[1] == '}') {
                ++found;
            } else if (c[0] == '{' && (c[1] == ':' || (c[1] >= '0' && c[1] <= '9'))) {
                throw "a place is \"{}\": what goes there comes as it is to be read";
            }
        }
        if (found != Places) {
            throw "another number of places than of parts";
        }
    }

    constexpr const char* text() const { return text_; }

private:
    const char* text_;
};

// Something the program tells a person: words, and what stands in their places. So it can be said
// in another language wherever it arrives, whole and without guessing.
struct Message {
    // Other words for these, in some language; the same where there are none. Their places may be
    // numbered ("{1} of {0}") to stand in another order.
    using Translate = std::function<std::string(const std::string& words)>;

    std::string words{};
    std::vector<Message> parts{};
    bool verbatim = false; // a name, a number: the same in every language

    std::string text() const; // in English
    std::string text(const Translate& translate) const;

    bool empty() const { return words.empty(); }

    bool operator==(const Message&) const = default;
};

// A name, or words that somebody else has chosen.
Message verbatim(std::string text);

// One after the other: "a; b; c".
Message joined(std::span<const Message> messages, std::string_view between);

// All of them in English.
std::vector<std::string> texts(std::span<const Message> messages);

// What a place shows: messages as they are, the rest as fmt writes it.
template <typename Part>
Message part_of(Part&& part) {
    if constexpr (std::is_same_v<std::remove_cvref_t<Part>, Message>) {
        return std::forward<Part>(part);
    } else {
        return verbatim(fmt::format("{}", std::forward<Part>(part)));
    }
}

// message("Reference {} has no picture ({}).", number, path). The literal stands in the call, or in
// a words() of a table: tests/ui/update_translations.sh finds both there.
template <typename... Parts>
Message message(std::type_identity_t<MessageWords<sizeof...(Parts)>> words, Parts&&... parts) {
    return {.words = words.text(), .parts = {part_of(std::forward<Parts>(parts))...}};
}

// Words of a table.
consteval MessageWords<0> words(MessageWords<0> literal) {
    return literal;
}

} // namespace likeness
