#pragma once

#include <QString>

#include <optional>

namespace likeness {

struct TrainingEstimate;
struct TrainingRun;

// What the strip says of a training, in the window's language.
struct TrainingWords {
    QString title{}; // "Step 140/400"
    QString phase{}; // "Training harbour-mug, 28 min left"
    QString saved{}; // "saved at 100"
};

// `estimate` is what a check foretold; for a training that has not begun.
TrainingWords wordsOf(const TrainingRun& run, const std::optional<TrainingEstimate>& estimate);

// "40 s", "4 min", "2 h 10 min".
QString durationWords(double seconds);

} // namespace likeness
