#pragma once

#include "core/request/comparison.h"

#include <QString>
#include <QStringList>

#include <vector>

namespace likeness {

// A field that can be varied, of which reference or LoRA where it is one's strength.
struct AxisChoice {
    ComparisonField field = ComparisonField::master_scale;
    int reference = 0;
    std::string lora{}; // its path

    bool operator==(const AxisChoice&) const = default;
};

// One line of a sheet as it is typed.
struct AxisDraft {
    AxisChoice choice{};
    QString values{};    // separated by commas; references count from 1 here
    QStringList words{}; // of a field that isPicked(), instead

    bool operator==(const AxisDraft&) const = default;
};

// What the comparison panel holds: a ladder or a sheet not yet made.
struct ComparisonDraft {
    bool sheet = false;
    AxisChoice vary{};
    bool chosen = false; // by hand; else one reference's own strength where there is only one
    double from = 0;
    double to = 1.2;
    double step = 0.2;
    QStringList words{}; // of a field that isPicked(), instead
    AxisDraft across{};
    AxisDraft down{};

    bool operator==(const ComparisonDraft&) const = default;
};

// What a ladder or a sheet of that request can vary.
std::vector<AxisChoice> ladderChoices(const GenerationRequest& base);
std::vector<AxisChoice> sheetChoices(const GenerationRequest& base);

// Whether values of that field are picked of a list (models, adapters) rather than typed.
bool isPicked(ComparisonField field);

// A model or an adapter on the screen, by what a request calls it.
QString nameOfWord(const QString& word, ComparisonField field);

// The field's name on the screen: "Strength, all", "Strength, mug.png", "Guidance".
QString nameOf(const AxisChoice& choice, const GenerationRequest& base);

// Values that field is mostly asked about; of a field that isPicked() the base's.
QString usualValues(const AxisChoice& choice, const GenerationRequest& base);
QStringList usualWords(ComparisonField field, const GenerationRequest& base);

// From, to and step of a ladder of that field.
void setUsualRange(ComparisonDraft& draft);

// The draft with choices that this request does not have replaced by ones it has.
ComparisonDraft fitted(ComparisonDraft draft, const GenerationRequest& base);

// The comparison it describes; what cannot be read is left out (validate tells about the rest).
ComparisonSpec specOf(const ComparisonDraft& draft, const GenerationRequest& base);

} // namespace likeness
