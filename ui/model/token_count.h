#pragma once

namespace likeness {

// How much of a prompt a model reads: its words as the text encoder's tokens, without the two that
// mark start and end.
struct TokenCount {
    int used = 0;
    int most = 75;  // in one piece
    int pieces = 1; // that it is read in
    int unread = 0; // beyond the last of them

    bool operator==(const TokenCount&) const = default;
};

} // namespace likeness
