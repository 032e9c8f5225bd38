#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace likeness {

// A run of a prompt and how strongly it is meant.
struct PromptSegment {
    std::string text{};
    double weight = 1.0;
    bool breaks = false; // BREAK: what follows begins a piece of its own; has no text

    bool operator==(const PromptSegment&) const = default;
};

inline constexpr double kMostPromptWeight = 10.0;

// Reads the marks of AUTOMATIC1111's web UI (checkpoints.md 3.6): (x) times 1.1, [x] over 1.1,
// (x:1.3) times 1.3, nested ones multiplied; a bracket left open acts to the end; \( \) \[ \]
// \\ are the characters themselves; the word BREAK. Neighbours of one weight are one segment, so a
// text without marks is one of weight 1. Weights end at kMostPromptWeight on both sides of 0.
std::vector<PromptSegment> read_prompt_syntax(std::string_view text);

// Where in a text one of its segments stands: bytes [begin, end), without the marks around it.
// Neighbours of one weight are not joined.
struct PromptSpan {
    std::size_t begin = 0;
    std::size_t end = 0;
    double weight = 1.0;
    bool breaks = false; // the word BREAK itself

    bool operator==(const PromptSpan&) const = default;
};

// The same reading as read_prompt_syntax(), for who shows the text.
std::vector<PromptSpan> prompt_spans(std::string_view text);

// The words alone, for whoever does not weigh them.
std::string without_prompt_syntax(std::string_view text);

} // namespace likeness
