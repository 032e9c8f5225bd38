#include "core/base/message.h"

#include <cctype>

namespace likeness {

namespace {

// The place that begins at `at`: "{}" is the one after `before`, "{2}" the third.
struct Place {
    std::size_t part = 0;
    std::size_t length = 0; // 0: there is none
};

Place place_at(std::string_view words, std::size_t at, std::size_t before) {
    if (words.substr(at).starts_with("{}")) {
        return {.part = before, .length = 2};
    }
    const bool numbered = words.size() > at + 2 && words[at] == '{' && words[at + 2] == '}' &&
                          std::isdigit(static_cast<unsigned char>(words[at + 1])) != 0;
    return numbered ? Place{.part = static_cast<std::size_t>(words[at + 1] - '0'), .length = 3}
                    : Place{};
}

} // namespace

std::string Message::text() const {
    return text([](const std::string& english) { return english; });
}

std::string Message::text(const Translate& translate) const {
    if (verbatim) {
        return words;
    }
    const std::string said = translate(words);
    std::string result;
    std::size_t next = 0;
    for (std::size_t at = 0; at < said.size();) {
        const Place place = place_at(said, at, next);
        if (place.length == 0 || place.part >= parts.size()) {
            result += said[at++];
            continue;
        }
        result += parts[place.part].text(translate);
        next += place.length == 2 ? 1 : 0;
        at += place.length;
    }
    return result;
}

Message verbatim(std::string text) {
    return {.words = std::move(text), .verbatim = true};
}

Message joined(std::span<const Message> messages, std::string_view between) {
    Message all{.parts = {messages.begin(), messages.end()}};
    for (std::size_t i = 0; i < messages.size(); ++i) {
        all.words += i == 0 ? "{}" : std::string(between) + "{}";
    }
    return all;
}

std::vector<std::string> texts(std::span<const Message> messages) {
    std::vector<std::string> result;
    for (const Message& each : messages) {
        result.push_back(each.text());
    }
    return result;
}

} // namespace likeness
