#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace likeness {

// A run of a prompt that counts more or less than once, or the word BREAK; in letters of the text.
struct PromptMark {
    int start = 0;
    int length = 0;
    double weight = 1;
    bool breaks = false;

    bool operator==(const PromptMark&) const = default;
};

std::vector<PromptMark> promptMarks(const QString& prompt);

// A prompt after the weight of a part was changed, and where that part is then.
struct Reweighted {
    QString prompt{};
    int start = 0;
    int end = 0;
};

// Adds to the weight of what is selected, of the word at `start` where nothing is: brackets with a
// number come, change and, at a weight of 1, go. nullopt where there is no word, or a bracket
// without its other half.
std::optional<Reweighted> reweighted(const QString& prompt, int start, int end, double by);

} // namespace likeness
